//! A caller's profile as its readers see it, and how it is made of the calls themselves. Pure but for its types.

use crate::app::coordination::Known;
use crate::domain::calendar::london;
use crate::domain::calls::CallerKind;
use crate::domain::ids::{CallerId, CaseId, DeskNoteId, NominationId, PersonId};
use crate::domain::marking::Marking;
use crate::store::calls::profile::ProfileRow;
use chrono::{DateTime, Datelike, Days, NaiveDate, Timelike, Utc};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// Half a year.
pub(super) const WEEKS: u64 = 26;
/// More subjects than these are added up.
const MOST_SUBJECTS: usize = 10;

/// How often, when and about what somebody calls (K:Automated). It says nothing about anybody but that.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CallerProfile {
    pub id: CallerId,
    pub marking: Marking,
    pub kind: CallerKind,
    pub number: Option<String>,
    pub name: Option<String>,
    pub location: Option<String>,
    /// The person on file that an officer said it is.
    pub person: Option<LinkedPerson>,
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    /// Counted calls in these weeks.
    pub calls: u64,
    /// Counted calls ever.
    pub calls_ever: u64,
    /// Calls that we made to them in these weeks.
    pub calls_out: u64,
    pub last_call_at: Option<DateTime<Utc>>,
    /// The longest run of days without a call between two calls.
    pub longest_gap_days: Option<i64>,
    /// Oldest first.
    pub weeks: Vec<CallerWeek>,
    /// By weekday (Monday first) and hour of the clock in London.
    #[schema(value_type = Vec<Vec<u32>>)]
    pub hours: [[u32; 24]; 7],
    pub subjects: Vec<Counted>,
    pub channels: Vec<Counted>,
    /// Rows of each system; several systems record one call.
    pub systems: Vec<Counted>,
    pub areas: Vec<Counted>,
    /// A nomination labels nobody: it asked people to look.
    pub nominations: Vec<CallerNomination>,
    pub notes: Vec<CallerNote>,
    /// What was noted in those cases about the caller that the reader sees, the latest case first.
    pub knowledge: Vec<Known>,
    /// Whether the oldest calls of these weeks are left out, for there are too many.
    pub cut_short: bool,
}

/// Somebody on file.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LinkedPerson {
    pub id: PersonId,
    /// Absent where the reader does not read the file of people.
    pub reference: Option<String>,
    pub full_name: Option<String>,
}

/// Seven days that end on the weekday of today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CallerWeek {
    pub from: NaiveDate,
    pub calls: u32,
}

/// How often something was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CallsCounted)]
pub struct Counted {
    pub what: String,
    pub calls: u32,
}

/// Why people were asked to look, and what came of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CallerNomination {
    pub id: NominationId,
    /// The rule; absent where a person nominated.
    pub rule: Option<String>,
    pub reason: String,
    #[schema(value_type = Object)]
    pub detail: Value,
    pub at: DateTime<Utc>,
    pub case_id: Option<CaseId>,
    pub left_because: Option<String>,
    /// What it rested on was taken back.
    pub withdrawn: bool,
}

/// What somebody wrote down for the next.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CallerNote {
    pub id: DeskNoteId,
    pub words: String,
    pub by: String,
    pub at: DateTime<Utc>,
}

/// The first of the days of a profile that ends today.
pub(super) fn first_day(today: NaiveDate) -> NaiveDate {
    today.checked_sub_days(Days::new(WEEKS * 7 - 1)).unwrap_or(today)
}

/// What the calls add up to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub(super) calls: u64,
    pub(super) calls_out: u64,
    pub(super) last_call_at: Option<DateTime<Utc>>,
    pub(super) longest_gap_days: Option<i64>,
    pub(super) weeks: Vec<CallerWeek>,
    pub(super) hours: [[u32; 24]; 7],
    pub(super) subjects: Vec<Counted>,
    pub(super) channels: Vec<Counted>,
    pub(super) systems: Vec<Counted>,
    pub(super) areas: Vec<Counted>,
}

