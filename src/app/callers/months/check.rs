//! An Operational Partnership Team has looked through the month, and says what it found (policy 6.11, 6.12).

use super::view::MonthCheckView;
use super::{happened, over, rule, words, words_if_any};
use crate::app::callers::MAY_CHECK_MONTHS;
use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::calendar::london;
use crate::domain::calls::months::{self, Month};
use crate::store::caller_months::{self, Check};
use crate::store::events::{self, Stream};
use serde_json::json;

/// # Errors
/// `wrong-role`; `NotFound` for a month that has not begun; `Invalid` without what was found, for a month that is not over,
/// or for an area that is not checked apart.
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
    if area.as_ref().is_some_and(|area| !rule.areas.contains(area)) {
        return Err(AppError::invalid("/area", "This area is not checked on its own: leave it out."));
    }
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
