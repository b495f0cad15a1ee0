//! `/callers/months/{month}`: the table with what it rests on, what was sent of it, who checked it; sent, checked and taken
//! out from pages of their own.

use super::forms::{asking, done, only_where, text, typed};
use super::places::{Place, may, page};
use super::words::{area, called, days, system_title, unit};
use crate::app::callers::{
    CallerMonth, MonthRow, MonthSendingView, NewSending, area_names, areas_to_check, check_month, export_month,
    read_month, send_month,
};
use crate::app::{App, AppError, drafts};
use crate::domain::access::Role;
use crate::domain::calls::months::Month;
use crate::render::long_date;
use crate::render::pages::date_and_time;
use crate::web::fault::Fault;
use crate::web::form::{Drawing, faults};
use crate::web::people::asking::{Asking, reason_form};
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use serde_json::{Value, json};

fn month_of(path: &str) -> Result<Month, Fault> {
    Ok(path.parse().map_err(|_no_month| AppError::NotFound)?)
}

#[get("/callers/months/{month}")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor, path: Path<String>) -> Result<HttpResponse, Fault> {
    let month = month_of(&path)?;
    let table = read_month(&app, &visitor.actor, month, None).await?;
    let title = format!("Repeat callers in {}", month.words());
    let view = view(&app, &visitor, &table);
    let page = page(&visitor, ("callers/month", &title, Place::Within), table.marking, view);
    Ok(page.show(&app, &visitor))
}

fn view(app: &App, visitor: &Visitor, table: &CallerMonth) -> Value {
    let profiles = may(visitor).read_profiles;
    let rows = |rows: &[MonthRow]| rows.iter().map(|one| row(one, profiles)).collect::<Vec<_>>();
    let lists = [
        ("People", "Nobody is on it.", &table.individuals),
        ("Businesses and other organisations", "No organisation is on it.", &table.organisations),
        ("Of whom no system says which they are", "", &table.unknown),
    ];
    let shown = lists.into_iter().filter(|(_, empty, of)| !empty.is_empty() || !of.is_empty());
    let coverage = &table.coverage;
    let systems: Vec<Value> = coverage
        .systems
        .iter()
        .map(|one| {
            let files = coverage.files.iter().filter(|file| file.system == one.system).count();
            json!({ "name": system_title(&one.system), "covered": days(&one.covered), "missing": days(&one.missing), "files": files })
        })
        .collect();
    let of = |key: &Option<String>| area(area_names(app, key).pop().as_deref());
    let missed: Vec<String> = table.checks_owed.iter().filter(|owed| owed.missed).map(|owed| of(&owed.area)).collect();
    let owed: Vec<String> = table.checks_owed.iter().map(|owed| of(&owed.area)).collect();
    let checks = table.checks.iter().map(|one| {
        json!({ "area": of(&one.area), "found": one.found, "by": one.checked_by,
                "at": date_and_time(one.checked_at), "late": one.late })
    });
    json!({
        "month": table.month, "place": format!("/callers/months/{}", table.month), "atLeast": table.at_least,
        "firstDay": long_date(table.first_day), "lastDay": long_date(table.last_day),
        "lists": shown.map(|(title, empty, of)| json!({ "title": title, "empty": empty, "rows": rows(of) })).collect::<Vec<_>>(),
        "areas": area_names(app, &table.areas),
        "statement": coverage.statement, "systems": systems, "none": days(&coverage.days_without_any),
        "calls": coverage.calls, "withoutCaller": coverage.calls_without_caller,
        "withoutArea": coverage.calls_without_area,
        "due": table.check_due.map(long_date), "checks": checks.collect::<Vec<_>>(), "missed": missed,
        "owed": owed, "hash": table.content_sha256,
        "sendings": table.sendings.iter().map(|one| sending(app, visitor, table, one)).collect::<Vec<_>>(),
        "profiles": profiles,
        "back": { "href": "/callers/months", "text": "Months" },
    })
}

