//! What was shared with another service is a disclosure, logged with its recipient (invariants 17 and 20).

use super::Step;
use crate::app::{AppError, log_disclosure};
use serde_json::Value;
use std::collections::BTreeSet;

/// One entry for each recipient that the input's `shared` names; nothing where nothing was shared.
pub(super) async fn log_sharing(step: Step<'_>) -> Result<(), AppError> {
    let shared = step.input.get("shared").and_then(Value::as_array).into_iter().flatten();
    let recipients: BTreeSet<&str> = shared.filter_map(|one| one.get("recipient")?.as_str()).collect();
    for recipient in recipients {
        log_disclosure(step.app, step.actor, ("case", step.case.id.as_uuid()), recipient).await?;
    }
    Ok(())
}
