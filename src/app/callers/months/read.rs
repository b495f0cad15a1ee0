//! The table of a month with what it rests on. Who was shown it is written down, caller by caller.

use super::export::csv_of;
use super::view::{CallerMonth, MonthCheckView, MonthCoverage, MonthFile, MonthRow, OwedCheck};
use super::{begun, rule, send};
use crate::app::callers::{MAY_READ_MONTHS, areas_read, hidden_from, log_callers, sees_area};
use crate::app::{App, AppError, Shown, officer_names, rights};
use crate::domain::access::{Actor, Scope};
use crate::domain::calendar::london;
use crate::domain::calls::CallerKind;
use crate::domain::calls::months::{self, Called, Month, STATEMENT};
use crate::domain::ids::CallerId;
use crate::domain::marking::Marking;
use crate::domain::registers::content_hash;
use crate::store::callers::{self, Caller};
use crate::store::calls::months::{self as counted, Counting};
use crate::store::{call_imports, caller_months};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The table of a month, of one area or of all the reader sees.
///
/// # Errors
/// `Refused`; `NotFound` for a month that has not begun, or an area that is not the reader's.
pub async fn read_month(app: &App, actor: &Actor, month: Month, area: Option<&str>) -> Result<CallerMonth, AppError> {
    rights::system_or_officer(actor, Scope::CallerMonthsRead, &MAY_READ_MONTHS)?;
    let areas = areas_read(actor, area)?;
    let view = gather(app, actor, month, areas).await?;
    let shown: Vec<Shown> = view.rows().map(|(_, row)| Shown::of(row.caller_id.as_uuid(), row.person)).collect();
    log_callers(app, actor, "caller", &shown).await?;
    Ok(view)
}

/// The same without writing down who looked: whoever calls this does.
pub(super) async fn gather(
    app: &App,
    actor: &Actor,
    month: Month,
    areas: BTreeSet<String>,
) -> Result<CallerMonth, AppError> {
    let rule = rule(app)?;
    begun(app, month)?;
    let db = app.store.reader();
    let (from, until) = month.bounds();
    let counting = Counting { from, until, channels: rule.channels.clone(), areas };
    let counts = counted::callers(db, &counting, rule.at_least).await?;
    let people = callers_of(app, &counts.iter().map(|one| one.caller).collect::<Vec<_>>()).await?;
    let hidden = hidden_from(app, actor).await?;
    let kind = |caller: CallerId| people.get(&caller).map_or(CallerKind::Unknown, |caller| caller.kind);
    let called = counts.into_iter().map(|one| Called {
        kind: kind(one.caller),
        caller: one.caller,
        by_channel: one.by_channel,
        first_at: one.first_at,
        last_at: one.last_at,
    });
    let shown = called.filter(|one| !hidden.hides(people.get(&one.caller).and_then(|caller| caller.person)));
    let table = months::table(shown.collect(), rule.at_least);
    let rows = |called: Vec<Called>| called.into_iter().map(|one| row(one, &people)).collect();
    let mut view = CallerMonth {
        month,
        first_day: month.first(),
        last_day: month.last(),
        marking: app.shown_with(Marking::OfficialSensitive),
        at_least: rule.at_least,
        channels: rule.channels.iter().map(|channel| channel.as_str().to_owned()).collect(),
        areas: counting.areas.clone(),
        individuals: rows(table.individuals),
        organisations: rows(table.organisations),
        unknown: rows(table.unknown),
        coverage: coverage(app, month, &counting).await?,
        content_sha256: String::new(),
        check_due: months::check_due(month, rule.check_by_working_day, app.catalog.calendar()),
        checks: Vec::new(),
        checks_owed: Vec::new(),
        sendings: Vec::new(),
    };
    view.content_sha256 = content_hash(&csv_of(&view));
    follow(app, actor, &mut view).await?;
    Ok(view)
}

async fn callers_of(app: &App, ids: &[CallerId]) -> Result<BTreeMap<CallerId, Caller>, AppError> {
    let mut found = BTreeMap::new();
    for some in ids.chunks(1000) {
        let some = callers::with_ids(app.store.reader(), some).await?;
        found.extend(some.into_iter().map(|caller| (caller.id, caller)));
    }
    Ok(found)
}

fn row(called: Called, people: &BTreeMap<CallerId, Caller>) -> MonthRow {
    let caller = people.get(&called.caller);
    MonthRow {
        caller_id: called.caller,
        number: caller.and_then(|caller| caller.number.clone()),
        name: caller.and_then(|caller| caller.name.clone()),
        location: caller.and_then(|caller| caller.location.clone()),
        calls: called.calls(),
        by_channel: called.by_channel,
        first_at: called.first_at,
        last_at: called.last_at,
        on_file: caller.is_some_and(|caller| caller.person.is_some()),
        person: caller.and_then(|caller| caller.person),
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
    let (calls, calls_without_caller) = counted::totals(db, counting).await?;
    let files = call_imports::reaching_into(db, (counting.from, counting.until)).await?.into_iter();
    let file = |import: call_imports::CallImport| {
        let (first, last) = import.first_call_at.zip(import.last_call_at)?;
        let (first_day, last_day) = (london::date_of(first), london::date_of(last));
        Some(MonthFile { system: import.system, file_name: import.file_name, first_day, last_day })
    };
    Ok(MonthCoverage {
        statement: STATEMENT.to_vec(),
        systems: months::coverage(month, today, &by_system),
        files: files.filter_map(file).collect(),
        days_without_any: months::days_without_any(month, today, &by_system),
        calls,
        calls_without_caller,
    })
}

/// What was sent of it, and who checked it.
async fn follow(app: &App, actor: &Actor, view: &mut CallerMonth) -> Result<(), AppError> {
    let (db, month) = (app.store.reader(), view.month.to_string());
    let checks = caller_months::checks(db, Some(&month)).await?;
    let made: Vec<Option<String>> = checks.iter().map(|check| check.area.clone()).collect();
    let today = london::date_of(app.now());
    let missed = view.check_due.is_some_and(|due| due < today);
    let owed = months::checks_owed(&rule(app)?.areas, &made).into_iter();
    view.checks_owed = owed.map(|area| OwedCheck { area, missed }).collect();
    let ids: Vec<Uuid> = checks.iter().map(|check| check.by.as_uuid()).collect();
    let names = officer_names(app, &ids).await?;
    let seen = checks.into_iter().filter(|check| sees_area(actor, check.area.as_deref()));
    view.checks = seen
        .map(|check| MonthCheckView {
            id: check.id,
            late: view.check_due.is_some_and(|due| london::date_of(check.at) > due),
            area: check.area,
            found: check.found,
            checked_by: names.get(&check.by.as_uuid()).cloned().unwrap_or_default(),
            checked_at: check.at,
        })
        .collect();
    let sendings = caller_months::sendings(db, Some(&month)).await?.into_iter();
    let seen = sendings.filter(|sending| sees_area(actor, sending.area.as_deref())).collect();
    view.sendings = send::views(app, seen).await?;
    Ok(())
}