/// Adds up the rows of a caller, in the order they began, of the weeks that end today.
pub(super) fn add_up(rows: &[ProfileRow], today: NaiveDate) -> Sums {
    let first = first_day(today);
    let mut sums = Sums { weeks: weeks(first), ..Sums::default() };
    let (mut subjects, mut channels) = (BTreeMap::new(), BTreeMap::new());
    let (mut systems, mut areas) = (BTreeMap::new(), BTreeMap::new());
    let mut days = BTreeSet::new();
    for row in rows {
        add(&mut systems, row.system.as_str());
        if !row.counts {
            sums.calls_out += u64::from(row.direction == "out" && row.call == row.id);
            continue;
        }
        let wall = london::wall_time(row.started_at);
        let (day, hour) = (wall.weekday().num_days_from_monday() as usize, wall.hour() as usize);
        if let Some(cell) = sums.hours.get_mut(day).and_then(|hours| hours.get_mut(hour)) {
            *cell = cell.saturating_add(1);
        }
        let week = (wall.date() - first).num_days().div_euclid(7);
        if let Some(week) = usize::try_from(week).ok().and_then(|week| sums.weeks.get_mut(week)) {
            week.calls = week.calls.saturating_add(1);
        }
        add(&mut subjects, row.subject.as_deref().map(str::trim).filter(|text| !text.is_empty()).unwrap_or("Not said"));
        add(&mut channels, &row.channel);
        add(&mut areas, row.area.as_deref().unwrap_or("Not known"));
        days.insert(wall.date());
        sums.calls += 1;
        sums.last_call_at = Some(row.started_at);
    }
    let gaps = days.iter().zip(days.iter().skip(1)).map(|(one, next)| (*next - *one).num_days() - 1);
    sums.longest_gap_days = gaps.max();
    sums.subjects = few(most_first(subjects));
    sums.channels = most_first(channels);
    sums.systems = most_first(systems);
    sums.areas = most_first(areas);
    sums
}

fn weeks(first: NaiveDate) -> Vec<CallerWeek> {
    let from = |week: u64| first.checked_add_days(Days::new(week * 7));
    (0..WEEKS).filter_map(from).map(|from| CallerWeek { from, calls: 0 }).collect()
}

fn add(counts: &mut BTreeMap<String, u32>, what: &str) {
    let count = counts.entry(what.to_owned()).or_default();
    *count = count.saturating_add(1);
}

fn most_first(counts: BTreeMap<String, u32>) -> Vec<Counted> {
    let mut counted: Vec<Counted> = counts.into_iter().map(|(what, calls)| Counted { what, calls }).collect();
    counted.sort_by_key(|one| std::cmp::Reverse(one.calls));
    counted
}

fn few(mut counted: Vec<Counted>) -> Vec<Counted> {
    if counted.len() > MOST_SUBJECTS {
        let rest = counted.split_off(MOST_SUBJECTS - 1);
        let calls = rest.iter().fold(0_u32, |sum, one| sum.saturating_add(one.calls));
        counted.push(Counted { what: format!("{} others", rest.len()), calls });
    }
    counted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::Id;
    use uuid::Uuid;

    fn row(n: u128, at: &str, counts: bool) -> ProfileRow {
        ProfileRow {
            id: Id::from_uuid(Uuid::from_u128(n)),
            call: Id::from_uuid(Uuid::from_u128(n)),
            system: "storm".to_owned(),
            direction: if counts { "in" } else { "out" }.to_owned(),
            channel: "101".to_owned(),
            started_at: at.parse().unwrap(),
            subject: Some(format!("Subject {n}")),
            area: None,
            counts,
        }
    }

    #[test]
    fn calls_are_laid_by_week_weekday_and_hour_of_london() {
        let today: NaiveDate = "2026-06-01".parse().unwrap();
        // 23:30 UTC in May is half past midnight of the next day in London: a Monday.
        let rows = [row(1, "2026-05-24T23:30:00Z", true), row(2, "2026-06-01T08:00:00Z", true)];
        let sums = add_up(&rows, today);
        assert_eq!((sums.calls, sums.hours[0][0], sums.hours[0][9]), (2, 1, 1));
        assert_eq!((sums.weeks.len(), sums.weeks[25].calls, sums.weeks[24].calls), (26, 1, 1));
        assert_eq!(sums.weeks[25].from, "2026-05-26".parse::<NaiveDate>().unwrap());
        assert_eq!(sums.longest_gap_days, Some(6));
    }

    #[test]
    fn a_call_of_ours_is_theirs_in_nothing() {
        let sums = add_up(&[row(1, "2026-05-30T10:00:00Z", false)], "2026-06-01".parse().unwrap());
        assert_eq!((sums.calls, sums.calls_out, sums.last_call_at), (0, 1, None));
        assert!(sums.subjects.is_empty() && sums.systems.len() == 1 && sums.longest_gap_days.is_none());
    }

    #[test]
    fn many_subjects_are_added_up_at_the_end() {
        let rows: Vec<ProfileRow> = (0..20).map(|n| row(n, "2026-05-30T10:00:00Z", true)).collect();
        let sums = add_up(&rows, "2026-06-01".parse().unwrap());
        assert_eq!(sums.subjects.len(), MOST_SUBJECTS);
        assert_eq!(sums.subjects.last().unwrap(), &Counted { what: "11 others".to_owned(), calls: 11 });
    }
}
