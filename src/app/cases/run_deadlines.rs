//! Lets the clocks strike that are due. A clock lifts, reminds or brings back to the meeting; it never restricts.

use super::act_on_case::conclude;
use super::{facts, pinned};
use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::domain::case;
use crate::domain::ids::CaseId;
use crate::store::{StoreError, cases};

const AT_ONCE: u64 = 200;

/// Strikes every timer that is due, each case in a transaction of its own. Answers how many struck. A case whose clock
/// cannot strike is logged and left; however many there are, they stop nobody else's.
///
/// # Errors
/// Where the database cannot be reached or written to; what struck before it stays.
pub async fn run_deadlines(app: &App) -> Result<u64, AppError> {
    let (mut struck, mut after, now) = (0, None, app.now());
    loop {
        let page = cases::with_timer_due(app.store.reader(), now, after, AT_ONCE).await?;
        after = page.last().copied();
        for (_, id) in &page {
            match strike(app, *id).await {
                Ok(true) => struck += 1,
                Ok(false) => {}
                Err(error) if concerns_all(&error) => return Err(error),
                Err(error) => {
                    tracing::error!(case.id = %id, error = &error as &dyn std::error::Error, "the clock of a case cannot strike");
                }
            }
        }
        if after.is_none() || struck >= AT_ONCE {
            return Ok(struck);
        }
    }
}

/// Whether the next case would fail in the same way.
pub(super) fn concerns_all(error: &AppError) -> bool {
    match error {
        AppError::Store(error) => match error {
            StoreError::Unavailable(_)
            | StoreError::Full(_)
            | StoreError::Closed
            | StoreError::NoAccessLog
            | StoreError::OlderSchema => true,
            StoreError::StaleVersion
            | StoreError::Duplicate(_)
            | StoreError::Dangling(_)
            | StoreError::Corrupt { .. }
            | StoreError::TooSlow
            | StoreError::Panicked
            | StoreError::Nested
            | StoreError::Other(_) => false,
        },
        AppError::Refused(_)
        | AppError::NotSignedIn(_)
        | AppError::NotFound
        | AppError::Invalid(_)
        | AppError::StaleVersion { .. }
        | AppError::Broken { .. } => false,
    }
}

async fn strike(app: &App, id: CaseId) -> Result<bool, AppError> {
    let app = app.clone();
    let store = app.store.clone();
    let struck = store.write(async move |tx| {
        let Some(case) = cases::load(tx, id).await? else { return Ok(false) };
        let workflow = pinned::workflow(&app, tx, &case.content_hash).await?;
        let facts = facts::gather(&app, tx, &case, &Actor::Clock).await?;
        let Some(decision) = case::strike(&workflow, &case, &facts, app.now()) else { return Ok(false) };
        Box::pin(conclude(&app, tx, &Actor::Clock, &workflow, decision)).await?;
        Ok::<_, AppError>(true)
    });
    Ok(struck.await?)
}
