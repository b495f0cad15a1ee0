//! Carrying a request out once, however often it is sent.

use crate::app::{App, AppError};
use crate::store::{StoreError, idempotency};
use chrono::Duration;

pub use crate::store::idempotency::{KeptAnswer, Known, Reservation, acting_for};

/// How long an answer is kept.
const KEPT_FOR: Duration = Duration::days(7);

/// Reserves a caller's key for a request, or says what became of its first use.
///
/// # Errors
/// When the database cannot be reached.
pub async fn reserve_key(app: &App, scope: &str, key: &str, request_sha256: &str) -> Result<Known, AppError> {
    let (scope, key, sha256, now) = (scope.to_owned(), key.to_owned(), request_sha256.to_owned(), app.now());
    let reserved = app.store.write(async move |tx| idempotency::reserve(tx, &scope, &key, &sha256, now).await);
    Ok(reserved.await.map_err(StoreError::from)?)
}

/// Keeps the answer when the request succeeded or did anything; otherwise gives the key back, so that the request can
/// be sent again once what was in its way is gone. A failure of ours is never kept: a request that did something before
/// it failed is not carried out again and answers `answer-lost` later.
///
/// The answer goes out whatever happens here: a key that cannot be settled answers `answer-lost` later too.
pub async fn settle_key(app: &App, reservation: Reservation, answer: KeptAnswer) {
    let settled = app.store.write(async move |tx| {
        let failed = answer.status >= 400;
        if failed && idempotency::release(tx, &reservation).await? {
            return Ok(());
        }
        idempotency::keep_answer(tx, &reservation, answer).await
    });
    if let Err(error) = settled.await.map_err(StoreError::from) {
        tracing::warn!(%error, "the answer to a request with an idempotency key was not kept");
    }
}

/// Forgets answers that have been kept long enough.
///
/// # Errors
/// When the database cannot be reached.
pub async fn forget_old_keys(app: &App) -> Result<(), AppError> {
    let before = app.now() - KEPT_FOR;
    let forgotten = app.store.write(async move |tx| idempotency::forget(tx, before).await);
    forgotten.await.map_err(StoreError::from)?;
    Ok(())
}
