//! Who is on the table of a month, with what it rests on, whoever reads it: nobody is left out, nobody is written down.

use super::export::csv_of;
use super::view::{CallerMonth, MonthCoverage, MonthFile, MonthRow, SameCaller};
use super::{begun, rule};
use crate::app::callers::profiled_systems;
use crate::app::{App, AppError};
use crate::domain::calendar::london;
use crate::domain::calls::CallerKind;
use crate::domain::calls::months::{self, Called, Month, STATEMENT, Table};
use crate::domain::ids::{CallerId, PersonId};
use crate::domain::marking::Marking;
use crate::domain::registers::content_hash;
use crate::store::callers::{self, Caller};
use crate::store::calls::months::{self as counted, Counting};
use crate::store::{call_imports, people};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// The table as it stands now: of these areas, or of the whole county where none is named. What is sent is this, and its
/// hash is the same whoever asks. Whoever shows it to an officer takes out whom that officer is not shown.
///
/// # Errors
/// `NotFound` for a month that has not begun.
pub(super) async fn whole(app: &App, month: Month, areas: BTreeSet<String>) -> Result<CallerMonth, AppError> {
    let rule = rule(app)?;
    begun(app, month)?;
    let (from, until) = month.bounds();
    let counting = Counting { from, until, channels: rule.channels.clone(), areas };
    let counts = counted::callers(app.store.reader(), &counting, rule.at_least).await?;
    let known = Known::of(app, &counts.iter().map(|one| one.caller).collect::<Vec<_>>()).await?;
    let called = counts.into_iter().map(|one| Called {
        kind: known.callers.get(&one.caller).map_or(CallerKind::Unknown, |caller| caller.kind),
        caller: one.caller,
        also: Vec::new(),
        by_channel: one.by_channel,
        in_areas: one.in_areas,
        first_at: one.first_at,
        last_at: one.last_at,
    });
    let called = months::add_up(called.collect(), |caller| known.person(caller));
    let Table { individuals, organisations, unknown } = months::table(called, rule.at_least);
    let of_areas = !counting.areas.is_empty();
    let rows = |called: Vec<Called>| called.into_iter().map(|one| known.row(one, of_areas)).collect();
    let mut view = CallerMonth {
        month,
        first_day: month.first(),
        last_day: month.last(),
        marking: app.shown_with(Marking::OfficialSensitive),
        at_least: rule.at_least,
        channels: rule.channels.iter().map(|channel| channel.as_str().to_owned()).collect(),
        individuals: rows(individuals),
        organisations: rows(organisations),
        unknown: rows(unknown),
        coverage: coverage(app, month, &counting).await?,
        areas: counting.areas,
        content_sha256: String::new(),
        check_due: months::check_due(month, rule.check_by_working_day, app.catalog.calendar()),
        checks: Vec::new(),
        checks_owed: Vec::new(),
        sendings: Vec::new(),
    };
    view.content_sha256 = content_hash(&csv_of(&view));
    Ok(view)
}

/// What is kept of callers, and who on file they are.
struct Known {
    callers: BTreeMap<CallerId, Caller>,
    /// The record that stands for each person.
    roots: BTreeMap<PersonId, PersonId>,
}

impl Known {
    async fn of(app: &App, ids: &[CallerId]) -> Result<Self, AppError> {
        let db = app.store.reader();
        let mut known = Self { callers: BTreeMap::new(), roots: BTreeMap::new() };
        for some in ids.chunks(1000) {
            let some = callers::with_ids(db, some).await?;
            let persons: Vec<PersonId> = some.iter().filter_map(|caller| caller.person).collect();
            known.roots.extend(people::roots(db, &persons).await?);
            known.callers.extend(some.into_iter().map(|caller| (caller.id, caller)));
        }
        Ok(known)
    }

    fn person(&self, caller: CallerId) -> Option<PersonId> {
        let person = self.callers.get(&caller)?.person?;
        Some(self.roots.get(&person).copied().unwrap_or(person))
    }

    fn row(&self, called: Called, of_areas: bool) -> MonthRow {
        let caller = self.callers.get(&called.caller);
        let also: Vec<&Caller> = called.also.iter().filter_map(|id| self.callers.get(id)).collect();
        let first =
            |said: fn(&Caller) -> Option<&String>| caller.into_iter().chain(also.iter().copied()).find_map(said);
        let person = self.person(called.caller);
        MonthRow {
            caller_id: called.caller,
            number: caller.and_then(|caller| caller.number.clone()),
            name: first(|caller| caller.name.as_ref()).cloned(),
            location: first(|caller| caller.location.as_ref()).cloned(),
            also: also
                .iter()
                .map(|caller| SameCaller { caller_id: caller.id, number: caller.number.clone() })
                .collect(),
            calls: called.calls(),
            calls_in_areas: of_areas.then_some(called.in_areas),
            by_channel: called.by_channel,
            first_at: called.first_at,
            last_at: called.last_at,
            on_file: person.is_some(),
            person,
        }
    }
}

async fn coverage(app: &App, month: Month, counting: &Counting) -> Result<MonthCoverage, AppError> {
    let db = app.store.reader();
    let today = london::date_of(app.now());
    let bounds = |day: NaiveDate| {
        let next = day.succ_opt().unwrap_or(day);
        (day, (london::start_of_day(day), london::start_of_day(next)))
    };
    let days: Vec<_> = month.days().filter(|day| *day <= today).map(bounds).collect();
    let by_system = counted::systems_by_day(db, &days).await?;
    let mut expected = counted::systems(db).await?;
    expected.extend(profiled_systems(app));
    let totals = counted::totals(db, counting).await?;
    let files = call_imports::reaching_into(db, (counting.from, counting.until)).await?.into_iter();
    let file = |import: call_imports::CallImport| {
        let (first, last) = import.first_call_at.zip(import.last_call_at)?;
        let (first_day, last_day) = (london::date_of(first), london::date_of(last));
        Some(MonthFile { system: import.system, file_name: import.file_name, first_day, last_day })
    };
    Ok(MonthCoverage {
        statement: STATEMENT.to_vec(),
        systems: months::coverage(month, today, (&expected, &by_system)),
        files: files.filter_map(file).collect(),
        days_without_any: months::days_without_any(month, today, &by_system),
        calls: totals.calls,
        calls_without_caller: totals.without_caller,
        calls_without_area: totals.without_area,
    })
}
