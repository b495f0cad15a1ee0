//! What every letter to the person of a case shares: whom it is addressed to, and how they read.

use super::Step;
use crate::app::AppError;
use crate::app::cases::facts::today;
use crate::domain::ids::PersonId;
use crate::render::ContactPoint;
use crate::store::{Tx, adjustments, people};
use serde_json::Value;

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
