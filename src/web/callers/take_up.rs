//! `/callers/nominations/{id}/take-up`: the case of a nominated caller is opened with the case type's own form.

use crate::app::callers::{opening_of, take_up, taking_up_form};
use crate::app::{App, AppError, drafts};
use crate::domain::case::RefusalKind;
use crate::domain::ids::NominationId;
use crate::domain::marking::Marking;
use crate::web::callers::forms::only_where;
use crate::web::fault::Fault;
use crate::web::form::{Drawing, change_lists, draw, faults, read, summary};
use crate::web::frame::{Area, Page, see_other};
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use serde_json::json;

fn place(id: NominationId) -> String {
    format!("/callers/nominations/{id}/take-up")
}

#[get("/callers/nominations/{id}/take-up")]
pub(crate) async fn ask(app: Data<App>, visitor: Visitor, id: Path<NominationId>) -> Result<HttpResponse, Fault> {
    only_where(&visitor, |may| may.work)?;
    let draft = drafts::find_draft(&app, &visitor.actor, &place(*id)).await?;
    let known = opening_of(&app, &visitor.actor, *id).await?;
    let (_, schema) = taking_up_form(&app, &visitor.actor)?;
    let drawing = match (draft, schema) {
        (Some(draft), _) => Drawing { fields: draft.fields, ..Drawing::default() },
        (None, Some(schema)) => Drawing::of_value(&schema, &known),
        (None, None) => Drawing::default(),
    };
    page(&app, &visitor, *id, drawing)
}

fn page(app: &App, visitor: &Visitor, id: NominationId, drawing: Drawing) -> Result<HttpResponse, Fault> {
    let (workflow, schema) = taking_up_form(app, &visitor.actor)?;
    let status = if drawing.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let faults = summary(&drawing.faults);
    let fields = schema.as_ref().map(|schema| draw(schema, &drawing));
    let view = json!({ "title": workflow.title, "place": place(id), "fields": fields, "faults": faults,
                       "back": { "href": "/callers/nominations" } });
    let title = format!("Open a case: {}", workflow.title);
    let marking = app.shown_with(Marking::OfficialSensitive);
    let page =
        Page { area: Area::Callers, marking, status, place: Some(place(id)), ..Page::new("cases/open", title, view) };
    Ok(page.show(app, visitor))
}

#[post("/callers/nominations/{id}/take-up")]
pub(crate) async fn open(app: Data<App>, id: Path<NominationId>, posted: Posted) -> Result<HttpResponse, Fault> {
    only_where(&posted.visitor, |may| may.work)?;
    let (_, schema) = taking_up_form(&app, &posted.visitor.actor)?;
    let typed = posted.fields().clone();
    if let Some(fields) = change_lists(&typed) {
        return page(&app, &posted.visitor, *id, Drawing { fields, ..Drawing::default() });
    }
    let said = schema.as_ref().map(|schema| read(schema, &typed));
    let wrong = said.as_ref().map(|said| said.faults.clone()).unwrap_or_default();
    if !wrong.is_empty() {
        return page(&app, &posted.visitor, *id, Drawing { fields: typed, faults: wrong, ..Drawing::default() });
    }
    let input = said.map(|said| said.input).unwrap_or_default();
    match take_up(&app, &posted.visitor.actor, *id, input).await {
        Ok(case) => {
            drafts::discard_draft(&app, &posted.visitor.actor, &place(*id)).await?;
            Ok(see_other(&format!("/cases/{}", case.id)))
        }
        Err(AppError::Refused(refusal)) if refusal.kind != RefusalKind::Forbidden => {
            let faults = faults::with_words_of(&refusal);
            page(&app, &posted.visitor, *id, Drawing { fields: typed, faults, ..Drawing::default() })
        }
        Err(other) => Err(other.into()),
    }
}
