//! Ending a marker. That it stood, and until when, stays on file.

use super::{MAY_MARK, MarkerView};
use crate::app::people::may_act_on;
use crate::app::policy::under_the_policy;
use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::calls::MarkedOn;
use crate::domain::ids::MarkerId;
use crate::store::caller_markers::{self, Ended};
use crate::store::events::{self, NewEvent, Stream};
use serde_json::json;

/// Ends a marker now; ending it twice changes nothing.
///
/// # Errors
/// `named-person-required`, `wrong-role`, `complained-about`; `NotFound`; `Invalid` without a reason.
pub async fn end_marker(app: &App, actor: &Actor, id: MarkerId, because: String) -> Result<MarkerView, AppError> {
    rights::officer_with(actor, &MAY_MARK)?;
    if because.trim().is_empty() {
        return Err(AppError::invalid("/reason", "Say why it ends."));
    }
    let (inner, actor) = (app.clone(), actor.clone());
    let ended = app.store.write(async move |tx| {
        let marker = caller_markers::find(tx, id).await?.ok_or(AppError::NotFound)?;
        if let MarkedOn::Person(person) = marker.on {
            may_act_on(tx, &actor, Some(person)).await?;
        }
        let ended = Ended { by: actor.reference(), at: inner.now(), because };
        if caller_markers::end(tx, id, &ended).await? {
            let data = under_the_policy(&inner, &actor, json!({ "reason": ended.because }));
            let (id_of_event, kind) = (inner.new_id(), "ended".to_owned());
            let event = NewEvent { id: id_of_event, at: ended.at, actor: ended.by, kind, data };
            events::append(tx, Stream::Marker, id.as_uuid(), 1, vec![event]).await?;
        }
        caller_markers::find(tx, id).await?.ok_or(AppError::NotFound)
    });
    Ok(ended.await?.into())
}
