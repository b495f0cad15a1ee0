//! The chair approves the minutes of a meeting that is closed. What was approved is kept by its hash in the meeting's own
//! history: anybody can see later whether it still says the same.

use super::meeting::{CHAIRS, at_version, keep};
use super::minutes::minutes;
use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::case::Refusal;
use crate::domain::ids::MeetingId;
use crate::store::events;
use serde_json::json;
use sha2::{Digest, Sha256};

/// What the history calls it.
pub(super) const APPROVED: &str = "minutes_approved";

/// Approves them, once.
///
/// # Errors
/// `wrong-role`; `NotFound`; `StaleVersion`; `meeting-not-closed`; `minutes-already-approved`; `interest-in-an-item` where
/// the approver does not see every item.
pub async fn approve_minutes(app: &App, actor: &Actor, id: MeetingId, expected: i64) -> Result<(), AppError> {
    rights::officer_with(actor, &CHAIRS)?;
    let read = minutes(app, actor, id).await?;
    if read.items.iter().any(|item| item.hidden) {
        let message =
            "You do not see every item of these minutes, so another chair or appropriate authority approves them.";
        return Err(Refusal::forbidden("interest-in-an-item", message).under(Some("7.2")).into());
    }
    let text = serde_json::to_vec(&read.items).map_err(|fault| AppError::broken("writing the minutes", fault))?;
    let sha256 = hex::encode(Sha256::digest(&text));
    let (app, actor) = (app.clone(), actor.clone());
    let store = app.store.clone();
    let approved = store.write(async move |tx| {
        let meeting = at_version(tx, id, Some(expected), "closed").await?;
        if events::load(tx, id.as_uuid()).await?.iter().any(|event| event.kind == APPROVED) {
            let message = "These minutes have been approved.";
            return Err(Refusal::conflict("minutes-already-approved", message).under(Some("7.2")).into());
        }
        keep(&app, tx, &actor, meeting, (APPROVED, json!({ "sha256": sha256 }))).await?;
        Ok::<_, AppError>(())
    });
    Ok(approved.await?)
}
