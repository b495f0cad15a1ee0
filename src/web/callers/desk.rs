//! `/callers`: what lies on the desk today. Each role sees its own part.

use super::places::{Place, may, page};
use super::words::{area, measure, system_title, unit};
use crate::app::App;
use crate::app::callers::MonthStands;
use crate::app::coordination::{AreaReferral, CoordinationDesk, SystemHealth, area_referrals, read_desk};
use crate::domain::access::Role;
use crate::domain::calendar::london;
use crate::render::long_date;
use crate::render::pages::date_and_time;
use crate::web::due::due_at;
use crate::web::fault::Fault;
use crate::web::visitor::Visitor;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

const MOST: u64 = 50;
const UNITS: [Role; 2] = [Role::Opt, Role::Snt];

#[get("/callers")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, Fault> {
    let desk = Box::pin(read_desk(&app, &visitor.actor)).await?;
    // Who reads the whole desk has every referral in it; a unit is shown those made to it.
    let theirs = if desk.referrals.is_none() && visitor.officer.has_any(&UNITS) {
        area_referrals(&app, &visitor.actor, None, MOST).await?
    } else {
        Vec::new()
    };
    let now = app.now();
    let marking = theirs.iter().fold(desk.marking, |marking, one| marking.max(one.marking));
    let view = json!({
        "programme": desk.programme,
        "aims": aims(&desk),
        "referrals": desk.referrals.as_ref().map(|stand| json!({
            "byState": stand.by_state.iter().filter(|state| state.cases > 0).collect::<Vec<_>>(),
            "overdue": stand.overdue.iter().map(|one| referral(one, now)).collect::<Vec<_>>(),
            "areaUnknown": stand.area_unknown.iter().map(|one| referral(one, now)).collect::<Vec<_>>(),
            "waiting": stand.nominations_waiting,
        })),
        "markersOverdue": desk.markers_overdue,
        "theirs": theirs.iter().filter(|one| !one.ended).map(|one| referral(one, now)).collect::<Vec<_>>(),
        "isUnit": desk.referrals.is_none() && visitor.officer.has_any(&UNITS),
        "systems": desk.identification.as_ref().map(|runs| runs.systems.iter().map(system).collect::<Vec<_>>()),
        "rules": desk.identification.as_ref().map(|runs| &runs.rules),
        "months": desk.months.as_ref().map(|months| months.iter().map(month_row).collect::<Vec<_>>()),
        "notes": desk.notes,
        "holders": desk.holders,
        "reads": desk.referrals.is_some(),
        "works": may(&visitor).work,
    });
    Ok(page(&visitor, ("callers/desk", "Repeat callers", Place::Desk), marking, view).show(&app, &visitor))
}

/// Each aim with the counts it is followed by.
fn aims(desk: &CoordinationDesk) -> Value {
    let Some(measures) = &desk.measures else { return Value::Null };
    let counts = json!(measures);
    let count = |key: &str| {
        let all = counts.as_array().into_iter().flatten();
        let found = all.clone().find(|one| one.get("measure").and_then(Value::as_str) == Some(key));
        found.and_then(|one| one.get("count").cloned()).unwrap_or_default()
    };
    let aims = desk.programme.get("aims").and_then(Value::as_array).into_iter().flatten();
    let aim = |aim: &Value| {
        let keys = aim.get("measures").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let counted: Vec<Value> = keys.map(|key| json!({ "what": measure(key), "count": count(key) })).collect();
        json!({ "title": aim.get("title"), "outcome": aim.get("outcome"), "counted": counted })
    };
    json!(aims.map(aim).collect::<Vec<_>>())
}

/// A referral as a row of a list.
pub(super) fn referral(one: &AreaReferral, now: DateTime<Utc>) -> Value {
    json!({ "href": format!("/cases/{}", one.case_id), "stateTitle": one.state_title,
            "unit": one.unit.as_deref().map(|team| unit(team, None)), "area": one.area,
            "since": long_date(london::date_of(one.state_since)),
            "due": one.due_at.map(|due| due_at(due, now)), "adjustments": one.adjustments.len() })
}

fn system(one: &SystemHealth) -> Value {
    let share = format!("{}.{}%", one.rejected_per_mille / 10, one.rejected_per_mille % 10);
    json!({ "name": system_title(&one.system), "lastAt": one.last_done_at.map(date_and_time), "file": one.last_file,
            "lastCall": one.last_call_on.map(long_date), "daysWithout": one.days_without,
            "rejected": one.rejected, "rows": one.rows_read, "share": share,
            "failed": one.failed_since, "running": one.running > 0 })
}

/// A month as a row of a list.
pub(super) fn month_row(one: &MonthStands) -> Value {
    let missed: Vec<String> =
        one.checks_owed.iter().filter(|owed| owed.missed).map(|owed| area(owed.area.as_deref())).collect();
    json!({ "href": format!("/callers/months/{}", one.month), "title": one.month.words(), "over": one.over,
            "due": one.check_due.map(long_date), "checks": one.checks, "owed": !one.checks_owed.is_empty(),
            "missed": missed, "sent": one.sendings.len(), "withoutReceipt": one.without_receipt,
            "withoutAction": one.sendings.iter().filter(|sent| sent.action_at.is_none()).count() })
}
