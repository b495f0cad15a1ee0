//! Who is signed in to the pages, until they leave, do nothing for a while, or the day's session ends.

use super::{hash_of, new_token, tell};
use crate::app::{App, AppError};
use crate::domain::access::{Actor, Officer};
use crate::store::credentials::{self, Session};
use crate::store::{StoreError, Tx, officers};
use chrono::{DateTime, Duration, Utc};

/// How fine `seen_at` is: not every page writes.
const A_LITTLE: Duration = Duration::minutes(1);
/// How long a session that ended can still be told from none, so that what was typed meanwhile is kept for its officer.
const REMEMBERED: Duration = Duration::days(2);

/// A session that has just begun: what goes into the cookie, and nowhere else.
#[derive(Clone)]
pub struct Begun {
    pub token: String,
    pub officer: Officer,
    /// They have still to set up an app.
    pub owes_code: bool,
}

pub(super) async fn open_session(app: &App, tx: &Tx, officer: &Officer) -> Result<Begun, AppError> {
    let (token, token_sha256) = new_token()?;
    let now = app.now();
    let ends_at = now + app.settings.pages.session;
    let session = Session { token_sha256, officer: officer.id, began_at: now, seen_at: now, ends_at };
    credentials::begin_session(tx, &session).await?;
    let kept = credentials::find(tx, officer.id).await?;
    let owes_code = app.settings.pages.require_code && kept.totp_secret.is_none();
    Ok(Begun { token, officer: officer.clone(), owes_code })
}

/// Whom a session's token names.
#[derive(Clone)]
pub struct Known {
    pub actor: Actor,
    pub officer: Officer,
    /// They did nothing for too long, or the day's session ended: they sign in again before anything is shown or done.
    pub over: bool,
    pub owes_code: bool,
    pub shortcuts: bool,
    /// However busy they are.
    pub ends_at: DateTime<Utc>,
}

/// Who is signed in with this token, and that they did something; `None` for nobody. While the database is away, whoever
/// this process knew to be signed in goes on, for as long as the session would have lasted: a look-up on a live call
/// needs nothing else of it.
///
/// # Errors
/// When the database cannot be reached, and the session is not remembered.
pub async fn session_of(app: &App, token: &str) -> Result<Option<Known>, AppError> {
    let (now, hash) = (app.now(), hash_of(token));
    let asked = async {
        // Nobody on a live call waits for a database that was found away a moment ago.
        match app.in_mind.is_away(now) && app.in_mind.session(&hash).is_some() {
            true => Err(AppError::Store(StoreError::TooSlow)),
            false => read_session(app, token).await,
        }
    };
    match asked.await {
        Ok(Some(known)) if !known.over => {
            app.in_mind.remember_session(hash, &known, now);
            Ok(Some(known))
        }
        Err(AppError::Store(error)) if error.is_away() => {
            let (known, seen_at) = app.in_mind.session(&hash).ok_or(AppError::Store(error))?;
            let over = known.ends_at <= now || seen_at + app.settings.pages.idle <= now;
            Ok(Some(Known { over, ..known }))
        }
        other => {
            app.in_mind.forget_session(&hash);
            other
        }
    }
}

async fn read_session(app: &App, token: &str) -> Result<Option<Known>, AppError> {
    let (db, now, hash) = (app.store.reader(), app.now(), hash_of(token));
    let Some(session) = credentials::find_session(db, &hash).await? else { return Ok(None) };
    let registered = officers::find(db, session.officer).await?.filter(|found| found.active);
    let Some(registered) = registered else { return Ok(None) };
    let over = session.ends_at <= now || session.seen_at + app.settings.pages.idle <= now;
    if !over && session.seen_at + A_LITTLE <= now {
        let seen = app.store.write(async move |tx| {
            credentials::note_seen(tx, &hash, now).await?;
            Ok::<_, AppError>(())
        });
        seen.await?;
    }
    let kept = credentials::find(db, session.officer).await?;
    let officer = registered.officer;
    Ok(Some(Known {
        actor: Actor::Officer(officer.clone()),
        over,
        owes_code: app.settings.pages.require_code && kept.totp_secret.is_none(),
        shortcuts: kept.shortcuts,
        ends_at: session.ends_at,
        officer,
    }))
}

/// Signs out.
///
/// # Errors
/// When the database cannot be reached.
pub async fn end_session(app: &App, officer: &Officer, token: &str) -> Result<(), AppError> {
    let (inner, officer, hash) = (app.clone(), officer.clone(), hash_of(token));
    let ended = app.store.write(async move |tx| {
        credentials::end_session(tx, &hash).await?;
        tell(&inner, tx, &officer, "signed_out").await
    });
    Ok(ended.await?)
}

/// Forgets what ended long ago.
///
/// # Errors
/// When the database cannot be reached.
pub async fn forget_ended_sessions(app: &App) -> Result<(), AppError> {
    let before = app.now() - REMEMBERED;
    let forgotten = app.store.write(async move |tx| {
        credentials::forget_ended(tx, before).await?;
        Ok::<_, AppError>(())
    });
    Ok(forgotten.await?)
}
