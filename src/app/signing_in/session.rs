//! Who is signed in to the pages, until they leave, do nothing for a while, or the day's session ends.

use super::{hash_of, new_token, tell};
use crate::app::live_calls::in_time;
use crate::app::{App, AppError};
use crate::domain::access::{Actor, Officer};
use crate::store::credentials::{self, Session};
use crate::store::{Tx, officers};
use chrono::{DateTime, Duration, Utc};

/// How fine `seen_at` is: not every page writes.
const A_LITTLE: Duration = Duration::minutes(1);
/// How long noting it may take on a live call.
const A_MOMENT: std::time::Duration = std::time::Duration::from_millis(200);
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

/// Who is signed in with this token, and that they did something; `None` for nobody.
///
/// # Errors
/// When the database cannot be reached.
pub async fn session_of(app: &App, token: &str) -> Result<Option<Known>, AppError> {
    let hash = hash_of(token);
    let Some((known, seen_at)) = read_session(app, &hash).await? else {
        app.in_mind.forget_session(&hash);
        return Ok(None);
    };
    if !known.over && seen_at + A_LITTLE <= app.now() {
        note_seen(app, &hash).await?;
    }
    keep_in_mind(app, hash, &known);
    Ok(Some(known))
}

/// The same for whoever has a caller on the line: it waits no longer for the database than a look-up does. While that is
/// away, whoever this process knew to be signed in goes on, for as long as the session would have lasted.
///
/// # Errors
/// When the database cannot be reached, and the session is not remembered.
pub async fn session_on_a_live_call(app: &App, token: &str) -> Result<Option<Known>, AppError> {
    let (now, hash) = (app.now(), hash_of(token));
    match in_time(app, Box::pin(read_session(app, &hash))).await {
        Ok(Some((known, seen_at))) => {
            if !known.over && seen_at + A_LITTLE <= now {
                // Nobody waits long for it: it is noted with the next page where it is not now.
                let _not_noted = tokio::time::timeout(A_MOMENT, note_seen(app, &hash)).await;
            }
            keep_in_mind(app, hash, &known);
            Ok(Some(known))
        }
        Ok(None) => {
            app.in_mind.forget_session(&hash);
            Ok(None)
        }
        Err(AppError::Store(error)) if error.is_away() => {
            let (known, seen_at) = app.in_mind.session(&hash).ok_or(AppError::Store(error))?;
            let over = known.ends_at <= now || seen_at + app.settings.pages.idle <= now;
            Ok(Some(Known { over, ..known }))
        }
        Err(other) => Err(other),
    }
}

fn keep_in_mind(app: &App, hash: String, known: &Known) {
    if known.over {
        app.in_mind.forget_session(&hash);
    } else {
        app.in_mind.remember_session(hash, known, app.now());
    }
}

async fn note_seen(app: &App, hash: &str) -> Result<(), AppError> {
    let (hash, now) = (hash.to_owned(), app.now());
    let seen = app.store.write(async move |tx| {
        credentials::note_seen(tx, &hash, now).await?;
        Ok::<_, AppError>(())
    });
    Ok(seen.await?)
}

/// The session with this hash, and when its officer was last seen.
async fn read_session(app: &App, hash: &str) -> Result<Option<(Known, DateTime<Utc>)>, AppError> {
    let (db, now) = (app.store.reader(), app.now());
    let Some(session) = credentials::find_session(db, hash).await? else { return Ok(None) };
    let registered = officers::find(db, session.officer).await?.filter(|found| found.active);
    let Some(registered) = registered else { return Ok(None) };
    let over = session.ends_at <= now || session.seen_at + app.settings.pages.idle <= now;
    let kept = credentials::find(db, session.officer).await?;
    let officer = registered.officer;
    let known = Known {
        actor: Actor::Officer(officer.clone()),
        over,
        owes_code: app.settings.pages.require_code && kept.totp_secret.is_none(),
        shortcuts: kept.shortcuts,
        ends_at: session.ends_at,
        officer,
    };
    Ok(Some((known, session.seen_at)))
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
    let ended = ended.await;
    // Where it could not be written down, this process forgets it all the same.
    app.in_mind.forget_session(&hash_of(token));
    Ok(ended?)
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
