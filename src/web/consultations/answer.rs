//! `/c/{id}`: a question to a unit, on one narrow page: who asks, by when, what is asked, and the answer. Nothing else of the
//! case is on it, and nobody's name is in its address or title.

use super::{find_consultation, is_theirs, reply_by, text};
use crate::app::cases::{ActionForm, Asked, CaseView, act_on_case, action_form, workflow_of_case};
use crate::app::drafts::{self, Fields};
use crate::app::{App, AppError};
use crate::domain::calendar::london;
use crate::domain::case::Command;
use crate::domain::ids::CaseId;
use crate::render::pages::time_of_day;
use crate::web::cases::name_of;
use crate::web::drafts::keep;
use crate::web::due::day;
use crate::web::fault::Fault;
use crate::web::form::{Drawing, FormFault, answers, draw, faults, read, summary};
use crate::web::frame::{Area, Page, see_other};
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What one tap answers.
const NOTHING_HELD: &str = "Nothing is held about this person.";
const ANSWER: &str = "answer";

#[derive(Default)]
struct Around {
    status: StatusCode,
    typed: Option<Fields>,
    faults: Vec<FormFault>,
    /// Somebody else of the unit was first.
    late: bool,
}

fn place(id: CaseId) -> String {
    format!("/c/{id}")
}

#[get("/c/{id}")]
pub(crate) async fn ask(app: Data<App>, visitor: Visitor, id: Path<CaseId>) -> Result<HttpResponse, Fault> {
    page(&app, &visitor, *id, Around::default()).await
}

async fn page(app: &App, visitor: &Visitor, id: CaseId, around: Around) -> Result<HttpResponse, Fault> {
    let case = find_consultation(app, visitor, id).await?;
    let workflow = workflow_of_case(app, &visitor.actor, id).await?;
    let schema = workflow.forms.get("consultation_answer").map(|form| &form.schema);
    let said = case.data.get("answer").cloned().unwrap_or_default();
    let place = place(id);
    let due = reply_by(&case).filter(|_| case.state == "asked").map(|by| day(by, london::date_of(app.now())));
    let view = json!({
        "spocName": name_of(app, &case).await?,
        "unit": text(&case, "unit"),
        "question": text(&case, "question"),
        "askedAt": case.opened_at,
        "due": due,
        "isAnswered": case.state == "answered",
        "answeredAt": case.state_since,
        "state": case.state_title,
        "answers": answers(schema, &said, &BTreeMap::new()),
        "form": form(app, visitor, &case, &around).await?,
        "faults": summary(&around.faults),
        "late": around.late,
        "place": place,
        "nothingHeld": NOTHING_HELD,
    });
    let page = Page::new("consultations/answer", "A question for your unit", view);
    let page = Page { area: Area::Consultations, marking: case.marking, status: around.status, ..page };
    Ok(Page { place: Some(place), ..page }.show(app, visitor))
}

/// The fields of the answer, where this officer can give it now.
async fn form(app: &App, visitor: &Visitor, case: &CaseView, around: &Around) -> Result<Value, Fault> {
    let form = match action_form(app, &visitor.actor, case.id, ANSWER).await {
        Ok(form) if form.offer.allowed && is_theirs(visitor, case) => form,
        Ok(_) | Err(AppError::NotFound | AppError::Refused(_)) => return Ok(Value::Null),
        Err(other) => return Err(other.into()),
    };
    let draft = match around.typed {
        Some(_) => None,
        None => drafts::find_draft(app, &visitor.actor, &place(case.id)).await?,
    };
    let drafted = draft.as_ref().map(|draft| time_of_day(london::wall_time(draft.saved_at).time()));
    let fields = around.typed.clone().or(draft.map(|draft| draft.fields)).unwrap_or_default();
    let drawing = Drawing { fields, faults: around.faults.clone(), ..Drawing::default() };
    let fields = form.schema.as_ref().map(|schema| in_order(draw(schema, &drawing)));
    Ok(json!({ "fields": fields, "version": case.version, "drafted": drafted }))
}

/// Whether they know the person comes first, and what they say next; the day they spoke last.
fn in_order(mut fields: Vec<Value>) -> Vec<Value> {
    let of = |field: &Value| {
        let id = field.pointer("/options/id").or_else(|| field.pointer("/options/idPrefix")).and_then(Value::as_str);
        ["known", "advice", "vulnerability", "spokenOn"].iter().position(|known| Some(*known) == id).unwrap_or(9)
    };
    fields.sort_by_key(of);
    fields
}

#[post("/c/{id}")]
pub(crate) async fn answer(app: Data<App>, id: Path<CaseId>, posted: Posted) -> Result<HttpResponse, Fault> {
    let (id, actor) = (*id, &posted.visitor.actor);
    find_consultation(&app, &posted.visitor, id).await?;
    let form = match action_form(&app, actor, id, ANSWER).await {
        // It was answered or withdrawn while the page was open.
        Err(AppError::NotFound) => return too_late(&app, &posted, id).await,
        form => form?,
    };
    let (input, faults) = answered(&form, &posted);
    if !faults.is_empty() {
        return again(&app, &posted, id, faults).await;
    }
    let command = Command { action: ANSWER.to_owned(), input, content_hash: None, through: None };
    let expected_version = Some(posted.version().unwrap_or_default());
    match act_on_case(&app, actor, Asked { case: id, expected_version, command }).await {
        Ok(_) => {
            drafts::discard_draft(&app, actor, &place(id)).await?;
            Ok(see_other(&place(id)))
        }
        Err(AppError::StaleVersion { .. }) => too_late(&app, &posted, id).await,
        Err(AppError::Refused(refusal)) if !refusal.faults.is_empty() => {
            again(&app, &posted, id, faults::of_refusal(&refusal)).await
        }
        Err(other) => Err(other.into()),
    }
}

/// What was said: by the fields, or with one tap.
fn answered(form: &ActionForm, posted: &Posted) -> (Value, Vec<FormFault>) {
    if posted.has("nothing") && posted.has("advice") {
        let message = "You wrote an answer: send it, or clear it to say that nothing is held".to_owned();
        return (Value::Null, vec![FormFault { name: "advice".to_owned(), message }]);
    }
    if posted.has("nothing") {
        return (json!({ "advice": NOTHING_HELD, "known": false }), Vec::new());
    }
    let said = form.schema.as_ref().map(|schema| read(schema, posted.fields()));
    said.map(|said| (said.input, said.faults)).unwrap_or_default()
}

async fn again(app: &App, posted: &Posted, id: CaseId, faults: Vec<FormFault>) -> Result<HttpResponse, Fault> {
    keep(app, posted, &place(id)).await?;
    let typed = Some(posted.fields().clone());
    let around = Around { status: StatusCode::UNPROCESSABLE_ENTITY, typed, faults, late: false };
    page(app, &posted.visitor, id, around).await
}

async fn too_late(app: &App, posted: &Posted, id: CaseId) -> Result<HttpResponse, Fault> {
    keep(app, posted, &place(id)).await?;
    let typed = Some(posted.fields().clone());
    let around = Around { status: StatusCode::PRECONDITION_FAILED, typed, faults: Vec::new(), late: true };
    page(app, &posted.visitor, id, around).await
}
