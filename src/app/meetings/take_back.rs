//! Takes back what was decided on an item while the meeting goes on: by a step of the case that says why, never by striking
//! out what happened.

use super::decide_item::Outcome;
use super::meeting::{CHAIRS, at_version, keep};
use crate::app::cases::act;
use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::case::{Command, Refusal};
use crate::domain::ids::{CaseId, MeetingId};
use crate::store::meetings::{self, ItemRow, MeetingRow};
use crate::store::{Tx, cases};
use serde_json::json;

/// The step of the case that brings it back to the agenda.
const TAKE_BACK: &str = "take_back_decision";

/// Takes back the decision on item `n`: it is undecided again.
///
/// # Errors
/// `wrong-role`; `meeting-not-open`; `item-undecided`; `decided-elsewhere`; whatever refuses the case's own step: a case
/// that was closed stays closed.
pub async fn take_back_decision(
    app: &App,
    actor: &Actor,
    (meeting, n): (MeetingId, i32),
    reason: String,
) -> Result<MeetingRow, AppError> {
    rights::officer_with(actor, &CHAIRS)?;
    if reason.trim().is_empty() {
        return Err(AppError::invalid("/reason", "Enter why the decision is taken back"));
    }
    let (app, actor) = (app.clone(), actor.clone());
    let store = app.store.clone();
    let taken = store.write(async move |tx| {
        let row = at_version(tx, meeting, None, "open").await?;
        let item = meetings::item(tx, meeting, n).await?.ok_or(AppError::NotFound)?;
        Box::pin(take_back(&app, tx, &actor, (row, item), reason)).await
    });
    Ok(taken.await?)
}

async fn take_back(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (meeting, mut item): (MeetingRow, ItemRow),
    reason: String,
) -> Result<MeetingRow, AppError> {
    let decided = match item.outcome.as_deref() {
        None => {
            let message = "Nothing was decided on this item yet.";
            return Err(Refusal::conflict("item-undecided", message).under(Some("7.2")).into());
        }
        Some(super::settle_elsewhere::ELSEWHERE) => {
            let message = "This was decided outside the meeting; it is undone there.";
            return Err(Refusal::conflict("decided-elsewhere", message).under(Some("7.2")).into());
        }
        Some(decided) => decided.to_owned(),
    };
    let what = json!({ "n": item.n, "caseId": item.case_id, "outcome": decided, "reason": reason });
    let case = CaseId::from_uuid(item.case_id);
    item.outcome = None;
    item.decision = None;
    item.decided_by = None;
    item.decided_at = None;
    meetings::save_item(tx, item).await?;
    // What was carried over never left the agenda.
    if decided != Outcome::CarryOver.as_str() {
        let case = cases::load(tx, case).await?.ok_or(AppError::NotFound)?;
        let command = Command::new(TAKE_BACK, json!({ "reason": reason }));
        Box::pin(act(app, tx, actor, case, command)).await?;
    }
    keep(app, tx, actor, meeting, ("taken_back", what)).await
}