fn row(one: &MonthRow, profiles: bool) -> Value {
    let line = |channel: &str| one.by_channel.get(channel).copied().unwrap_or(0);
    let also = one.also.iter().map(|same| {
        json!({ "href": profiles.then(|| format!("/callers/{}", same.caller_id)),
                "called": called(None, same.number.as_deref()) })
    });
    json!({ "href": profiles.then(|| format!("/callers/{}", one.caller_id)),
            "also": also.collect::<Vec<_>>(), "here": one.calls_in_areas,
            "called": called(one.name.as_deref(), one.number.as_deref()), "location": one.location,
            "emergency": line("999"), "other": line("101"), "calls": one.calls, "onFile": one.on_file,
            "first": date_and_time(one.first_at), "last": date_and_time(one.last_at) })
}

fn sending(app: &App, visitor: &Visitor, table: &CallerMonth, one: &MonthSendingView) -> Value {
    let theirs = [Role::Opt, Role::Snt].iter().any(|role| visitor.officer.has(*role) && role.as_str() == one.team);
    // Only the table of the same areas can be held against it.
    let same = table.areas.iter().eq(&one.area);
    json!({ "id": one.id, "unit": unit(&one.team, area_names(app, &one.area).pop().as_deref()), "note": one.note, "callers": one.callers,
            "sentBy": one.sent_by, "sentAt": date_and_time(one.sent_at),
            "changed": same && one.content_sha256 != table.content_sha256,
            "receiptBy": one.receipt_by, "receiptAt": one.receipt_at.map(date_and_time),
            "action": one.action, "actionBy": one.action_by, "actionAt": one.action_at.map(date_and_time),
            "mayReceive": theirs && one.receipt_at.is_none(), "mayAct": theirs })
}

/// Areas to choose from, by key and name.
fn choices(app: &App, keys: &[String]) -> Vec<(String, String)> {
    keys.iter().cloned().zip(area_names(app, keys)).collect()
}

fn send_form() -> Value {
    json!({ "type": "object", "required": ["team"], "properties": {
        "team": { "type": "string", "title": "To which unit?", "enum": ["opt", "snt"] },
        "area": { "type": "string", "format": "area", "title": "Of which area?",
                  "description": "Select none for the whole county" },
        "note": { "type": "string", "title": "Anything they should know", "maxLength": 2000 } } })
}

fn sending_of(app: &App, month: Month) -> Asking {
    let place = format!("/callers/months/{month}");
    let title = format!("Send repeat callers in {}", month.words());
    let all: Vec<String> = app.catalog.registers().areas.areas.iter().map(|area| area.key.clone()).collect();
    Asking {
        drawing: Drawing { areas: choices(app, &all), ..Drawing::default() },
        says: vec![
            "The unit is shown the table as it stands now. Which callers it was told of is written down.".to_owned(),
            "It is a task of the unit to say that it has it. What it did can be recorded too.".to_owned(),
        ],
        ..asking(&title, format!("{place}/send"), ("Send it", place), send_form())
    }
}

#[get("/callers/months/{month}/send")]
pub(crate) async fn ask_send(app: Data<App>, visitor: Visitor, path: Path<String>) -> Result<HttpResponse, Fault> {
    only_where(&visitor, |may| may.send)?;
    sending_of(&app, month_of(&path)?).or_draft(&app, &visitor).await?.show(&app, &visitor).await
}

#[post("/callers/months/{month}/send")]
pub(crate) async fn send(app: Data<App>, path: Path<String>, posted: Posted) -> Result<HttpResponse, Fault> {
    let month = month_of(&path)?;
    let (input, asking) = match typed(&app, &posted, sending_of(&app, month)).await? {
        Ok(read) => read,
        Err(again) => return Ok(again),
    };
    let new = NewSending {
        team: text(&input, "team").unwrap_or_default(),
        area: text(&input, "area"),
        note: text(&input, "note"),
    };
    let sent = send_month(&app, &posted.visitor.actor, month, new).await;
    done(&app, &posted, asking, sent.map(|_| format!("/callers/months/{month}"))).await
}

