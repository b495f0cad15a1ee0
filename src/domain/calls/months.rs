//! A calendar month of repeat callers: who called how often, on which days the figures rest, and by when it is checked.
//! Being on the table says nothing about anybody but that they called.

use super::CallerKind;
use crate::domain::calendar::{WorkingCalendar, london};
use crate::domain::ids::{CallerId, PersonId};
use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};
use serde::{Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

/// A calendar month of London, written `2026-05`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    first: NaiveDate,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no month: write it as 2026-05")]
pub struct NoMonth(pub String);

impl FromStr for Month {
    type Err = NoMonth;

    fn from_str(text: &str) -> Result<Self, NoMonth> {
        let first = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").ok();
        let month = first.map(|first| Month { first }).filter(|month| month.to_string() == text);
        month.ok_or_else(|| NoMonth(text.to_owned()))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.first.format("%Y-%m"))
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Month {
    /// The month a day lies in.
    pub fn of(day: NaiveDate) -> Self {
        Self { first: day.with_day(1).unwrap_or(day) }
    }

    pub fn first(self) -> NaiveDate {
        self.first
    }

    pub fn last(self) -> NaiveDate {
        self.next().first.pred_opt().unwrap_or(self.first)
    }

    pub fn next(self) -> Self {
        Self { first: self.first.checked_add_months(Months::new(1)).unwrap_or(self.first) }
    }

    pub fn previous(self) -> Self {
        Self { first: self.first.checked_sub_months(Months::new(1)).unwrap_or(self.first) }
    }

    /// Its first instant and the first of the next: a month in which the clocks change is an hour shorter or longer.
    pub fn bounds(self) -> (DateTime<Utc>, DateTime<Utc>) {
        (london::start_of_day(self.first), london::start_of_day(self.next().first))
    }

    /// Every day of it, in order.
    pub fn days(self) -> impl Iterator<Item = NaiveDate> {
        self.first.iter_days().take_while(move |day| *day <= self.last())
    }

    /// `May 2026`.
    pub fn words(self) -> String {
        self.first.format("%B %Y").to_string()
    }
}

/// How often somebody called, from wherever in the county.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    pub caller: CallerId,
    /// Other callers who an officer said are the same person on file; their calls are in here.
    pub also: Vec<CallerId>,
    pub kind: CallerKind,
    /// By line: `999`, `101`.
    pub by_channel: BTreeMap<String, u64>,
    /// Of these calls, those that came from the areas of the table; all of them on the table of the whole county.
    pub in_areas: u64,
    pub first_at: DateTime<Utc>,
    pub last_at: DateTime<Utc>,
}

impl Called {
    pub fn calls(&self) -> u64 {
        self.by_channel.values().sum()
    }

    /// With the calls of another caller who is the same person.
    fn and(mut self, other: Called) -> Called {
        for (channel, calls) in other.by_channel {
            *self.by_channel.entry(channel).or_default() += calls;
        }
        self.also.push(other.caller);
        self.also.extend(other.also);
        Called {
            kind: if self.kind == CallerKind::Unknown { other.kind } else { self.kind },
            in_areas: self.in_areas + other.in_areas,
            first_at: self.first_at.min(other.first_at),
            last_at: self.last_at.max(other.last_at),
            ..self
        }
    }
}

/// Callers who are one person are one: whoever of them called most stands for it.
pub fn add_up(mut called: Vec<Called>, person: impl Fn(CallerId) -> Option<PersonId>) -> Vec<Called> {
    called.sort_by_key(most_first);
    let (mut people, mut others) = (BTreeMap::<PersonId, Called>::new(), Vec::new());
    for one in called {
        let Some(person) = person(one.caller) else {
            others.push(one);
            continue;
        };
        let sum = match people.remove(&person) {
            Some(sum) => sum.and(one),
            None => one,
        };
        people.insert(person, sum);
    }
    others.extend(people.into_values());
    others
}

fn most_first(one: &Called) -> (std::cmp::Reverse<u64>, CallerId) {
    (std::cmp::Reverse(one.calls()), one.caller)
}

/// Who is on the table: people and organisations apart, and those of whom nobody said which they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    pub individuals: Vec<Called>,
    pub organisations: Vec<Called>,
    pub unknown: Vec<Called>,
}

/// The table of whoever called `at_least` times, from wherever, and at least once from its areas; most calls first.
pub fn table(called: Vec<Called>, at_least: u32) -> Table {
    let on_it = |one: &Called| one.in_areas > 0 && one.calls() >= u64::from(at_least);
    let mut often: Vec<Called> = called.into_iter().filter(on_it).collect();
    often.sort_by_key(most_first);
    let mut table = Table::default();
    for one in often {
        match one.kind {
            CallerKind::Individual => table.individuals.push(one),
            CallerKind::Organisation => table.organisations.push(one),
            CallerKind::Unknown => table.unknown.push(one),
        }
    }
    table
}

