//! What every letter to the person of a case shares: its own templates, whom it is addressed to, and how they read.

use super::Step;
use crate::app::AppError;
use crate::app::cases::facts::today;
use crate::app::cases::pinned;
use crate::domain::ids::PersonId;
use crate::domain::registers::PolicyEntry;
use crate::render::{ContactPoint, Renderer};
use crate::store::{Tx, adjustments, people};
use serde_json::Value;
use std::sync::Arc;

/// The letters of the definition the case is pinned to: a template edited since changes no letter of an open case.
///
/// # Errors
/// `Broken` where the definition is not kept, or its letters no longer parse.
pub(super) async fn letters(step: Step<'_>, tx: &Tx) -> Result<Arc<Renderer>, AppError> {
    let (workflow, app) = (step.workflow, step.app);
    if app.catalog.latest(&workflow.key).is_some_and(|latest| latest.content_hash == workflow.content_hash) {
        return Ok(Arc::clone(&app.renderer));
    }
    let bundle = pinned::bundle(tx, &workflow.content_hash).await?;
    let kept = Renderer::of_kept(&bundle.templates).map_err(|faults| {
        let first = faults.into_iter().next().map(|fault| fault.message).unwrap_or_default();
        AppError::broken("reading a kept letter", first)
    });
    Ok(Arc::new(kept?))
}

pub(super) const DEPARTMENT: &str = "Professional Standards Department";

/// The department as the one to ask.
pub(super) fn department(step: Step<'_>) -> ContactPoint {
    ContactPoint {
        name: format!("the {DEPARTMENT}"),
        email: Some(step.app.settings.mail_from.clone()).filter(|from| !from.is_empty()),
        ..ContactPoint::default()
    }
}

/// The reference and the greeting.
pub(super) async fn addressed(step: Step<'_>, tx: &Tx) -> Result<(String, String), AppError> {
    let person = match step.case.person {
        Some(person) => people::find(tx, person).await?,
        None => None,
    };
    let Some(person) = person else { return Ok((String::new(), "Hello".to_owned())) };
    Ok((person.reference, format!("Dear {}", person.full_name)))
}

/// The kind and the words of each adjustment in force (invariant 23).
pub(super) async fn adjustments_in_force(step: Step<'_>, tx: &Tx) -> Result<Vec<(String, String)>, AppError> {
    let today = today(step.app);
    let members: Vec<PersonId> = match step.case.person {
        Some(person) => people::members(tx, &[person]).await?.into_iter().map(|person| person.id).collect(),
        None => Vec::new(),
    };
    let in_force = adjustments::of_people(tx, &members).await?;
    let in_force = in_force.into_iter().filter(|adjustment| adjustment.in_force(today));
    Ok(in_force.map(|adjustment| (adjustment.kind, adjustment.detail)).collect())
}

/// Whether the person reads large print: by an adjustment in force, or by the format the notice was shared in.
pub(super) async fn large_print(step: Step<'_>, tx: &Tx) -> Result<bool, AppError> {
    let asked = |kind: &str| kind.to_lowercase().replace([' ', '-'], "_").contains("large_print");
    let adjusted = adjustments_in_force(step, tx).await?.iter().any(|(kind, _)| asked(kind));
    Ok(adjusted || step.case.data.pointer("/sharing/format").and_then(Value::as_str) == Some("large_print"))
}

/// The policy the letter is sent under; `None` where no register names one.
pub(super) fn policy(step: Step<'_>) -> Option<String> {
    step.app.catalog.registers().policy.as_ref().map(PolicyEntry::cited)
}
