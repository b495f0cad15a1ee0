//! Opens a meeting: who is there, and everybody who is on the agenda.

use super::meeting::{CHAIRS, at_version, day_is_free, hold_the_calendar, keep};
use super::settle_elsewhere::ON_AGENDA;
use crate::app::cases::today;
use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::case::Refusal;
use crate::domain::ids::{MeetingId, of};
use crate::store::Tx;
use crate::store::cases::{self, CaseFilter, CaseRow};
use crate::store::meetings::{self, ItemRow, MeetingRow};
use serde_json::json;

/// More than any agenda; a larger one is cut, and what is cut stays on the agenda of the next.
const MOST_ITEMS: u64 = 500;

/// Opens the meeting with `attendees`; the chair is whoever opens it. The agenda is every case that waits for it, the
/// longest waiting first. It is held on the day it is opened, whatever day was planned; that one stays in its history.
///
/// # Errors
/// `wrong-role`; `StaleVersion`; `meeting-not-planned`; `meeting-already-open`, naming no other; `meeting-already-planned`
/// where another meeting is on the same day.
pub async fn open_meeting(
    app: &App,
    actor: &Actor,
    id: MeetingId,
    expected: Option<i64>,
    attendees: Vec<String>,
) -> Result<MeetingRow, AppError> {
    let chair = rights::officer_with(actor, &CHAIRS)?.id;
    if attendees.iter().all(|name| name.trim().is_empty()) {
        return Err(AppError::invalid("/attendees", "A meeting has somebody in it: name who is there."));
    }
    let (app, actor) = (app.clone(), actor.clone());
    let store = app.store.clone();
    let opened = store.write(async move |tx| {
        hold_the_calendar(tx).await?;
        let mut meeting = at_version(tx, id, expected, "planned").await?;
        if meetings::open(tx).await?.is_some() {
            let message = "A meeting is open; it is closed before the next one begins.";
            return Err(Refusal::conflict("meeting-already-open", message).under(Some("7.2")).into());
        }
        let (planned_on, held_on) = (meeting.held_on, today(&app));
        day_is_free(tx, held_on, Some(meeting.id)).await?;
        let waiting = waiting(tx).await?;
        let agenda: Vec<_> = waiting.iter().map(|case| case.id).collect();
        meetings::add_items(tx, items(&app, id, waiting)).await?;
        meeting.state = "open".to_owned();
        meeting.held_on = held_on;
        meeting.chair_id = Some(chair.as_uuid());
        meeting.attendees = json!(attendees);
        meeting.opened_at = Some(app.now());
        let what = json!({ "attendees": attendees, "agenda": agenda, "plannedOn": planned_on, "heldOn": held_on,
                           "policyVersion": app.catalog.policy().version });
        keep(&app, tx, &actor, meeting, ("opened", what)).await
    });
    Ok(opened.await?)
}

async fn waiting(tx: &Tx) -> Result<Vec<CaseRow>, AppError> {
    let filter = CaseFilter {
        workflows: vec!["frequent-service-user".to_owned()],
        states: vec![ON_AGENDA.to_owned()],
        ..CaseFilter::default()
    };
    let mut waiting = cases::list(tx, &filter, None, MOST_ITEMS).await?;
    waiting.sort_by_key(|case| (case.state_since, case.id));
    Ok(waiting)
}

fn items(app: &App, meeting: MeetingId, waiting: Vec<CaseRow>) -> Vec<ItemRow> {
    let item = |(n, case): (i32, CaseRow)| ItemRow {
        id: app.new_id::<of::Event>().as_uuid(),
        meeting_id: meeting.as_uuid(),
        n,
        case_id: case.id,
        outcome: None,
        decision: None,
        decided_by: None,
        decided_at: None,
    };
    (1..).zip(waiting).map(item).collect()
}
