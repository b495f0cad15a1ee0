//! `/meetings/{id}`: whom the meeting discusses and why, who is there, and opening, closing and going on with it.

use crate::app::meetings::{self, AgendaItem, MeetingView, close_meeting, find_meeting, open_meeting};
use crate::app::{App, AppError};
use crate::domain::access::Role;
use crate::domain::calendar::london;
use crate::domain::ids::MeetingId;
use crate::render::long_date;
use crate::render::pages::choice;
use crate::web::fault::Fault;
use crate::web::form::{FormFault, summary};
use crate::web::frame::{Area, Page, see_other};
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use serde_json::{Value, json};

pub(super) const CHAIRS: [Role; 2] = [Role::Chair, Role::AppropriateAuthority];

#[get("/meetings/{id}")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor, id: Path<MeetingId>) -> Result<HttpResponse, Fault> {
    page(&app, &visitor, *id, Vec::new()).await
}

async fn page(app: &App, visitor: &Visitor, id: MeetingId, faults: Vec<FormFault>) -> Result<HttpResponse, Fault> {
    let meeting = find_meeting(app, &visitor.actor, id).await?;
    let items: Vec<Value> = meeting.items.iter().flatten().map(|item| row(id, &meeting, item)).collect();
    let undecided = meeting.items.iter().flatten().find(|item| item.outcome.is_none());
    let chairs = visitor.officer.has_any(&CHAIRS);
    let today = london::date_of(app.now());
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let attendees: Vec<&str> = meeting.attendees.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let view = json!({
        "meeting": meeting,
        "items": items,
        "attendees": attendees,
        "decided": items.len() - meeting.items.iter().flatten().filter(|item| item.outcome.is_none()).count(),
        "goOn": undecided.filter(|_| meeting.state == "open").map(|item| format!("/meetings/{id}/people/{}", item.n)),
        "mayOpen": chairs && meeting.state == "planned",
        "early": (meeting.held_on > today).then(|| json!({ "planned": long_date(meeting.held_on), "today": long_date(today) })),
        "mayClose": chairs && meeting.state == "open" && undecided.is_none(),
        "suggested": visitor.officer.display_name,
        "faults": summary(&faults),
        "error": faults.first().map(|fault| json!({ "text": fault.message })),
        "back": { "href": "/meetings", "text": "All meetings" },
    });
    let title = format!("Meeting of {}", long_date(meeting.held_on));
    let page =
        Page { area: Area::Meetings, marking: meeting.marking, status, ..Page::new("meetings/agenda", title, view) };
    Ok(page.show(app, visitor))
}

fn row(meeting: MeetingId, of: &MeetingView, item: &AgendaItem) -> Value {
    let said = |name: &str| item.nomination.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let prepared = item.preparation.as_ref();
    let proposed = prepared.and_then(|prepared| prepared.outcome.as_deref());
    json!({
        "n": item.n,
        "hidden": item.hidden,
        "href": format!("/meetings/{meeting}/people/{}", item.n),
        "reference": item.person_reference,
        "adjustments": item.adjustments,
        "why": said("reason"),
        "demand": said("demand"),
        "week": item.contacts_7_days,
        "month": item.contacts_28_days,
        "prepared": prepared.map(|_| proposed.map_or_else(|| "Summary ready".to_owned(), |code| format!("Proposed: {}", choice(code)))),
        "prepareHref": item.case_id.filter(|_| of.state != "closed" && item.outcome.is_none())
            .map(|case| format!("/cases/{case}/preparation")),
        "outcome": item.outcome.as_deref().map(choice),
        "interests": item.interests,
    })
}

#[post("/meetings/{id}/open")]
pub(crate) async fn open(app: Data<App>, id: Path<MeetingId>, posted: Posted) -> Result<HttpResponse, Fault> {
    let attendees = posted.text("attendees").lines().map(str::trim).filter(|name| !name.is_empty());
    let attendees = attendees.map(str::to_owned).collect();
    match open_meeting(&app, &posted.visitor.actor, *id, posted.version(), attendees).await {
        Ok(_) => {
            let found = find_meeting(&app, &posted.visitor.actor, *id).await?;
            let first = found.items.iter().flatten().next().map(|item| format!("/meetings/{}/people/{}", *id, item.n));
            Ok(see_other(&first.unwrap_or_else(|| format!("/meetings/{}", *id))))
        }
        Err(AppError::Invalid(faults)) => {
            let message = faults.into_iter().next().map(|fault| fault.detail).unwrap_or_default();
            page(&app, &posted.visitor, *id, vec![FormFault { name: "attendees".to_owned(), message }]).await
        }
        Err(other) => Err(other.into()),
    }
}

#[post("/meetings/{id}/close")]
pub(crate) async fn close(app: Data<App>, id: Path<MeetingId>, posted: Posted) -> Result<HttpResponse, Fault> {
    close_meeting(&app, &posted.visitor.actor, *id, posted.version()).await?;
    Ok(see_other(&format!("/meetings/{}/minutes", *id)))
}

#[post("/meetings/{id}/minutes")]
pub(crate) async fn approve(app: Data<App>, id: Path<MeetingId>, posted: Posted) -> Result<HttpResponse, Fault> {
    meetings::approve_minutes(&app, &posted.visitor.actor, *id, posted.version().unwrap_or_default()).await?;
    Ok(see_other(&format!("/meetings/{}/minutes", *id)))
}
