//! Closes a meeting, once every item has its decision.

use super::meeting::{CHAIRS, at_version, keep};
use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::case::{Refusal, RefusalFault};
use crate::domain::ids::MeetingId;
use crate::store::meetings::{self, MeetingRow};
use serde_json::json;

/// Closes the meeting.
///
/// # Errors
/// `wrong-role`; `StaleVersion`; `meeting-not-open`; `items-undecided`, listing them: each is decided or carried over.
pub async fn close_meeting(
    app: &App,
    actor: &Actor,
    id: MeetingId,
    expected: Option<i64>,
) -> Result<MeetingRow, AppError> {
    rights::officer_with(actor, &CHAIRS)?;
    let (app, actor) = (app.clone(), actor.clone());
    let store = app.store.clone();
    let closed = store.write(async move |tx| {
        let mut meeting = at_version(tx, id, expected, "open").await?;
        let items = meetings::items(tx, id).await?;
        let undecided: Vec<_> = items.iter().filter(|item| item.outcome.is_none()).map(|item| item.n).collect();
        if !undecided.is_empty() {
            return Err(items_undecided(&undecided).into());
        }
        meeting.state = "closed".to_owned();
        meeting.closed_at = Some(app.now());
        keep(&app, tx, &actor, meeting, ("closed", json!({ "items": items.len() }))).await
    });
    Ok(closed.await?)
}

fn items_undecided(undecided: &[i32]) -> Refusal {
    let fault = |n: &i32| RefusalFault {
        pointer: None,
        message: format!("Item {n} is decided or carried over first."),
        code: None,
        policy: None,
    };
    Refusal::conflict("items-undecided", "Every item needs a decision, or to be carried over, before the meeting ends.")
        .under(Some("7.2"))
        .with_faults(undecided.iter().map(fault).collect())
}
