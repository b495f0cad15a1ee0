//! An Operational Partnership Team has looked through the month, and says what it found (policy 6.11, 6.12).

use super::view::MonthCheckView;
use super::{happened, over, rule, words, words_if_any};
use crate::app::callers::{MAY_CHECK_MONTHS, for_theirs};
use crate::app::{App, AppError, rights};
use crate::domain::access::{Actor, Officer};
use crate::domain::calendar::london;
use crate::domain::calls::months::{self, Month};
use crate::store::caller_months::{self, Check};
use crate::store::events::{self, Stream};
use serde_json::json;

/// An officer of some areas answers for those: without an area named it is the only one they have.
///
/// # Errors
/// `wrong-role`; `not-your-area`; `NotFound` for a month that has not begun; `Invalid` without what was found, for a month
/// that is not over, for an area that is not checked apart, or where it is not said which of several areas it is.
pub async fn check_month(
    app: &App,
    actor: &Actor,
    month: Month,
    (area, found): (Option<&str>, &str),
) -> Result<MonthCheckView, AppError> {
    let officer = rights::officer_with(actor, &MAY_CHECK_MONTHS)?;
    over(app, month)?;
    let rule = rule(app)?;
    let area = words_if_any("/area", area, 100)?;
    for_theirs(actor, area.as_deref())?;
    let area = checked(app, officer, area)?;
    let check = Check {
        id: app.new_id(),
        month: month.to_string(),
        area,
        found: words("/found", found, 5000)?,
        by: officer.id,
        at: app.now(),
    };
    let data = json!({ "month": check.month, "area": check.area, "found": check.found });
    let (row, checked) = (check.clone(), happened(app, actor, "checked", data));
    let written = app.store.write(async move |tx| {
        caller_months::insert_check(tx, &row).await?;
        events::append(tx, Stream::CallerMonth, row.id.as_uuid(), 0, vec![checked]).await?;
        Ok::<_, AppError>(())
    });
    written.await?;
    let due = months::check_due(month, rule.check_by_working_day, app.catalog.calendar());
    Ok(MonthCheckView {
        id: check.id,
        area: check.area,
        found: check.found,
        checked_by: officer.display_name.clone(),
        checked_at: check.at,
        late: due.is_some_and(|due| london::date_of(check.at) > due),
    })
}

/// The areas that an officer may say they checked: those that are checked on their own; of an officer of some areas these,
/// whose part of the county's check it is where none is checked on its own.
pub fn areas_to_check(app: &App, officer: &Officer) -> Vec<String> {
    let apart = app.catalog.registers().repeat_callers_month.as_ref().map(|rule| &rule.areas);
    let Some(apart) = apart else { return Vec::new() };
    let theirs = if officer.areas.is_empty() { apart } else { &officer.areas };
    theirs.iter().filter(|area| apart.is_empty() || apart.contains(*area)).cloned().collect()
}

/// Which of these an officer checked; `None`: the whole county.
fn checked(app: &App, officer: &Officer, area: Option<String>) -> Result<Option<String>, AppError> {
    let theirs = areas_to_check(app, officer);
    let of_county = officer.areas.is_empty();
    match (area, theirs.as_slice()) {
        (None, _) if of_county => Ok(None),
        (None, [only]) => Ok(Some(only.clone())),
        (Some(area), theirs) if theirs.contains(&area) => Ok(Some(area)),
        (Some(_), _) if of_county => {
            Err(AppError::invalid("/area", "This area is not checked on its own: leave it out."))
        }
        (_, []) => Err(AppError::invalid("/area", "None of your areas is checked on its own.")),
        (_, theirs) => {
            let message = format!("You check your own areas: say which it is of {}.", theirs.join(", "));
            Err(AppError::invalid("/area", message))
        }
    }
}
