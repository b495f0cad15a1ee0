//! Meetings as their members see them: the list with the weeks that were missed, one meeting with its agenda.

use super::meeting::READERS;
use super::plan_meeting::next_date;
use super::settle_elsewhere::ON_AGENDA;
use crate::app::cases::today;
use crate::app::people::AdjustmentView;
use crate::app::{App, AppError, Shown, ShownWith, log_list, log_reading, rights};
use crate::domain::access::Actor;
use crate::domain::calendar::london::date_of;
use crate::domain::ids::{CaseId, MeetingId, PersonId};
use crate::domain::marking::Marking;
use crate::store::cases::{self, CaseFilter, CaseRow};
use crate::store::meetings::{self, ItemRow, MeetingRow};
use crate::store::{case_facts, people};
use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, Utc};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Meetings, newest first, and the Mondays of weeks in which none was held since somebody first waited for one.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MeetingList {
    pub data: Vec<MeetingView>,
    /// A missed week is a broken rule of the policy (7.2): it is shown, never hidden.
    pub missed_weeks: Vec<NaiveDate>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Meeting)]
pub struct MeetingView {
    pub id: Uuid,
    /// The highest of its items'.
    pub marking: Marking,
    pub held_on: NaiveDate,
    /// `planned`, `open` or `closed`.
    pub state: String,
    pub chair_id: Option<Uuid>,
    pub attendees: Value,
    pub opened_at: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    pub version: i64,
    /// The agenda: fixed once the meeting is open, what waits for it before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<Vec<AgendaItem>>,
}

/// One person on the agenda (R39). A conflicted member sees that there is an item, and nothing of it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AgendaItem {
    pub n: i32,
    pub case_id: Option<Uuid>,
    /// The reader was complained about by this person.
    pub hidden: bool,
    pub marking: Marking,
    /// In force today; to be kept to wherever contact is composed or judged.
    pub adjustments: Vec<AdjustmentView>,
    pub person_reference: Option<String>,
    /// Contacts counted in the last 7 and 28 days, all channels.
    pub contacts_7_days: i64,
    pub contacts_28_days: i64,
    /// What the nomination says of behaviour and demand, and the triage.
    pub nomination: Value,
    pub triage: Value,
    /// `met`, `not_met`, `carry_over`, or `decided_elsewhere` where the case left the agenda by a step outside the
    /// meeting.
    pub outcome: Option<String>,
    pub decided_by: Option<Uuid>,
    pub decided_at: Option<DateTime<Utc>>,
}

impl MeetingView {
    /// Without its items, which raise its marking.
    pub fn new(app: &App, row: MeetingRow) -> Self {
        Self {
            id: row.id,
            marking: app.settings.marking,
            held_on: row.held_on,
            state: row.state,
            chair_id: row.chair_id,
            attendees: row.attendees,
            opened_at: row.opened_at,
            closed_at: row.closed_at,
            version: row.version,
            items: None,
        }
    }
}

/// The newest meetings and the missed weeks.
///
/// # Errors
/// `wrong-role`.
pub async fn list_meetings(
    app: &App,
    actor: &Actor,
    before: Option<NaiveDate>,
    limit: u64,
) -> Result<MeetingList, AppError> {
    rights::officer_with(actor, &READERS)?;
    let db = app.store.reader();
    let rows = meetings::list(db, before, limit).await?;
    let held = meetings::held_dates(db).await?;
    Ok(MeetingList {
        data: rows.into_iter().map(|row| MeetingView::new(app, row)).collect(),
        missed_weeks: missed_weeks(first_due(db).await?, &held, today(app)),
    })
}

/// One meeting with its agenda.
///
/// # Errors
/// `wrong-role`; `NotFound`.
pub async fn find_meeting(app: &App, actor: &Actor, id: MeetingId) -> Result<MeetingView, AppError> {
    let officer = rights::officer_with(actor, &READERS)?;
    let db = app.store.reader();
    let meeting = meetings::find(db, id).await?.ok_or(AppError::NotFound)?;
    let hidden = case_facts::people_complaining_about(db, officer.id).await?;
    let hidden: BTreeSet<Uuid> = hidden.into_iter().map(|person| person.as_uuid()).collect();
    let entries = if meeting.state == "planned" { waiting(db).await? } else { on_agenda(db, id).await? };
    let cases: Vec<CaseId> = entries.iter().map(|(_, case)| CaseId::from_uuid(case.id)).collect();
    let people: Vec<PersonId> =
        entries.iter().filter_map(|(_, case)| case.person_id).map(PersonId::from_uuid).collect();
    let with = ShownWith::load(app, db, &cases, &people).await?;
    let mut items = Vec::with_capacity(entries.len());
    for (item, case) in entries {
        items.push(agenda_item(app, (item, case), &hidden, &with).await?);
    }
    log_reading(app, actor, "meeting", Some(id.as_uuid())).await?;
    let shown: Vec<Shown> = items.iter().filter_map(|item| item.case_id).map(Shown::itself).collect();
    log_list(app, actor, "case", &shown).await?;
    let marking = app.settings.marking.with(items.iter().map(|item| item.marking));
    Ok(MeetingView { items: Some(items), marking, ..MeetingView::new(app, meeting) })
}

