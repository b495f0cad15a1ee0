//! The minutes of a meeting: who was there, what was decided on whom, by whom, on what rationale.

use super::meeting::READERS;
use crate::app::{App, AppError, Shown, log_list, log_reading, rights};
use crate::domain::access::Actor;
use crate::domain::ids::{CaseId, MeetingId, PersonId};
use crate::store::{case_facts, cases, meetings, people};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Minutes {
    pub marking: String,
    pub meeting_id: Uuid,
    pub held_on: NaiveDate,
    pub state: String,
    pub chair_id: Option<Uuid>,
    pub attendees: Value,
    pub opened_at: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    pub policy_version: String,
    pub items: Vec<MinutedItem>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MinutedItem {
    pub n: i32,
    /// The reader was complained about by this person: what was decided is not shown.
    pub hidden: bool,
    pub case_id: Option<Uuid>,
    pub person_reference: Option<String>,
    /// `met`, `not_met`, `carry_over`, `decided_elsewhere`; absent where it is undecided.
    pub outcome: Option<String>,
    /// The form as it was filled in.
    pub decision: Option<Value>,
    pub decided_by: Option<Uuid>,
    pub decided_at: Option<DateTime<Utc>>,
}

/// The minutes as they stand; final once the meeting is closed.
///
/// # Errors
/// `wrong-role`; `NotFound`.
pub async fn minutes(app: &App, actor: &Actor, id: MeetingId) -> Result<Minutes, AppError> {
    let officer = rights::officer_with(actor, &READERS)?;
    let db = app.store.reader();
    let meeting = meetings::find(db, id).await?.ok_or(AppError::NotFound)?;
    let hidden = case_facts::people_complaining_about(db, officer.id).await?;
    let mut items = Vec::new();
    for item in meetings::items(db, id).await? {
        let case = cases::find_row(db, CaseId::from_uuid(item.case_id)).await?;
        let person = case.and_then(|case| case.person_id).map(PersonId::from_uuid);
        let is_hidden = person.is_some_and(|person| hidden.contains(&person));
        let reference = match person.filter(|_| !is_hidden) {
            Some(person) => people::find(db, person).await?.map(|row| row.reference),
            None => None,
        };
        items.push(MinutedItem {
            n: item.n,
            hidden: is_hidden,
            case_id: Some(item.case_id).filter(|_| !is_hidden),
            person_reference: reference,
            outcome: item.outcome.filter(|_| !is_hidden),
            decision: item.decision.filter(|_| !is_hidden),
            decided_by: item.decided_by,
            decided_at: item.decided_at,
        });
    }
    log_reading(app, actor, "minutes", Some(id.as_uuid())).await?;
    let shown: Vec<Shown> = items.iter().filter_map(|item| item.case_id).map(Shown::itself).collect();
    log_list(app, actor, "case", &shown).await?;
    Ok(Minutes {
        marking: app.settings.marking.clone(),
        meeting_id: meeting.id,
        held_on: meeting.held_on,
        state: meeting.state,
        chair_id: meeting.chair_id,
        attendees: meeting.attendees,
        opened_at: meeting.opened_at,
        closed_at: meeting.closed_at,
        policy_version: app.catalog.policy().version.clone(),
        items,
    })
}
