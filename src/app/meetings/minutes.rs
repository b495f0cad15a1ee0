//! The minutes of a meeting: who was there, what was decided on whom, by whom, on what rationale.

use super::approve_minutes::APPROVED;
use super::declare_interest::{self, InterestView};
use super::meeting::READERS;
use crate::app::people::AdjustmentView;
use crate::app::{App, AppError, Shown, ShownWith, log_list, log_reading, rights};
use crate::domain::access::Actor;
use crate::domain::ids::{CaseId, MeetingId, PersonId};
use crate::domain::marking::Marking;
use crate::store::meetings::{self, ItemRow};
use crate::store::{agenda, case_facts, cases, events, people};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Minutes {
    /// The highest of its items'.
    pub marking: Marking,
    pub meeting_id: Uuid,
    pub held_on: NaiveDate,
    pub state: String,
    pub chair_id: Option<Uuid>,
    pub attendees: Value,
    pub opened_at: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    /// In force when the meeting was opened.
    pub policy_version: String,
    /// Of the meeting: minutes of the same version say the same.
    pub version: i64,
    /// Absent until the chair approved them.
    pub approved: Option<Approval>,
    pub items: Vec<MinutedItem>,
}

/// Who approved the minutes, and what they said then.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MinutesApproval)]
pub struct Approval {
    pub by: Option<Uuid>,
    pub at: DateTime<Utc>,
    /// Of the items, in hex.
    pub sha256: String,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MinutedItem {
    pub n: i32,
    /// The reader was complained about by this person: what was decided is not shown.
    pub hidden: bool,
    pub marking: Marking,
    /// In force today; to be kept to wherever contact is composed or judged.
    pub adjustments: Vec<AdjustmentView>,
    pub case_id: Option<Uuid>,
    pub person_reference: Option<String>,
    /// `met`, `not_met`, `carry_over`, `decided_elsewhere`; absent where it is undecided.
    pub outcome: Option<String>,
    /// The form as it was filled in.
    pub decision: Option<Value>,
    pub decided_by: Option<Uuid>,
    pub decided_at: Option<DateTime<Utc>>,
    /// Who declared an interest and left.
    pub interests: Vec<InterestView>,
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
    let of_interest = agenda::cases_of_interest(db, officer.id).await?;
    let interests = agenda::interests(db, id.as_uuid()).await?;
    let history = events::load(db, id.as_uuid()).await?;
    let decided = with_people(db, meetings::items(db, id).await?).await?;
    let of_cases: Vec<CaseId> = decided.iter().map(|(item, _)| CaseId::from_uuid(item.case_id)).collect();
    let of_people: Vec<PersonId> = decided.iter().filter_map(|(_, person)| *person).collect();
    let with = ShownWith::load(app, db, &of_cases, &of_people).await?;
    let mut items = Vec::new();
    for (item, person) in decided {
        let is_hidden = person.is_some_and(|person| hidden.contains(&person)) || of_interest.contains(&item.case_id);
        let reference = match person.filter(|_| !is_hidden) {
            Some(person) => people::find(db, person).await?.map(|row| row.reference),
            None => None,
        };
        items.push(MinutedItem {
            n: item.n,
            hidden: is_hidden,
            marking: with.marking([CaseId::from_uuid(item.case_id)]),
            adjustments: with.adjustments(person.filter(|_| !is_hidden)),
            case_id: Some(item.case_id).filter(|_| !is_hidden),
            person_reference: reference,
            outcome: item.outcome.filter(|_| !is_hidden),
            decision: item.decision.filter(|_| !is_hidden),
            decided_by: item.decided_by,
            decided_at: item.decided_at,
            interests: declare_interest::about(&interests, item.case_id),
        });
    }
    log_reading(app, actor, "minutes", Some(id.as_uuid())).await?;
    let shown: Vec<Shown> = items.iter().filter_map(|item| item.case_id).map(Shown::itself).collect();
    log_list(app, actor, "case", &shown).await?;
    Ok(Minutes {
        marking: app.settings.marking.with(items.iter().map(|item| item.marking)),
        meeting_id: meeting.id,
        held_on: meeting.held_on,
        state: meeting.state,
        chair_id: meeting.chair_id,
        attendees: meeting.attendees,
        opened_at: meeting.opened_at,
        closed_at: meeting.closed_at,
        policy_version: policy_version(app, &history),
        version: meeting.version,
        approved: approval(&history),
        items,
    })
}

/// Each item with whom its case is about.
async fn with_people(
    db: &impl ConnectionTrait,
    items: Vec<ItemRow>,
) -> Result<Vec<(ItemRow, Option<PersonId>)>, AppError> {
    let mut with_people = Vec::with_capacity(items.len());
    for item in items {
        let case = cases::find_row(db, CaseId::from_uuid(item.case_id)).await?;
        let person = case.and_then(|case| case.person_id).map(PersonId::from_uuid);
        with_people.push((item, person));
    }
    Ok(with_people)
}

/// As it was kept when the meeting was opened; before that, and for meetings from before it was kept, today's.
fn policy_version(app: &App, history: &[events::Event]) -> String {
    let opened = history.iter().find(|event| event.kind == "opened");
    let kept = opened.and_then(|event| event.data.get("policyVersion")).and_then(Value::as_str).map(str::to_owned);
    kept.unwrap_or_else(|| app.catalog.policy().version.clone())
}

fn approval(history: &[events::Event]) -> Option<Approval> {
    let approved = history.iter().find(|event| event.kind == APPROVED)?;
    let sha256 = approved.data.get("sha256").and_then(Value::as_str)?.to_owned();
    Some(Approval { by: approved.actor.officer().map(|by| by.as_uuid()), at: approved.at, sha256 })
}
