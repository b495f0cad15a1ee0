//! `GET /consultations/{id}`: one question to a unit, for whoever asked it or supervises that.

use super::{find_consultation, is_theirs, reply_by, text};
use crate::app::cases::{actions_now, case_events, workflow_of_case};
use crate::app::{App, AppError};
use crate::domain::calendar::london;
use crate::domain::ids::CaseId;
use crate::web::cases::{buttons, name_of, person_of, timeline};
use crate::web::due::day;
use crate::web::fault::Fault;
use crate::web::form::answers;
use crate::web::frame::{Area, Page, see_other};
use crate::web::visitor::Visitor;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use serde_json::json;
use std::collections::BTreeMap;

/// More than any history of one question.
const MOST_EVENTS: u64 = 200;

#[get("/consultations/{id}")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor, id: Path<CaseId>) -> Result<HttpResponse, Fault> {
    let actor = &visitor.actor;
    let case = find_consultation(&app, &visitor, *id).await?;
    let events = match case_events(&app, actor, *id, (None, MOST_EVENTS)).await {
        Ok(events) => events,
        // The unit has a page of its own, with what it needs and no more.
        Err(AppError::NotFound | AppError::Refused(_)) => return Ok(see_other(&format!("/c/{}", *id))),
        Err(other) => return Err(other.into()),
    };
    let workflow = workflow_of_case(&app, actor, *id).await?;
    let offers = actions_now(&app, actor, *id).await?.offers;
    let (mut allowed, _) = buttons(&case, &offers, &workflow);
    // The unit's own answer is given on its own page.
    allowed.retain(|button| button["action"] != "answer");
    let schema = workflow.forms.get("consultation_answer").map(|form| &form.schema);
    let answer = case.data.get("answer").cloned().unwrap_or_default();
    let open = case.state == "asked";
    let due = reply_by(&case).filter(|_| open).map(|by| day(by, london::date_of(app.now())));
    let view = json!({
        "case": case,
        "person": person_of(&app, actor, &case).await?,
        "spocName": name_of(&app, &case).await?,
        "unit": text(&case, "unit"),
        "question": text(&case, "question"),
        "replyBy": reply_by(&case),
        "due": due,
        "isOpen": open,
        "answers": answers(schema, &answer, &BTreeMap::new()),
        "strategy": case.parent_id.map(|parent| format!("/strategies/{parent}")),
        "theirs": is_theirs(&visitor, &case).then(|| format!("/c/{}", case.id)),
        "allowed": allowed,
        "timeline": timeline(&app, &workflow, &events).await?,
        "back": { "href": "/consultations", "text": "Back to consultations" },
    });
    let page = Page::new("consultations/show", "Question to a unit", view);
    Ok(Page { area: Area::Consultations, marking: case.marking, ..page }.show(&app, &visitor))
}
