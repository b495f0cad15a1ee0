//! Lets the clocks strike that are due. A clock lifts, reminds or brings back to the meeting; it never restricts.

use super::act_on_case::conclude;
use super::{facts, pinned};
use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::domain::case;
use crate::domain::ids::CaseId;
use crate::store::cases;

const AT_ONCE: u64 = 200;

/// Strikes every timer that is due, each case in a transaction of its own. Answers how many struck.
///
/// # Errors
/// The first failure of the store; what struck before it stays.
pub async fn run_deadlines(app: &App) -> Result<u64, AppError> {
    let mut struck = 0;
    for id in cases::with_timer_due(app.store.reader(), app.now(), AT_ONCE).await? {
        if strike(app, id).await? {
            struck += 1;
        }
    }
    Ok(struck)
}

async fn strike(app: &App, id: CaseId) -> Result<bool, AppError> {
    let app = app.clone();
    let store = app.store.clone();
    let struck = store.write(async move |tx| {
        let Some(case) = cases::load(tx, id).await? else { return Ok(false) };
        let workflow = pinned::workflow(&app, tx, &case.content_hash).await?;
        let facts = facts::gather(&app, tx, &case, &Actor::Clock).await?;
        let Some(decision) = case::strike(&workflow, &case, &facts, app.now()) else { return Ok(false) };
        conclude(&app, tx, &Actor::Clock, &workflow, decision).await?;
        Ok::<_, AppError>(true)
    });
    Ok(struck.await?)
}
