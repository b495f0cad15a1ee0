//! Records what the meeting decided on one person: the case's own step, taken by the chair, and the minute of it.

use super::meeting::{CHAIRS, at_version, keep};
use crate::app::cases::act;
use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::case::{Command, Refusal};
use crate::domain::ids::{CaseId, MeetingId};
use crate::store::meetings::{self, ItemRow, MeetingRow};
use crate::store::{Tx, agenda, cases};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What can be decided on an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Met,
    NotMet,
    CarryOver,
}

impl Outcome {
    /// The step of the case that it is.
    fn action(self) -> &'static str {
        match self {
            Outcome::Met => "decide_met",
            Outcome::NotMet => "decide_not_met",
            Outcome::CarryOver => "carry_over",
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Met => "met",
            Outcome::NotMet => "not_met",
            Outcome::CarryOver => "carry_over",
        }
    }
}

/// A decision with the rationale its form asks for.
#[derive(Clone, Debug)]
pub struct ItemDecision {
    pub outcome: Outcome,
    pub input: Value,
}

/// Decides item `n` in the chair's name.
///
/// # Errors
/// `wrong-role`; `StaleVersion` where another note-taker wrote first; `meeting-not-open`; `item-already-decided`;
/// whatever refuses the case's own step.
pub async fn decide_item(
    app: &App,
    actor: &Actor,
    (meeting, n): (MeetingId, i32),
    expected: Option<i64>,
    decision: ItemDecision,
) -> Result<MeetingRow, AppError> {
    rights::officer_with(actor, &CHAIRS)?;
    let (app, actor) = (app.clone(), actor.clone());
    let store = app.store.clone();
    let decided = store.write(async move |tx| {
        let row = at_version(tx, meeting, expected, "open").await?;
        let item = meetings::item(tx, meeting, n).await?.ok_or(AppError::NotFound)?;
        if item.outcome.is_some() {
            let message = "This item has been decided.";
            return Err(Refusal::conflict("item-already-decided", message).under(Some("7.2")).into());
        }
        Box::pin(decide_in(&app, tx, &actor, (row, item), decision)).await
    });
    Ok(decided.await?)
}

async fn decide_in(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (meeting, mut item): (MeetingRow, ItemRow),
    decision: ItemDecision,
) -> Result<MeetingRow, AppError> {
    let case = cases::load(tx, CaseId::from_uuid(item.case_id)).await?.ok_or(AppError::NotFound)?;
    let command = Command::new(decision.outcome.action(), decision.input.clone());
    item.outcome = Some(decision.outcome.as_str().to_owned());
    item.decision = Some(decision.input);
    item.decided_by = actor.officer().map(|officer| officer.id.as_uuid());
    item.decided_at = Some(app.now());
    let what = json!({ "n": item.n, "caseId": item.case_id, "outcome": decision.outcome });
    // First, so that the case's own step finds nothing to settle.
    meetings::save_item(tx, item).await?;
    agenda::unprepare(tx, case.id).await?;
    Box::pin(act(app, tx, actor, case, command)).await?;
    keep(app, tx, actor, meeting, ("decided", what)).await
}
