//! `AppError` → status: the one exhaustive table.

use crate::api::problem::{self, Problem};
use crate::app::{AppError, chain};
use crate::domain::case::RefusalKind;
use crate::store::StoreError;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, WWW_AUTHENTICATE};

/// Seconds a caller should wait before trying an unavailable database again.
const RETRY_SECONDS: u32 = 5;

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Refused(refusal) => {
                let status = match refusal.kind {
                    RefusalKind::Forbidden => StatusCode::FORBIDDEN,
                    RefusalKind::Conflict => StatusCode::CONFLICT,
                    RefusalKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
                };
                Problem::refused(status, refusal)
            }
            AppError::NotSignedIn(why) => not_signed_in(&why),
            AppError::NotFound => Problem::new(problem::NOT_FOUND),
            AppError::Invalid(faults) => Problem::new(problem::VALIDATION).errors(faults),
            AppError::StaleVersion { .. } => Problem::new(problem::STALE_VERSION),
            AppError::Store(error) => store_problem(error),
            AppError::Broken { what, source } => {
                let cause = chain(source.as_ref());
                tracing::error!(what, cause, "a request failed on our side");
                Problem::new(problem::INTERNAL)
            }
        }
    }
}

/// 401 with the challenge that RFC 6750 asks for.
pub(crate) fn not_signed_in(why: &str) -> Problem {
    let challenge = format!(r#"Bearer realm="evenhand", error="invalid_token", error_description="{why}""#);
    let challenge = HeaderValue::try_from(challenge).unwrap_or(HeaderValue::from_static("Bearer"));
    Problem::new(problem::NOT_SIGNED_IN).detail(why).header(WWW_AUTHENTICATE, challenge)
}

fn store_problem(error: StoreError) -> Problem {
    match error {
        error @ (StoreError::Unavailable(_) | StoreError::TooSlow | StoreError::Closed) => {
            tracing::error!(cause = chain(&error), "the database cannot be reached");
            Problem::new(problem::UNAVAILABLE).retry_after(RETRY_SECONDS)
        }
        StoreError::Full(_) => {
            tracing::error!("the disk is full; nothing more can be stored");
            Problem::new(problem::STORAGE_FULL)
        }
        StoreError::StaleVersion => Problem::new(problem::STALE_VERSION),
        StoreError::Duplicate(_) => Problem::new(problem::DUPLICATE),
        error @ (StoreError::Corrupt { .. }
        | StoreError::NoAccessLog
        | StoreError::OlderSchema
        | StoreError::Dangling(_)
        | StoreError::Panicked
        | StoreError::Nested
        | StoreError::Other(_)) => {
            tracing::error!(cause = chain(&error), "the store failed a request");
            Problem::new(problem::INTERNAL)
        }
    }
}