/// What waits for the next meeting, numbered as it will be.
async fn waiting(db: &impl ConnectionTrait) -> Result<Vec<(ItemRow, CaseRow)>, AppError> {
    let filter = CaseFilter {
        workflows: vec!["frequent-service-user".to_owned()],
        states: vec![ON_AGENDA.to_owned()],
        ..CaseFilter::default()
    };
    let mut waiting = cases::list(db, &filter, None, 500).await?;
    waiting.sort_by_key(|case| (case.state_since, case.id));
    let item = |(n, case): (i32, CaseRow)| {
        let item = ItemRow {
            id: Uuid::nil(),
            meeting_id: Uuid::nil(),
            n,
            case_id: case.id,
            outcome: None,
            decision: None,
            decided_by: None,
            decided_at: None,
        };
        (item, case)
    };
    Ok((1..).zip(waiting).map(item).collect())
}

async fn on_agenda(db: &impl ConnectionTrait, id: MeetingId) -> Result<Vec<(ItemRow, CaseRow)>, AppError> {
    let mut entries = Vec::new();
    for item in meetings::items(db, id).await? {
        if let Some(case) = cases::find_row(db, CaseId::from_uuid(item.case_id)).await? {
            entries.push((item, case));
        }
    }
    Ok(entries)
}

async fn agenda_item(
    app: &App,
    (item, case): (ItemRow, CaseRow),
    hidden: &BTreeSet<Uuid>,
    with: &ShownWith,
) -> Result<AgendaItem, AppError> {
    let is_hidden = case.person_id.is_some_and(|person| hidden.contains(&person));
    let mut entry = AgendaItem {
        n: item.n,
        case_id: Some(case.id).filter(|_| !is_hidden),
        hidden: is_hidden,
        marking: with.marking([CaseId::from_uuid(case.id)]),
        adjustments: Vec::new(),
        person_reference: None,
        contacts_7_days: 0,
        contacts_28_days: 0,
        nomination: Value::Null,
        triage: Value::Null,
        outcome: item.outcome.filter(|_| !is_hidden),
        decided_by: item.decided_by.filter(|_| !is_hidden),
        decided_at: item.decided_at,
    };
    if is_hidden {
        return Ok(entry);
    }
    let db = app.store.reader();
    if let Some(person) = case.person_id.map(PersonId::from_uuid) {
        entry.adjustments = with.adjustments(Some(person));
        entry.person_reference = people::find(db, person).await?.map(|person| person.reference);
        entry.contacts_7_days = meetings::contacts_since(db, person, app.now() - Duration::days(7)).await?;
        entry.contacts_28_days = meetings::contacts_since(db, person, app.now() - Duration::days(28)).await?;
    }
    let kept = ["source", "reason", "behaviour", "demand", "rule"];
    let nomination = kept.into_iter().filter_map(|name| Some((name.to_owned(), case.data.get(name)?.clone())));
    entry.nomination = Value::Object(nomination.collect());
    entry.triage = case.data.get("triage").cloned().unwrap_or_default();
    Ok(entry)
}

/// The day of the first meeting that there should have been: the one after the first case reached the agenda.
async fn first_due(db: &impl ConnectionTrait) -> Result<Option<NaiveDate>, AppError> {
    let reached = cases::first_in_state(db, ON_AGENDA).await?;
    Ok(reached.map(|at| next_date(None, date_of(at))))
}

/// Mondays of the weeks, from the first meeting held or due until last week, in which none was held.
fn missed_weeks(first_due: Option<NaiveDate>, held: &[NaiveDate], today: NaiveDate) -> Vec<NaiveDate> {
    let monday = |day: NaiveDate| day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday())));
    let weeks: BTreeSet<NaiveDate> = held.iter().filter_map(|day| monday(*day)).collect();
    let first = weeks.first().copied().into_iter().chain(first_due.and_then(monday)).min();
    let (Some(first), Some(this_week)) = (first, monday(today)) else { return Vec::new() };
    let every = std::iter::successors(Some(first), |week| week.checked_add_days(Days::new(7)));
    every.take_while(|week| *week < this_week).filter(|week| !weeks.contains(week)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_without_a_meeting_is_missed_once_it_is_over() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let held = [day("2026-10-06"), day("2026-10-21")];
        assert_eq!(missed_weeks(None, &held, day("2026-11-03")), [day("2026-10-12"), day("2026-10-26")]);
        assert!(missed_weeks(None, &[], day("2026-11-03")).is_empty());
        assert!(missed_weeks(None, &[day("2026-11-03")], day("2026-11-08")).is_empty());
    }

    #[test]
    fn weeks_are_missed_from_the_first_meeting_that_was_due() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let due = Some(day("2026-10-13"));
        assert_eq!(missed_weeks(due, &[], day("2026-10-20")), [day("2026-10-12")], "none was ever held");
        let held = [day("2026-10-21")];
        assert_eq!(missed_weeks(due, &held, day("2026-10-27")), [day("2026-10-12")]);
    }
}
