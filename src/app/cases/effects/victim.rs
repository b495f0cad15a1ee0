//! Somebody whose calls are many because others target them is on file as a targeted victim from then on, wherever they
//! are met: no threshold is met about them (invariant 13), and whoever answers their call treats them as a victim first.

use super::Step;
use crate::app::AppError;
use crate::app::people::keep_as_victim;
use crate::store::Tx;

/// Nothing where nobody knows yet whom the case is about; the link to a person brings it about.
pub(super) async fn mark(step: Step<'_>, tx: &Tx) -> Result<(), AppError> {
    match step.case.person {
        Some(person) => keep_as_victim(step.app, tx, step.actor, (person, step.case.id)).await,
        None => Ok(()),
    }
}
