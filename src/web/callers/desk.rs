//! `/callers`: what lies on the desk today. Each role sees its own part.

use super::cases::{PLACE as CASES, states};
use super::places::{Place, may, page};
use super::words::{area, measure, system_title, unit};
use crate::app::App;
use crate::app::callers::MonthStands;
use crate::app::coordination::{AreaReferral, CoordinationDesk, Holder, MAY_READ_PROGRAMME, SystemHealth, read_desk};
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

/// Of a list, as many as a desk shows; the rest is behind it.
const MOST: usize = 25;

#[get("/callers")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, Fault> {
    let desk = Box::pin(read_desk(&app, &visitor.actor)).await?;
    let now = app.now();
    let reads = visitor.officer.has_any(&MAY_READ_PROGRAMME);
    let coordinates = visitor.officer.has_any(&[Role::Coordinator, Role::Auditor]);
    let list = |title: &str, none: &str, found: &[AreaReferral]| {
        let rows = found.iter().take(MOST).map(|one| referral(one, now)).collect::<Vec<_>>();
        json!({ "title": title, "none": none, "rows": rows, "more": found.len().saturating_sub(MOST) })
    };
    let referrals = desk.referrals.as_ref().map(|stand| {
        let to_take_on = if coordinates { "Waiting for a unit to take them on" } else { "For your unit to take on" };
        let mut lists = vec![
            list("Overdue", "None.", &stand.overdue),
            list("Review due", "No review is due.", &stand.review_due),
            list(to_take_on, "None waits.", &stand.to_take_on),
        ];
        if coordinates {
            let title = "Where somebody calls from is not known yet";
            lists.push(list(title, "Every referral has its area.", &stand.area_unknown));
        }
        json!({ "lists": lists, "byState": states(&stand.by_state, None), "all": CASES,
                "waiting": stand.nominations_waiting })
    });
    let shown = desk.referrals.iter().flat_map(|stand| {
        stand.overdue.iter().chain(&stand.review_due).chain(&stand.to_take_on).chain(&stand.area_unknown)
    });
    let marking = shown.fold(desk.marking, |marking, one| marking.max(one.marking));
    let view = json!({
        "programme": desk.programme,
        "aims": aims(&desk),
        "referrals": referrals,
        "coordinates": coordinates,
        "markersOverdue": desk.markers_overdue,
        "systems": desk.identification.as_ref().map(|runs| runs.systems.iter().map(system).collect::<Vec<_>>()),
        "rules": desk.identification.as_ref().map(|runs| &runs.rules),
        "months": desk.months.as_ref().map(|months| months.iter().map(month_row).collect::<Vec<_>>()),
        "notes": desk.notes,
        "holders": desk.holders.iter().map(holder).collect::<Vec<_>>(),
        "reads": reads,
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
    json!({ "href": format!("/cases/{}", one.case_id), "stateTitle": one.state_title, "called": one.called,
            "opened": long_date(london::date_of(one.opened_at)), "unit": one.unit.as_deref().map(|team| unit(team, None)), "area": one.area,
            "since": long_date(london::date_of(one.state_since)),
            "due": one.due_at.map(|due| due_at(due, now)), "adjustments": one.adjustments.len() })
}

fn holder(one: &Holder) -> Value {
    json!({ "name": one.name, "deputy": one.deputy.as_ref().map(|deputy| &deputy.name),
            "until": one.deputy.as_ref().map(|deputy| long_date(deputy.to)) })
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
