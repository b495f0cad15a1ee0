//! `/cases/{id}/preparation`: what the meeting is told, and an answer it may confirm.

use super::person::Answer;
use crate::app::cases::{find_case, workflow_of_case};
use crate::app::meetings::{Prepared, prepare_item};
use crate::app::{App, AppError, drafts};
use crate::domain::ids::CaseId;
use crate::domain::workflow::Workflow;
use crate::web::fault::Fault;
use crate::web::form::{Drawing, draw, faults, read, summary};
use crate::web::frame::{Area, Page, see_other};
use crate::web::posted::{Posted, text};
use crate::web::visitor::Visitor;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use serde_json::{Value, json};

/// What may be prepared: nothing that restricts anybody.
const PREPARED: [(&str, &str); 4] = [
    ("", "No answer: the meeting decides from the beginning"),
    ("monitor", "Threshold not met: monitor"),
    ("not_met", "Threshold not met: close"),
    ("carry_over", "Carry over to the next meeting"),
];

#[get("/cases/{id}/preparation")]
pub(crate) async fn ask(app: Data<App>, visitor: Visitor, id: Path<CaseId>) -> Result<HttpResponse, Fault> {
    let draft = drafts::find_draft(&app, &visitor.actor, &format!("/cases/{}/preparation", *id)).await?;
    let fields = draft.map(|draft| draft.fields).unwrap_or_default();
    page(&app, &visitor, *id, Drawing { fields, ..Drawing::default() }).await
}

async fn page(app: &App, visitor: &Visitor, id: CaseId, drawing: Drawing) -> Result<HttpResponse, Fault> {
    let case = find_case(app, &visitor.actor, id).await?;
    let workflow = workflow_of_case(app, &visitor.actor, id).await?;
    let proposed = text(&drawing.fields, "proposed").to_owned();
    let status = if drawing.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let option =
        |(value, words): &(&str, &str)| json!({ "value": value, "text": words, "checked": *value == proposed });
    let place = format!("/cases/{id}/preparation");
    let view = json!({
        "case": case,
        "summary": text(&drawing.fields, "summary"),
        "summaryError": drawing.faults.iter().find(|fault| fault.name == "summary").map(|fault| json!({ "text": fault.message })),
        "options": PREPARED.iter().map(option).collect::<Vec<_>>(),
        "fields": draw(&schema(&workflow), &drawing),
        "needed": needed(&workflow),
        "faults": summary(&drawing.faults),
        "place": place,
        "back": { "href": format!("/cases/{id}") },
    });
    let page = Page::new("meetings/prepare", "Prepare the item for the meeting", view);
    Ok(Page { area: Area::Meetings, marking: case.marking, status, place: Some(place), ..page }.show(app, visitor))
}

/// What has to be said at the meeting before an answer that restricts nobody is recorded, by the titles of its form.
fn needed(workflow: &Workflow) -> Vec<String> {
    let Some(form) = workflow.forms.get("threshold_not_met") else { return Vec::new() };
    let required = form.schema.get("required").and_then(Value::as_array).into_iter().flatten();
    let title = |name: &Value| {
        let name = name.as_str().filter(|name| *name != "outcome")?;
        form.schema.get("properties")?.get(name)?.get("title")?.as_str().map(str::to_owned)
    };
    required.filter_map(title).collect()
}

/// The reasons of an answer, none of which has to be filled in yet.
fn schema(workflow: &Workflow) -> Value {
    let form = workflow.forms.get("threshold_not_met").map(|form| form.schema.clone());
    let mut schema = form.unwrap_or_else(|| json!({}));
    if let Some(whole) = schema.as_object_mut() {
        whole.shift_remove("required");
    }
    if let Some(fields) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        fields.shift_remove("outcome");
        for field in fields.values_mut().filter_map(Value::as_object_mut) {
            field.shift_remove("minItems");
            field.insert("required".to_owned(), json!([]));
        }
    }
    schema
}

#[post("/cases/{id}/preparation")]
pub(crate) async fn prepare(app: Data<App>, id: Path<CaseId>, posted: Posted) -> Result<HttpResponse, Fault> {
    let actor = &posted.visitor.actor;
    let workflow = workflow_of_case(&app, actor, *id).await?;
    let answer = Answer::of(posted.text("proposed")).filter(|answer| *answer != Answer::Met);
    let mut said = read(&schema(&workflow), posted.fields());
    if let (Some(answer), Some(input)) = (answer, said.input.as_object_mut()) {
        if let Some(follows) = answer.follows() {
            input.insert("outcome".to_owned(), json!(follows));
        }
        if answer == Answer::CarryOver {
            let reason = input.shift_remove("rationale").unwrap_or_default();
            said.input = json!({ "reason": reason });
        }
    }
    let prepared = Prepared {
        case: *id,
        summary: posted.text("summary").to_owned(),
        outcome: answer.map(Answer::outcome),
        input: said.input,
    };
    match prepare_item(&app, actor, prepared).await {
        Ok(()) => {
            drafts::discard_draft(&app, actor, &format!("/cases/{}/preparation", *id)).await?;
            Ok(see_other(&format!("/cases/{}", *id)))
        }
        Err(AppError::Invalid(found)) => {
            let faults = faults::of_fields(found);
            let drawing = Drawing { fields: posted.fields().clone(), faults, ..Drawing::default() };
            page(&app, &posted.visitor, *id, drawing).await
        }
        Err(other) => Err(other.into()),
    }
}
