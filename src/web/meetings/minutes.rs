//! `/meetings/{id}/minutes`: who was there, what was decided on whom, by whom and why; to be approved by the chair, and
//! printed.

use super::agenda::CHAIRS;
use crate::app::meetings::{MinutedItem, minutes};
use crate::app::{App, officer_names};
use crate::domain::ids::MeetingId;
use crate::render::long_date;
use crate::render::pages::choice;
use crate::web::fault::Fault;
use crate::web::form::answers;
use crate::web::frame::{Area, Page};
use crate::web::visitor::Visitor;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

#[get("/meetings/{id}/minutes")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor, id: Path<MeetingId>) -> Result<HttpResponse, Fault> {
    let minuted = minutes(&app, &visitor.actor, *id).await?;
    let mut ids: Vec<Uuid> = minuted.items.iter().filter_map(|item| item.decided_by).collect();
    ids.extend(minuted.chair_id);
    ids.extend(minuted.approved.iter().filter_map(|approved| approved.by));
    let names = officer_names(&app, &ids).await?;
    let attendees: Vec<&str> = minuted.attendees.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let items: Vec<Value> = minuted.items.iter().map(|item| row(&app, item, &names)).collect();
    let approved = minuted.approved.as_ref();
    let view = json!({
        "minutes": minuted,
        "attendees": attendees,
        "items": items,
        "chair": minuted.chair_id.and_then(|chair| names.get(&chair)),
        "approvedBy": approved.and_then(|approved| names.get(&approved.by?)),
        "mayApprove": approved.is_none() && minuted.state == "closed" && visitor.officer.has_any(&CHAIRS),
        "isFinal": minuted.state == "closed",
        "back": { "href": format!("/meetings/{}", *id), "text": "Agenda" },
    });
    let title = format!("Minutes of the meeting of {}", long_date(minuted.held_on));
    let page = Page { area: Area::Meetings, marking: minuted.marking, ..Page::new("meetings/minutes", title, view) };
    Ok(page.show(&app, &visitor))
}

fn row(app: &App, item: &MinutedItem, names: &BTreeMap<Uuid, String>) -> Value {
    let form = match item.outcome.as_deref() {
        Some("met") => Some("threshold_met"),
        Some("not_met") => Some("threshold_not_met"),
        Some("carry_over") => Some("reason"),
        _ => None,
    };
    let workflow = app.catalog.latest("frequent-service-user");
    let schema = workflow.and_then(|workflow| workflow.forms.get(form?)).map(|form| &form.schema);
    let decision = item.decision.as_ref().map(|decision| answers(schema, decision, &BTreeMap::new()));
    json!({
        "n": item.n,
        "hidden": item.hidden,
        "reference": item.person_reference,
        "href": item.case_id.map(|case| format!("/cases/{case}")),
        "outcome": item.outcome.as_deref().map(choice),
        "decision": decision,
        "by": item.decided_by.and_then(|by| names.get(&by)),
        "at": item.decided_at,
        "interests": item.interests,
    })
}