/// Days one after another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Span {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// On which days of a month a system's files hold calls, and on which they hold none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SystemDays {
    pub system: String,
    pub covered: Vec<Span>,
    /// Days that are over and of which no call is on file: a file that is missing, or one that was undone.
    pub missing: Vec<Span>,
}

/// What each system's files cover of a month, of the days that are over by `today`. A system of `expected` that has no call
/// on any day misses them all.
pub fn coverage(
    month: Month,
    today: NaiveDate,
    (expected, days): (&BTreeSet<String>, &BTreeMap<String, BTreeSet<NaiveDate>>),
) -> Vec<SystemDays> {
    let none = |system: &String| (system.clone(), BTreeSet::new());
    let mut of_each: BTreeMap<String, BTreeSet<NaiveDate>> = expected.iter().map(none).collect();
    of_each.extend(days.clone());
    let of_system = |(system, covered): (&String, &BTreeSet<NaiveDate>)| SystemDays {
        system: system.clone(),
        covered: spans(month.days().filter(|day| covered.contains(day))),
        missing: spans(month.days().filter(|day| *day < today && !covered.contains(day))),
    };
    of_each.iter().map(of_system).collect()
}

/// Days that are over and of which no system's file holds a call.
pub fn days_without_any(month: Month, today: NaiveDate, days: &BTreeMap<String, BTreeSet<NaiveDate>>) -> Vec<Span> {
    spans(month.days().filter(|day| *day < today && !days.values().any(|covered| covered.contains(day))))
}

fn spans(days: impl Iterator<Item = NaiveDate>) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for day in days {
        match spans.last_mut() {
            Some(span) if span.to.succ_opt() == Some(day) => span.to = day,
            Some(_) | None => spans.push(Span { from: day, to: day }),
        }
    }
    spans
}

/// What the table is and is not, word for word on every way out of it (policy 6.9).
pub const STATEMENT: [&str; 6] = [
    "It holds calls to 999 and 101 only: no e-mail, online report, chat or other digital demand.",
    "It is of everybody who called often, not only of hoax or nuisance callers.",
    "It includes people who are victims again and again, and victims of domestic abuse.",
    "Nobody on it is a nuisance or anything else by that alone: it asks people to look.",
    "Calls of which nobody can tell who called are in no row.",
    "Whoever called only from places of no known area is on the table of the whole county alone.",
];

/// The day by which a month is checked: the `working_day`-th working day of the next.
pub fn check_due(month: Month, working_day: u32, calendar: &WorkingCalendar) -> Option<NaiveDate> {
    calendar.add_working_days(month.last(), working_day)
}

