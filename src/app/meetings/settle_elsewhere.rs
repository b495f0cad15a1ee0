//! A case that leaves the agenda by a step outside the meeting: its item is settled with it, or the meeting could never
//! be closed.

use super::meeting::keep;
use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::domain::ids::{CaseId, MeetingId};
use crate::store::Tx;
use crate::store::meetings;
use serde_json::json;

/// The state in which a case waits for the meeting.
pub(crate) const ON_AGENDA: &str = "on_agenda";

/// The item's outcome; who decided and when stand beside it, the step in its decision.
pub(super) const ELSEWHERE: &str = "decided_elsewhere";

/// Settles the case's open item, in every meeting that has not been closed.
pub(crate) async fn settle_elsewhere(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (case, action): (CaseId, &str),
) -> Result<(), AppError> {
    for mut item in meetings::items_of_case(tx, case).await?.into_iter().filter(|item| item.outcome.is_none()) {
        let meeting = meetings::find(tx, MeetingId::from_uuid(item.meeting_id)).await?;
        let Some(meeting) = meeting.filter(|meeting| meeting.state != "closed") else { continue };
        item.outcome = Some(ELSEWHERE.to_owned());
        item.decision = Some(json!({ "action": action }));
        item.decided_by = actor.officer().map(|officer| officer.id.as_uuid());
        item.decided_at = Some(app.now());
        let what = json!({ "n": item.n, "caseId": item.case_id, "outcome": ELSEWHERE, "action": action });
        meetings::save_item(tx, item).await?;
        keep(app, tx, actor, meeting, ("decided_elsewhere", what)).await?;
    }
    Ok(())
}
