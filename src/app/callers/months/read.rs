//! The table of a month as one reader sees it. Who was shown it is written down, caller by caller.

use super::view::{CallerMonth, MonthCheckView, OwedCheck};
use super::{owed, rule, send, table};
use crate::app::callers::{MAY_READ_MONTHS, areas_read, hidden_from, is_for};
use crate::app::{App, AppError, Shown, log_list, officer_names, rights};
use crate::domain::access::{Actor, Scope};
use crate::domain::calendar::london;
use crate::domain::calls::months::Month;
use crate::store::caller_months;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The table of a month, of one area or of all the reader sees.
///
/// # Errors
/// `Refused`; `NotFound` for a month that has not begun, or an area that is not the reader's.
pub async fn read_month(app: &App, actor: &Actor, month: Month, area: Option<&str>) -> Result<CallerMonth, AppError> {
    rights::system_or_officer(actor, Scope::CallerMonthsRead, &MAY_READ_MONTHS)?;
    let areas = areas_read(actor, area)?;
    let view = shown_to(app, actor, month, areas).await?;
    let each = |(_, row): (_, &super::MonthRow)| {
        let person = row.person;
        row.callers().map(move |caller| Shown::of(caller.as_uuid(), person)).collect::<Vec<_>>()
    };
    let shown: Vec<Shown> = view.rows().flat_map(each).collect();
    log_list(app, actor, "caller", &shown).await?;
    Ok(view)
}

/// The same without writing down who looked: whoever calls this does.
pub(super) async fn shown_to(
    app: &App,
    actor: &Actor,
    month: Month,
    areas: BTreeSet<String>,
) -> Result<CallerMonth, AppError> {
    let mut view = table::whole(app, month, areas).await?;
    let hidden = hidden_from(app, actor).await?;
    for list in [&mut view.individuals, &mut view.organisations, &mut view.unknown] {
        list.retain(|row| !hidden.hides(row.person));
    }
    follow(app, actor, &mut view).await?;
    Ok(view)
}

/// What was sent of it, and who checked it.
async fn follow(app: &App, actor: &Actor, view: &mut CallerMonth) -> Result<(), AppError> {
    let (db, month) = (app.store.reader(), view.month.to_string());
    let checks = caller_months::checks(db, Some(&month)).await?;
    let made: Vec<Option<String>> = checks.iter().map(|check| check.area.clone()).collect();
    let today = london::date_of(app.now());
    let missed = view.check_due.is_some_and(|due| due < today);
    let owed = owed(app, rule(app)?, &made).into_iter();
    view.checks_owed = owed.map(|area| OwedCheck { area, missed }).collect();
    let ids: Vec<Uuid> = checks.iter().map(|check| check.by.as_uuid()).collect();
    let names = officer_names(app, &ids).await?;
    let seen = checks.into_iter().filter(|check| is_for(actor, check.area.as_deref()));
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
    let seen = sendings.filter(|sending| is_for(actor, sending.area.as_deref())).collect();
    view.sendings = send::views(app, actor, seen).await?;
    Ok(())
}
