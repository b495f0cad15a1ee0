//! `/callers/meetings`: meetings of the programme, planned, read and closed.

use super::forms::{asking, done, only_where, text, typed};
use super::places::{Place, page};
use super::words::system_title;
use crate::app::coordination::{
    Attendee, MeetingMinutes, ProgrammeMeetingView, SharedThing, close_meeting, find_meeting, list_meetings,
    plan_meeting, programme,
};
use crate::app::{App, AppError};
use crate::domain::calendar::london;
use crate::domain::ids::ProgrammeMeetingId;
use crate::domain::marking::Marking;
use crate::render::long_date;
use crate::render::pages::{choice, date_and_time};
use crate::web::fault::Fault;
use crate::web::form::change_lists;
use crate::web::people::asking::Asking;
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use chrono::NaiveDate;
use serde_json::{Map, Value, json};

#[get("/callers/meetings")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, Fault> {
    let all = list_meetings(&app, &visitor.actor).await?;
    let row = |one: &ProgrammeMeetingView| json!({ "href": format!("/callers/meetings/{}", one.id), "title": one.title, "day": long_date(one.held_on) });
    let (closed, coming): (Vec<_>, Vec<_>) = all.iter().partition(|one| one.closed);
    let view = json!({ "coming": coming.into_iter().map(row).collect::<Vec<_>>(),
                       "closed": closed.into_iter().map(row).collect::<Vec<_>>() });
    let marking = app.shown_with(Marking::Official);
    let title = "Meetings about repeat callers";
    Ok(page(&visitor, ("callers/meetings", title, Place::Meetings), marking, view).show(&app, &visitor))
}

fn planning(app: &App) -> Result<Asking, Fault> {
    let kinds: Vec<&str> = programme(app)?.meetings.iter().map(|kind| kind.key.as_str()).collect();
    let schema = json!({ "type": "object", "required": ["kind", "heldOn"], "properties": {
        "kind": { "type": "string", "title": "Which meeting?", "enum": kinds },
        "heldOn": { "type": "string", "format": "date", "title": "On which day?" } } });
    Ok(Asking {
        says: vec!["The agenda is made of the programme's points and of what there is to look at now: in the morning, who called, was nominated or is overdue; each month, every open case, the files and the months; with fire and ambulance, who was listed since you last met about them.".to_owned()],
        ..asking(
            "Plan a meeting",
            "/callers/meetings/new".to_owned(),
            ("Plan the meeting", "/callers/meetings".to_owned()),
            schema,
        )
    })
}

