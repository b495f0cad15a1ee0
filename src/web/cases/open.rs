//! `/cases/new`: opening a case of a type about a person, or under another case.

use crate::app::cases::{self, NewCase};
use crate::app::drafts;
use crate::app::people::find_person;
use crate::app::{App, AppError};
use crate::domain::case::RefusalKind;
use crate::domain::ids::{CaseId, PersonId};
use crate::web::fault::Fault;
use crate::web::form::{Drawing, change_lists, draw, faults, read, summary};
use crate::web::frame::{Area, Page, see_other};
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use actix_web::{HttpResponse, get, post};
use serde::Deserialize;
use serde_json::json;

/// What the case is of, about, and under.
#[derive(Clone, Deserialize)]
pub(crate) struct Asked {
    workflow: String,
    person: Option<PersonId>,
    parent: Option<CaseId>,
}

impl Asked {
    fn place(&self) -> String {
        let person = self.person.map(|person| format!("&person={person}")).unwrap_or_default();
        let parent = self.parent.map(|parent| format!("&parent={parent}")).unwrap_or_default();
        format!("/cases/new?workflow={}{person}{parent}", self.workflow)
    }

    fn back(&self) -> String {
        match (self.parent, self.person) {
            (Some(parent), _) => format!("/cases/{parent}"),
            (None, Some(person)) => format!("/people/{person}"),
            (None, None) => "/people".to_owned(),
        }
    }
}

#[get("/cases/new")]
pub(crate) async fn ask(app: Data<App>, visitor: Visitor, asked: Query<Asked>) -> Result<HttpResponse, Fault> {
    let draft = drafts::find_draft(&app, &visitor.actor, &asked.place()).await?;
    let drawing = Drawing { fields: draft.map(|draft| draft.fields).unwrap_or_default(), ..Drawing::default() };
    page(&app, &visitor, &asked, drawing).await
}

async fn page(app: &App, visitor: &Visitor, asked: &Asked, drawing: Drawing) -> Result<HttpResponse, Fault> {
    let (workflow, schema) = cases::opening_form(app, &visitor.actor, &asked.workflow)?;
    let person = match asked.person {
        Some(person) => Some(find_person(app, &visitor.actor, person).await?),
        None => None,
    };
    let officers = cases::spocs(app).await?.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    let status = if drawing.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let faults = summary(&drawing.faults);
    let fields = schema.as_ref().map(|schema| draw(schema, &Drawing { officers, ..drawing }));
    let place = asked.place();
    let view = json!({ "title": workflow.title, "person": person, "place": place, "fields": fields, "faults": faults,
                       "back": { "href": asked.back() } });
    let marking = person.as_ref().map(|person| person.marking).unwrap_or_default();
    let page = Page::new("cases/open", format!("Open a case: {}", workflow.title), view);
    Ok(Page { area: Area::People, marking, status, place: Some(place), ..page }.show(app, visitor))
}

#[post("/cases/new")]
pub(crate) async fn open(app: Data<App>, asked: Query<Asked>, posted: Posted) -> Result<HttpResponse, Fault> {
    let (_, schema) = cases::opening_form(&app, &posted.visitor.actor, &asked.workflow)?;
    let typed = posted.fields().clone();
    if let Some(fields) = change_lists(&typed) {
        return page(&app, &posted.visitor, &asked, Drawing { fields, ..Drawing::default() }).await;
    }
    let said = schema.as_ref().map(|schema| read(schema, &typed));
    let faults = said.as_ref().map(|said| said.faults.clone()).unwrap_or_default();
    if !faults.is_empty() {
        return page(&app, &posted.visitor, &asked, Drawing { fields: typed, faults, ..Drawing::default() }).await;
    }
    let input = said.map(|said| said.input).unwrap_or_default();
    let new = NewCase { workflow: asked.workflow.clone(), person: asked.person, parent: asked.parent, input };
    match cases::open_case(&app, &posted.visitor.actor, new).await {
        Ok(case) => {
            drafts::discard_draft(&app, &posted.visitor.actor, &asked.place()).await?;
            Ok(see_other(&format!("/cases/{}", case.id)))
        }
        Err(AppError::Refused(refusal)) if refusal.kind != RefusalKind::Forbidden => {
            let faults = faults::with_words_of(&refusal);
            page(&app, &posted.visitor, &asked, Drawing { fields: typed, faults, ..Drawing::default() }).await
        }
        Err(other) => Err(other.into()),
    }
}
