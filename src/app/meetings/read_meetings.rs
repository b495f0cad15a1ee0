//! Meetings as their members see them: the list with the weeks that were missed, one meeting with its agenda.

use super::declare_interest::{self, InterestView};
use super::meeting::READERS;
use super::plan_meeting::next_date;
use super::prepare_item::PreparationView;
use super::settle_elsewhere::ON_AGENDA;
use crate::app::cases::today;
use crate::app::people::AdjustmentView;
use crate::app::{App, AppError, Shown, ShownWith, log_list, log_reading, rights};
use crate::domain::access::{Actor, Officer};
use crate::domain::calendar::london::date_of;
use crate::domain::ids::{CaseId, MeetingId, PersonId};
use crate::domain::marking::Marking;
use crate::store::agenda::{self, Interest, Preparation};
use crate::store::cases::{self, CaseFilter, CaseRow};
use crate::store::meetings::{self, ItemRow, MeetingRow};
use crate::store::{case_facts, people};
use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, Utc};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
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
    /// The reader was complained about by this person, or declared an interest.
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
    /// What somebody prepared for it.
    #[schema(value_type = Option<Object>)]
    pub preparation: Option<PreparationView>,
    /// Who declared an interest and left.
    pub interests: Vec<InterestView>,
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
    let entries = entries(db, &meeting).await?;
    let items = agenda_items(app, (officer, id), entries).await?;
    log_reading(app, actor, "meeting", Some(id.as_uuid())).await?;
    let shown: Vec<Shown> = items.iter().filter_map(|item| item.case_id).map(Shown::itself).collect();
    log_list(app, actor, "case", &shown).await?;
    let marking = app.settings.marking.with(items.iter().map(|item| item.marking));
    Ok(MeetingView { items: Some(items), marking, ..MeetingView::new(app, meeting) })
}

/// The agenda: fixed once the meeting is open, what waits for it before.
pub(super) async fn entries(
    db: &impl ConnectionTrait,
    meeting: &MeetingRow,
) -> Result<Vec<(ItemRow, CaseRow)>, AppError> {
    if meeting.state == "planned" { waiting(db).await } else { on_agenda(db, MeetingId::from_uuid(meeting.id)).await }
}

/// These items as an officer may see them, in a few statements whatever their number.
pub(super) async fn agenda_items(
    app: &App,
    (officer, meeting): (&Officer, MeetingId),
    entries: Vec<(ItemRow, CaseRow)>,
) -> Result<Vec<AgendaItem>, AppError> {
    let db = app.store.reader();
    let hidden = case_facts::people_complaining_about(db, officer.id).await?;
    let of_interest = agenda::cases_of_interest(db, officer.id).await?;
    let hidden: BTreeSet<Uuid> = hidden.into_iter().map(|person| person.as_uuid()).chain(of_interest).collect();
    let of_cases: Vec<Uuid> = entries.iter().map(|(_, case)| case.id).collect();
    let of_people: Vec<PersonId> =
        entries.iter().filter_map(|(_, case)| case.person_id).map(PersonId::from_uuid).collect();
    let cases: Vec<CaseId> = of_cases.iter().copied().map(CaseId::from_uuid).collect();
    let references = people::with_ids(db, &of_people, u64::try_from(of_people.len()).unwrap_or(u64::MAX)).await?;
    let since = |days: i64| app.now() - Duration::days(days);
    let mut behind = Behind {
        with: ShownWith::load(app, db, &cases, &of_people).await?,
        references: references.into_iter().map(|person| (person.id, person.reference)).collect(),
        week: meetings::contacts_of_people_since(db, &of_people, since(7)).await?,
        month: meetings::contacts_of_people_since(db, &of_people, since(28)).await?,
        prepared: agenda::preparations(db, &of_cases).await?.into_iter().map(|row| (row.case_id, row)).collect(),
        interests: agenda::interests(db, meeting.as_uuid()).await?,
        hidden,
    };
    Ok(entries.into_iter().map(|entry| agenda_item(entry, &mut behind)).collect())
}

/// What stands behind the items of an agenda.
struct Behind {
    hidden: BTreeSet<Uuid>,
    with: ShownWith,
    references: BTreeMap<PersonId, String>,
    week: BTreeMap<Uuid, i64>,
    month: BTreeMap<Uuid, i64>,
    prepared: BTreeMap<Uuid, Preparation>,
    interests: Vec<Interest>,
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
    let items = meetings::items(db, id).await?;
    let cases: Vec<Uuid> = items.iter().map(|item| item.case_id).collect();
    let mut rows: BTreeMap<Uuid, CaseRow> =
        cases::find_rows(db, &cases).await?.into_iter().map(|case| (case.id, case)).collect();
    Ok(items.into_iter().filter_map(|item| rows.remove(&item.case_id).map(|case| (item, case))).collect())
}

fn agenda_item((item, case): (ItemRow, CaseRow), behind: &mut Behind) -> AgendaItem {
    let is_hidden =
        behind.hidden.contains(&case.id) || case.person_id.is_some_and(|person| behind.hidden.contains(&person));
    let mut entry = AgendaItem {
        n: item.n,
        case_id: Some(case.id).filter(|_| !is_hidden),
        hidden: is_hidden,
        marking: behind.with.marking([CaseId::from_uuid(case.id)]),
        adjustments: Vec::new(),
        person_reference: None,
        contacts_7_days: 0,
        contacts_28_days: 0,
        nomination: Value::Null,
        triage: Value::Null,
        outcome: item.outcome.filter(|_| !is_hidden),
        decided_by: item.decided_by.filter(|_| !is_hidden),
        decided_at: item.decided_at,
        preparation: behind.prepared.remove(&case.id).filter(|_| !is_hidden).map(PreparationView::from),
        interests: declare_interest::about(&behind.interests, case.id),
    };
    if is_hidden {
        return entry;
    }
    if let Some(id) = case.person_id {
        let person = PersonId::from_uuid(id);
        entry.adjustments = behind.with.adjustments(Some(person));
        entry.person_reference = behind.references.get(&person).cloned();
        entry.contacts_7_days = behind.week.get(&id).copied().unwrap_or_default();
        entry.contacts_28_days = behind.month.get(&id).copied().unwrap_or_default();
    }
    let kept = ["source", "reason", "behaviour", "demand", "rule"];
    let nomination = kept.into_iter().filter_map(|name| Some((name.to_owned(), case.data.get(name)?.clone())));
    entry.nomination = Value::Object(nomination.collect());
    entry.triage = case.data.get("triage").cloned().unwrap_or_default();
    entry
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