#[get("/callers/meetings/new")]
pub(crate) async fn ask_plan(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, Fault> {
    only_where(&visitor, |may| may.meet)?;
    planning(&app)?.or_draft(&app, &visitor).await?.show(&app, &visitor).await
}

#[post("/callers/meetings/new")]
pub(crate) async fn plan(app: Data<App>, posted: Posted) -> Result<HttpResponse, Fault> {
    let (input, asking) = match typed(&app, &posted, planning(&app)?).await? {
        Ok(read) => read,
        Err(again) => return Ok(again),
    };
    let kind = text(&input, "kind").unwrap_or_default();
    let Ok(held_on) = text(&input, "heldOn").unwrap_or_default().parse::<NaiveDate>() else {
        return Err(Fault::Unreadable);
    };
    let planned = Box::pin(plan_meeting(&app, &posted.visitor.actor, (&kind, held_on))).await;
    done(&app, &posted, asking, planned.map(|meeting| format!("/callers/meetings/{}", meeting.id))).await
}

#[get("/callers/meetings/{id:[0-9a-f-]{36}}")]
pub(crate) async fn show_one(
    app: Data<App>,
    visitor: Visitor,
    id: Path<ProgrammeMeetingId>,
) -> Result<HttpResponse, Fault> {
    let meeting = find_meeting(&app, &visitor.actor, *id).await?;
    let list = |name: &str| meeting.agenda.get(name).and_then(Value::as_array).into_iter().flatten();
    let shared = meeting.shared.iter().map(|thing| {
        json!({ "what": thing.what, "partner": choice(&thing.with), "basis": thing.lawful_basis,
                "necessary": thing.necessary, "case": thing.case_id.map(|case| format!("/cases/{case}")) })
    });
    let nomination = |one: &Value| {
        json!({ "href": said(one, "callerId").map(|caller| format!("/callers/{caller}")),
                "at": said(one, "at").and_then(|at| at.parse().ok()).map(date_and_time) })
    };
    let view = json!({
        "meeting": meeting, "day": long_date(meeting.held_on), "place": format!("/callers/meetings/{}", meeting.id),
        "points": meeting.agenda.get("points"), "open": list("referrals").map(referral).collect::<Vec<_>>(),
        "nominations": list("nominations").map(nomination).collect::<Vec<_>>(),
        "systems": list("systems").map(system).collect::<Vec<_>>(), "months": meeting.agenda.get("months"),
        "waiting": meeting.agenda.get("nominationsWaiting"), "missed": meeting.agenda.get("checksMissed"),
        "told": shared.collect::<Vec<_>>(),
        "back": { "href": "/callers/meetings", "text": "Meetings about repeat callers" },
    });
    let title = format!("{} of {}", meeting.title, long_date(meeting.held_on));
    Ok(page(&visitor, ("callers/meeting", &title, Place::Within), meeting.marking, view).show(&app, &visitor))
}

fn said(one: &Value, name: &str) -> Option<String> {
    one.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// A case on the agenda, and what put it there.
fn referral(one: &Value) -> Value {
    let words = |one: &Value| one.as_str().map(choice);
    let all = |value: Option<&Value>| value.and_then(Value::as_array).into_iter().flatten().filter_map(words).collect();
    let why: Vec<String> = all(one.get("why").filter(|why| **why != json!(["open"])));
    let services: Vec<String> = all(one.pointer("/listing/services"));
    json!({ "href": said(one, "caseId").map(|case| format!("/cases/{case}")), "title": title(one),
            "area": one.get("area").map(|area| area.as_str().unwrap_or("Area not known")),
            "overdue": one.get("overdue"), "calls": one.get("callsOfTheLastDay"), "why": why.join(", "),
            "services": services.join(", "), "because": one.pointer("/listing/because") })
}

/// Where a case stands, with whom, since when.
fn title(one: &Value) -> String {
    let unit = said(one, "unit").map(|unit| format!(", {}", choice(&unit))).unwrap_or_default();
    let since = said(one, "since").and_then(|at| at.parse().ok());
    let since = since.map(|at| format!(", since {}", long_date(london::date_of(at)))).unwrap_or_default();
    format!("{}{unit}{since}", said(one, "stateTitle").unwrap_or_default())
}

fn system(one: &Value) -> Value {
    json!({ "name": said(one, "system").map(|key| system_title(&key)), "daysWithout": one.get("daysWithout"),
            "failed": one.get("failedSince"), "rejected": one.get("rejected"), "rows": one.get("rowsRead") })
}

fn closing(app: &App, meeting: &ProgrammeMeetingView) -> Result<Asking, Fault> {
    let partners: Vec<&str> = programme(app)?.partners.iter().map(|partner| partner.key.as_str()).collect();
    let on_agenda = meeting.agenda.get("referrals").and_then(Value::as_array).into_iter().flatten();
    let cases: Vec<(String, String)> = on_agenda.filter_map(|one| Some((said(one, "caseId")?, title(one)))).collect();
    let (ids, titles): (Vec<&String>, Map<String, Value>) = (
        cases.iter().map(|(id, _)| id).collect(),
        cases.iter().map(|(id, title)| (id.clone(), json!(title))).collect(),
    );
    let mut schema = json!({ "type": "object", "required": ["attendees", "minutes"], "properties": {
        "attendees": { "type": "array", "title": "Who was there", "minItems": 1, "items": { "type": "object", "title": "Somebody",
            "required": ["name", "organisation"], "properties": {
                "name": { "type": "string", "title": "Name", "maxLength": 200 },
                "organisation": { "type": "string", "title": "Organisation", "maxLength": 200 } } } },
        "shared": { "type": "array", "title": "What a partner was told", "description": "The least they have to know. Each is written down as told to them",
            "items": { "type": "object", "title": "Something told", "required": ["what", "with", "lawfulBasis", "necessary"], "properties": {
                "what": { "type": "string", "title": "What they were told", "maxLength": 500 },
                "with": { "type": "string", "title": "Which partner", "enum": partners },
                "lawfulBasis": { "type": "string", "title": "On which lawful basis", "maxLength": 500,
                                 "description": "For example, UK GDPR Article 6(1)(e), or DPA 2018 section 35" },
                "necessary": { "type": "string", "title": "Why was it needed, and why would no less do?", "maxLength": 500 },
                "caseId": { "type": "string", "title": "Which case on the agenda is it about?", "enum": ids, "titles": titles } } } },
        "minutes": { "type": "string", "title": "What was agreed", "maxLength": 20_000,
                     "description": "Who does what by when" } } });
    let told = schema.pointer_mut("/properties/shared/items/properties").and_then(Value::as_object_mut);
    if let Some(told) = told.filter(|_| cases.is_empty()) {
        told.remove("caseId");
    }
    let back = format!("/callers/meetings/{}", meeting.id);
    let title = format!("Close the {} of {}", meeting.title.to_lowercase(), long_date(meeting.held_on));
    Ok(asking(&title, format!("{back}/close"), ("Close the meeting", back), schema))
}

#[get("/callers/meetings/{id:[0-9a-f-]{36}}/close")]
pub(crate) async fn ask_close(
    app: Data<App>,
    visitor: Visitor,
    id: Path<ProgrammeMeetingId>,
) -> Result<HttpResponse, Fault> {
    only_where(&visitor, |may| may.meet)?;
    let meeting = find_meeting(&app, &visitor.actor, *id).await?;
    closing(&app, &meeting)?.or_draft(&app, &visitor).await?.show(&app, &visitor).await
}

#[post("/callers/meetings/{id:[0-9a-f-]{36}}/close")]
pub(crate) async fn close(app: Data<App>, id: Path<ProgrammeMeetingId>, posted: Posted) -> Result<HttpResponse, Fault> {
    let meeting = find_meeting(&app, &posted.visitor.actor, *id).await?;
    let mut form = closing(&app, &meeting)?;
    if let Some(fields) = change_lists(posted.fields()) {
        form.drawing.fields = fields;
        return form.show(&app, &posted.visitor).await;
    }
    let (input, asking) = match typed(&app, &posted, form).await? {
        Ok(read) => read,
        Err(again) => return Ok(again),
    };
    let closed = match minutes(&input) {
        Ok(said) => close_meeting(&app, &posted.visitor.actor, *id, said).await,
        Err(error) => Err(error),
    };
    done(&app, &posted, asking, closed.map(|_| format!("/callers/meetings/{}", *id))).await
}

fn minutes(input: &Value) -> Result<MeetingMinutes, AppError> {
    let list = |name: &str| input.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let mut shared = Vec::new();
    for (n, thing) in list("shared").iter().enumerate() {
        let of = |name: &str| text(thing, name).unwrap_or_default();
        let no_case = |_no_id| AppError::invalid(format!("/shared/{n}/caseId"), "Choose a case on the agenda.");
        shared.push(SharedThing {
            what: of("what"),
            with: of("with"),
            lawful_basis: of("lawfulBasis"),
            necessary: of("necessary"),
            case_id: text(thing, "caseId").map(|case| case.parse().map_err(no_case)).transpose()?,
        });
    }
    let attendees = list("attendees").into_iter().map(|one| Attendee {
        name: text(&one, "name").unwrap_or_default(),
        organisation: text(&one, "organisation").unwrap_or_default(),
    });
    Ok(MeetingMinutes { attendees: attendees.collect(), shared, minutes: text(input, "minutes").unwrap_or_default() })
}
