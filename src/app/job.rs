//! What waits to be done: how it ends, what lies dead, and giving it another life.

use crate::app::{App, AppError, rights};
use crate::domain::access::{Actor, Role};
use crate::domain::ids::JobId;
use crate::store::dead_letters;
use crate::store::jobs::{self, Job};
use chrono::{DateTime, Utc};

/// How one piece of work ended. A use case that does work for the worker answers one for each job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobOutcome {
    Done,
    /// It may not be done before this time; the look at it was no attempt.
    NotBefore(DateTime<Utc>),
    /// Not now: the database, a server or a disk was in the way. The reason is for the operator; no personal data.
    Retry(String),
    /// Never: trying again would fail the same way. It stays as a dead letter until a person retries it.
    GiveUp(String),
}

impl From<Result<(), AppError>> for JobOutcome {
    fn from(result: Result<(), AppError>) -> Self {
        match result {
            Ok(()) => JobOutcome::Done,
            Err(error @ (AppError::Store(_) | AppError::StaleVersion { .. } | AppError::Broken { .. })) => {
                JobOutcome::Retry(error.to_string())
            }
            Err(
                error @ (AppError::Refused(_) | AppError::NotFound | AppError::Invalid(_) | AppError::NotSignedIn(_)),
            ) => JobOutcome::GiveUp(error.to_string()),
        }
    }
}

/// Jobs that were given up, the oldest first, at most `most` after one of them.
///
/// # Errors
/// `wrong-role`.
pub async fn dead_jobs(
    app: &App,
    actor: &Actor,
    after: Option<(DateTime<Utc>, JobId)>,
    most: u64,
) -> Result<Vec<Job>, AppError> {
    rights::officer_with(actor, &[Role::Admin])?;
    Ok(dead_letters::list(app.store.reader(), after, most).await?)
}

/// Gives a dead job another life from now.
///
/// # Errors
/// `wrong-role`; not found when there is no such dead job.
pub async fn retry_job(app: &App, actor: &Actor, id: JobId) -> Result<(), AppError> {
    rights::officer_with(actor, &[Role::Admin])?;
    let now = app.now();
    let revived = app.store.write(async move |tx| jobs::revive(tx, &[id], now).await).await;
    match revived.map_err(crate::store::StoreError::from)? {
        0 => Err(AppError::NotFound),
        _ => Ok(()),
    }
}