fn check_form() -> Value {
    json!({ "type": "object", "required": ["found"], "properties": {
        "found": { "type": "string", "title": "What did you find, and what is done about it?", "maxLength": 5000,
                   "description": "Who needs help or another agency, and whom you spoke to" } } })
}

/// Whoever may name an area is asked for it; an officer of some areas answers for those alone.
fn checking_of(app: &App, visitor: &Visitor, month: Month) -> Asking {
    let place = format!("/callers/months/{month}");
    let title = format!("Record the check of {}", month.words());
    let (mut schema, theirs) = (check_form(), areas_to_check(app, &visitor.officer));
    let confined = !visitor.officer.areas.is_empty();
    let hint = if confined { "" } else { "Select none for the whole county" };
    let asked = theirs.len() > 1 || (!confined && !theirs.is_empty());
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    if let Some(properties) = properties.filter(|_| asked) {
        let area = json!({ "type": "string", "format": "area", "title": "Of which area?", "description": hint });
        properties.insert("area".to_owned(), area);
    }
    let mut says =
        vec!["Nobody on the table is a nuisance by that alone; some are victims who call for help.".to_owned()];
    if confined {
        says.push(format!("You check: {}.", area_names(app, &theirs).join(", ")));
    }
    Asking {
        says,
        drawing: Drawing { areas: choices(app, &theirs), ..Drawing::default() },
        ..asking(&title, format!("{place}/check"), ("Record the check", place), schema)
    }
}

#[get("/callers/months/{month}/check")]
pub(crate) async fn ask_check(app: Data<App>, visitor: Visitor, path: Path<String>) -> Result<HttpResponse, Fault> {
    only_where(&visitor, |may| may.check)?;
    checking_of(&app, &visitor, month_of(&path)?).or_draft(&app, &visitor).await?.show(&app, &visitor).await
}

#[post("/callers/months/{month}/check")]
pub(crate) async fn check(app: Data<App>, path: Path<String>, posted: Posted) -> Result<HttpResponse, Fault> {
    let month = month_of(&path)?;
    let (input, asking) = match typed(&app, &posted, checking_of(&app, &posted.visitor, month)).await? {
        Ok(read) => read,
        Err(again) => return Ok(again),
    };
    let (area, found) = (text(&input, "area"), text(&input, "found").unwrap_or_default());
    let made = check_month(&app, &posted.visitor.actor, month, (area.as_deref(), &found)).await;
    done(&app, &posted, asking, made.map(|_| format!("/callers/months/{month}"))).await
}

fn taking(month: Month) -> Asking {
    let place = format!("/callers/months/{month}");
    let title = format!("Download repeat callers in {}", month.words());
    let schema = reason_form("Why do you need this outside Evenhand?", "Say who will see it and what it is for");
    Asking {
        template: Some("people/export"),
        says: vec![
            "The file holds numbers, names, places and counts of calls, and below them what the table is and is not.".to_owned(),
            "That you took it, when, why and whom it names is written down and can be read by an auditor. Keep the file as its marking asks, and delete it when it is no longer needed.".to_owned(),
        ],
        ..asking(&title, format!("{place}/export"), ("Download (CSV)", place), schema)
    }
}

#[get("/callers/months/{month}/export")]
pub(crate) async fn ask_export(app: Data<App>, visitor: Visitor, path: Path<String>) -> Result<HttpResponse, Fault> {
    only_where(&visitor, |may| may.export)?;
    taking(month_of(&path)?).show(&app, &visitor).await
}

#[post("/callers/months/{month}/export")]
pub(crate) async fn export(app: Data<App>, path: Path<String>, posted: Posted) -> Result<HttpResponse, Fault> {
    let month = month_of(&path)?;
    let taken = export_month(&app, &posted.visitor.actor, month, (None, posted.text("reason"))).await;
    let exported = match taken {
        Ok(exported) => exported,
        Err(error) => return taking(month).again(&app, &posted, faults::of_error(error)?).await,
    };
    drafts::discard_draft(&app, &posted.visitor.actor, &format!("/callers/months/{month}/export")).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(("content-disposition", format!("attachment; filename=\"repeat-callers-{month}.csv\"")))
        .body(exported.csv))
}