/// For which areas no check was made: of those in `apart`, that are checked each on their own; of the whole county where
/// there are none. A check of the whole county is one of each area; checks of some areas leave the others of the `county`.
pub fn checks_owed(
    apart: &BTreeSet<String>,
    county: &BTreeSet<String>,
    made: &[Option<String>],
) -> Vec<Option<String>> {
    if made.iter().any(Option::is_none) {
        return Vec::new();
    }
    if apart.is_empty() && (made.is_empty() || county.is_empty()) {
        return vec![None];
    }
    let areas = if apart.is_empty() { county } else { apart };
    let owed = areas.iter().filter(|area| !made.iter().flatten().any(|done| done == *area));
    owed.map(|area| Some(area.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::Id;
    use chrono::Duration;
    use uuid::Uuid;

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn called(n: u128, kind: CallerKind, calls: u64) -> Called {
        let at = "2026-05-01T12:00:00Z".parse().unwrap();
        let by_channel = BTreeMap::from([("101".to_owned(), calls)]);
        let (caller, also) = (Id::from_uuid(Uuid::from_u128(n)), Vec::new());
        Called { caller, also, kind, by_channel, in_areas: calls, first_at: at, last_at: at }
    }

    #[test]
    fn a_month_is_written_one_way_and_nothing_else_is_one() {
        assert_eq!(month("2026-05").to_string(), "2026-05");
        for no in ["2026-5", "2026-13", "26-05", "2026-05-01", "", "2026"] {
            assert!(no.parse::<Month>().is_err(), "{no}");
        }
        assert_eq!((month("2026-02").last(), month("2028-02").last()), (day("2026-02-28"), day("2028-02-29")));
        assert_eq!(month("2026-12").next(), month("2027-01"));
        assert_eq!(month("2026-01").previous(), month("2025-12"));
    }

    #[test]
    fn a_month_begins_and_ends_at_midnight_in_london_and_the_clocks_change_in_it() {
        let (from, until) = month("2026-03").bounds();
        assert_eq!(from, "2026-03-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap());
        assert_eq!(until - from, Duration::hours(31 * 24 - 1));
        let (from, until) = month("2026-10").bounds();
        assert_eq!(from, "2026-09-30T23:00:00Z".parse::<DateTime<Utc>>().unwrap());
        assert_eq!(until - from, Duration::hours(31 * 24 + 1));
    }

    #[test]
    fn nine_calls_are_not_on_the_table_and_ten_are_each_in_their_own_list() {
        let rows = vec![
            called(1, CallerKind::Individual, 9),
            called(2, CallerKind::Individual, 10),
            called(3, CallerKind::Organisation, 40),
            called(4, CallerKind::Unknown, 12),
            called(5, CallerKind::Individual, 11),
        ];
        let table = table(rows, 10);
        let calls = |list: &[Called]| list.iter().map(Called::calls).collect::<Vec<_>>();
        assert_eq!(calls(&table.individuals), [11, 10]);
        assert_eq!((calls(&table.organisations), calls(&table.unknown)), (vec![40], vec![12]));
    }

    #[test]
    fn the_table_of_an_area_goes_by_all_calls_of_whoever_called_from_it() {
        let of_area = |one: Called, in_areas: u64| Called { in_areas, ..one };
        let rows = vec![
            of_area(called(1, CallerKind::Individual, 15), 9),
            of_area(called(2, CallerKind::Individual, 15), 0),
            of_area(called(3, CallerKind::Individual, 9), 9),
        ];
        let table = table(rows, 10);
        let seen: Vec<(u64, u64)> = table.individuals.iter().map(|one| (one.in_areas, one.calls())).collect();
        assert_eq!(seen, [(9, 15)]);
    }

    #[test]
    fn two_numbers_of_one_person_are_one_row_under_the_one_that_called_most() {
        let rows = vec![
            called(1, CallerKind::Unknown, 6),
            called(2, CallerKind::Individual, 7),
            called(3, CallerKind::Individual, 9),
        ];
        let person: PersonId = Id::from_uuid(Uuid::from_u128(9));
        let (first, second) = (rows[1].caller, rows[0].caller);
        let one = |caller: CallerId| (caller == first || caller == second).then_some(person);
        let table = table(add_up(rows, one), 10);
        let row = &table.individuals[0];
        assert_eq!((table.individuals.len(), row.calls(), row.in_areas), (1, 13, 13));
        assert_eq!((row.caller, &row.also), (first, &vec![second]));
    }

    #[test]
    fn days_without_a_file_are_named_and_days_to_come_are_not_missing() {
        let covered = [day("2026-05-01"), day("2026-05-02"), day("2026-05-04")];
        let days = BTreeMap::from([("storm".to_owned(), BTreeSet::from(covered))]);
        let expected = BTreeSet::from(["acd".to_owned(), "storm".to_owned()]);
        let found = coverage(month("2026-05"), day("2026-05-06"), (&expected, &days));
        let span = |from: &str, to: &str| Span { from: day(from), to: day(to) };
        assert_eq!(found[1].covered, [span("2026-05-01", "2026-05-02"), span("2026-05-04", "2026-05-04")]);
        assert_eq!(found[1].missing, [span("2026-05-03", "2026-05-03"), span("2026-05-05", "2026-05-05")]);
        assert_eq!((found[0].system.as_str(), found[0].covered.len()), ("acd", 0));
        assert_eq!(found[0].missing, [span("2026-05-01", "2026-05-05")], "a whole feed that is missing is named");
        assert_eq!(days_without_any(month("2026-05"), day("2026-05-06"), &days), found[1].missing);
        assert_eq!(days_without_any(month("2026-06"), day("2026-05-06"), &days), []);
    }

    #[test]
    fn a_check_is_due_on_the_tenth_working_day_of_the_next_month() {
        let calendar = WorkingCalendar { bank_holidays: BTreeSet::from([day("2026-05-04")]) };
        assert_eq!(check_due(month("2026-04"), 10, &calendar), Some(day("2026-05-15")));
        assert_eq!(check_due(month("2026-05"), 10, &calendar), Some(day("2026-06-12")));
    }

    #[test]
    fn a_check_of_the_county_is_one_of_every_area() {
        let (none, areas) = (BTreeSet::new(), BTreeSet::from(["east".to_owned(), "west".to_owned()]));
        let (east, west) = (Some("east".to_owned()), Some("west".to_owned()));
        assert_eq!(checks_owed(&none, &areas, &[]), [None]);
        assert_eq!(checks_owed(&areas, &none, std::slice::from_ref(&east)), std::slice::from_ref(&west));
        assert!(checks_owed(&areas, &areas, &[None]).is_empty() && checks_owed(&none, &areas, &[None]).is_empty());
    }

    #[test]
    fn checks_of_some_areas_leave_the_rest_of_a_county_that_is_checked_as_one() {
        let (none, areas) = (BTreeSet::new(), BTreeSet::from(["east".to_owned(), "west".to_owned()]));
        let (east, west) = (Some("east".to_owned()), Some("west".to_owned()));
        assert_eq!(checks_owed(&none, &areas, std::slice::from_ref(&east)), std::slice::from_ref(&west));
        assert!(checks_owed(&none, &areas, &[west, east.clone()]).is_empty());
        assert_eq!(checks_owed(&none, &none, &[east]), [None], "an area that the register no longer has is no county");
    }
}
