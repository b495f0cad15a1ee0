//! Effects on child cases.

use super::Step;
use crate::app::cases::{act_on_case::conclude, pinned, retention};
use crate::app::{AppError, log_disclosure};
use crate::domain::case::{self, About, Command, Refusal};
use crate::domain::ids::{CaseId, of};
use crate::store::{Tx, cases, strategies};
use serde_json::{Map, Value, json};

/// Opens the next version of a communications strategy for the case's person and point of contact.
pub(super) async fn open_strategy(step: Step<'_>, tx: &Tx) -> Result<(), AppError> {
    let mut seed = Map::new();
    if let Some(spoc) = step.case.spoc() {
        seed.insert("spoc".to_owned(), json!(spoc));
    }
    if let Some(continuity) = step.case.data.get("continuity") {
        seed.insert("continuity".to_owned(), continuity.clone());
    }
    if let Some(person) = step.case.person
        && let Some(in_force) = strategies::live(tx, person).await?
    {
        seed.insert("supersedes".to_owned(), json!(in_force.case_id));
    }
    open(step, tx, "communications-strategy", Value::Object(seed)).await?;
    Ok(())
}

/// Puts one question to one unit: a disclosure, logged with the unit as its recipient (invariant 20). Asking the same unit
/// again while it has an open question is refused.
pub(super) async fn open_consultation(step: Step<'_>, tx: &Tx) -> Result<(), AppError> {
    let unit = step.input.get("unit").cloned().unwrap_or_default();
    let asked = cases::children(tx, step.case.id).await?;
    if asked.iter().any(|child| child.state == "asked" && child.data.get("unit") == Some(&unit)) {
        let message = "This unit has been asked and has not answered yet.";
        return Err(Refusal::conflict("already-asked", message).under(Some("7.6")).into());
    }
    let seed = json!({
        "unit": unit,
        "question": step.input.get("question"),
        "replyBy": step.input.get("replyBy"),
        "spoc": step.case.spoc(),
    });
    let recipient = unit.as_str().unwrap_or_default().to_owned();
    let opened = open(step, tx, "consultation", seed).await?;
    log_disclosure(step.app, step.actor, ("case", opened.as_uuid()), &recipient).await
}

async fn open(step: Step<'_>, tx: &Tx, key: &str, seed: Value) -> Result<CaseId, AppError> {
    retention::hold_not_disposed(tx, step.case.id).await?;
    let workflow = pinned::newest(step.app, tx, key).await?;
    let id = step.app.new_id::<of::Case>();
    let about = About { id, person: step.case.person, parent: Some(step.case.id) };
    let decision = case::open_child(&workflow, about, (step.actor, step.app.now()), seed);
    let opened = conclude(step.app, tx, step.actor, &workflow, decision).await?;
    let next = Step { workflow: &workflow, case: &opened.case, event: opened.event, action: "", from: "", ..step };
    crate::app::cases::tell::whoever_acts_next(next, tx).await?;
    Ok(id)
}

/// Lifts whatever strategy of this case is in force, in the same person's name and for the same reasons.
pub(super) async fn lift_strategy(step: Step<'_>, tx: &Tx) -> Result<(), AppError> {
    let reason = step.input.get("rationale").or_else(|| step.input.get("reason")).cloned().unwrap_or_default();
    for child in cases::children(tx, step.case.id).await? {
        if child.workflow != "communications-strategy" || child.state != "in_force" {
            continue;
        }
        let Some(strategy) = cases::load(tx, CaseId::from_uuid(child.id)).await? else { continue };
        let command = Command::new("lift", json!({ "reason": reason }));
        crate::app::cases::act(step.app, tx, step.actor, strategy, command).await?;
    }
    Ok(())
}
