//! A username, a password and, once an app is set up, the code it shows.

use super::session::{Begun, open_session};
use super::tell;
use crate::app::{App, AppError};
use crate::domain::access::Officer;
use crate::store::{credentials, officers};
use crate::tokens::one_time_code::CodeSecret;
use crate::tokens::password;
use chrono::Duration;

/// Wrong answers before one has to wait.
const FREE_FAILURES: i32 = 5;
/// The longest wait; it doubles from a second.
const LONGEST_WAIT: Duration = Duration::minutes(15);

/// What is typed where one signs in.
#[derive(Clone)]
pub struct Typed {
    pub username: String,
    pub password: String,
    /// Empty where no app is set up yet.
    pub code: String,
}

/// Signs an officer in to the pages.
///
/// # Errors
/// `Invalid` with the same words whatever was wrong, and for as long as one has to wait after wrong answers.
pub async fn begin_session(app: &App, typed: Typed) -> Result<Begun, AppError> {
    let username = if typed.username.contains('\0') { String::new() } else { typed.username.trim().to_owned() };
    let db = app.store.reader();
    let found = officers::find_by_username(db, &username).await?.filter(|found| found.active);
    let officer = found.map(|found| found.officer);
    let kept = match &officer {
        Some(officer) => Some(credentials::find(db, officer.id).await?),
        None => None,
    };
    let waiting = kept.as_ref().and_then(|kept| kept.locked_until).is_some_and(|until| app.now() < until);
    let hash = kept.as_ref().and_then(|kept| kept.password_hash.clone());
    let right = is_right(typed.password, hash).await?;
    let Some(officer) = officer else { return Err(wrong()) };
    if waiting {
        return Err(wrong());
    }
    settle(app, officer, right, typed.code).await
}

async fn is_right(typed: String, hash: Option<String>) -> Result<bool, AppError> {
    let compared = actix_web::rt::task::spawn_blocking(move || password::is_right(&typed, hash.as_deref())).await;
    compared.map_err(|fault| AppError::broken("comparing a password", fault))
}

/// The rest in one transaction, so that no code counts twice and no wrong answer is forgotten.
async fn settle(app: &App, officer: Officer, right: bool, code: String) -> Result<Begun, AppError> {
    let inner = app.clone();
    let settled = app.store.write(async move |tx| {
        let mut kept = credentials::find(tx, officer.id).await?;
        let step = match kept.totp_secret.clone() {
            Some(secret) => CodeSecret::kept(secret).step_of(&code, inner.now(), kept.totp_step),
            None => Some(kept.totp_step),
        };
        let Some(step) = step.filter(|_| right) else {
            kept.failures = kept.failures.saturating_add(1);
            kept.locked_until = wait_after(kept.failures).map(|wait| inner.now() + wait);
            credentials::save(tx, kept).await?;
            tell(&inner, tx, &officer, "sign_in_failed").await?;
            return Ok(None);
        };
        kept.totp_step = step;
        kept.failures = 0;
        kept.locked_until = None;
        credentials::save(tx, kept).await?;
        tell(&inner, tx, &officer, "signed_in").await?;
        open_session(&inner, tx, &officer).await.map(Some)
    });
    settled.await?.ok_or_else(wrong)
}

fn wait_after(failures: i32) -> Option<Duration> {
    let over = u32::try_from(failures.checked_sub(FREE_FAILURES)?).ok()?;
    let seconds = 1_i64.checked_shl(over.min(20)).unwrap_or(i64::MAX);
    Some(Duration::seconds(seconds).min(LONGEST_WAIT))
}

fn wrong() -> AppError {
    let message =
        "The username, the password or the code is not right. After five wrong answers you have to wait a little.";
    AppError::invalid("/username", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_wrong_answers_are_free_and_then_each_waits_twice_as_long_up_to_a_quarter_of_an_hour() {
        assert_eq!(wait_after(4), None);
        assert_eq!(wait_after(5), Some(Duration::seconds(1)));
        assert_eq!(wait_after(8), Some(Duration::seconds(8)));
        assert_eq!(wait_after(100), Some(LONGEST_WAIT));
    }
}
