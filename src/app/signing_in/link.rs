//! A link that lets an officer set their password, once, within a day. Made on the server's own command line, or by the
//! demonstration.

use super::session::{Begun, open_session};
use super::{hash_of, new_token, tell};
use crate::app::{App, AppError};
use crate::domain::access::Officer;
use crate::store::{credentials, officers};
use crate::tokens::password::{self, FEWEST_CHARACTERS, MOST_CHARACTERS};
use chrono::Duration;

const WORKS_FOR: Duration = Duration::days(1);

/// A link for the officer; earlier ones work no more. It is the only time it can be read.
///
/// # Errors
/// `NotFound` where there is no such active officer.
pub async fn make_sign_in_link(app: &App, username: &str) -> Result<String, AppError> {
    let found = officers::find_by_username(app.store.reader(), username).await?;
    let officer = found.filter(|found| found.active).ok_or(AppError::NotFound)?.officer;
    let (token, kept) = new_token()?;
    let until = app.now() + WORKS_FOR;
    let saved = app.store.write(async move |tx| {
        credentials::keep_link(tx, kept, officer.id, until).await?;
        Ok::<_, AppError>(())
    });
    saved.await?;
    Ok(format!("{}/sign-in/link/{token}", app.settings.public_url))
}

/// Whose link it is.
///
/// # Errors
/// `NotFound` where it works no more.
pub async fn officer_of_link(app: &App, token: &str) -> Result<Officer, AppError> {
    let db = app.store.reader();
    let id = credentials::officer_of_link(db, &hash_of(token), app.now()).await?.ok_or(AppError::NotFound)?;
    let found = officers::find(db, id).await?.filter(|found| found.active);
    Ok(found.ok_or(AppError::NotFound)?.officer)
}

/// What is typed where a password is set.
#[derive(Clone)]
pub struct SetPassword {
    pub token: String,
    pub password: String,
}

/// Sets the password and signs in. Their sessions elsewhere end; the link works no more.
///
/// # Errors
/// `NotFound` where the link works no more; `Invalid` for a password that is too short or too long, or contains the
/// username.
pub async fn set_password(app: &App, typed: SetPassword) -> Result<Begun, AppError> {
    let officer = officer_of_link(app, &typed.token).await?;
    let characters = typed.password.chars().count();
    if !(FEWEST_CHARACTERS..=MOST_CHARACTERS).contains(&characters) {
        let message = format!("Enter a password of {FEWEST_CHARACTERS} to {MOST_CHARACTERS} characters");
        return Err(AppError::invalid("/password", message));
    }
    if typed.password.to_lowercase().contains(&officer.username.to_lowercase()) {
        return Err(AppError::invalid("/password", "Enter a password that does not contain your username"));
    }
    let hashed = hashed(typed.password).await?;
    let (inner, link) = (app.clone(), hash_of(&typed.token));
    let set = app.store.write(async move |tx| {
        // Again, inside: of two who use it at once, one sets the password.
        let known = credentials::officer_of_link(tx, &link, inner.now()).await?;
        if known != Some(officer.id) {
            return Err(AppError::NotFound);
        }
        let mut kept = credentials::find(tx, officer.id).await?;
        kept.password_hash = Some(hashed);
        kept.failures = 0;
        kept.locked_until = None;
        credentials::save(tx, kept).await?;
        credentials::forget_links(tx, officer.id).await?;
        credentials::end_sessions_of(tx, officer.id).await?;
        tell(&inner, tx, &officer, "password_set").await?;
        open_session(&inner, tx, &officer).await
    });
    let begun: Begun = set.await?;
    app.in_mind.forget_officer(begun.officer.id);
    Ok(begun)
}

async fn hashed(password: String) -> Result<String, AppError> {
    let hashed = actix_web::rt::task::spawn_blocking(move || password::hash(&password)).await;
    let hashed = hashed.map_err(|fault| AppError::broken("hashing a password", fault))?;
    hashed.map_err(|fault| AppError::broken("hashing a password", fault.to_string()))
}
