//! `POST /approvals/{id}`: signing, sending back or refusing, bound to the text that was read.
//!
//! A text that changed meanwhile is not signed: what it says now and what it said are shown, and what was typed stays.

use super::show::{Around, DECISIONS, page, place};
use crate::app::cases::{self, Asked, changed_since};
use crate::app::drafts;
use crate::app::{App, AppError};
use crate::domain::case::{Command, RefusalKind};
use crate::domain::ids::CaseId;
use crate::web::cases::timeline;
use crate::web::drafts::keep;
use crate::web::fault::Fault;
use crate::web::form::{FormFault, faults, read};
use crate::web::frame::see_other;
use crate::web::posted::Posted;
use crate::web::strategies::told;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use serde_json::{Value, json};

#[post("/approvals/{id}")]
pub(crate) async fn decide(app: Data<App>, id: Path<CaseId>, posted: Posted) -> Result<HttpResponse, Fault> {
    let (id, actor) = (*id, &posted.visitor.actor);
    let asked = posted.text("action");
    if !DECISIONS.iter().any(|(action, ..)| *action == asked) {
        let fault = FormFault { name: "action".to_owned(), message: "Select what you decide".to_owned() };
        return again(&app, &posted, id, (StatusCode::UNPROCESSABLE_ENTITY, vec![fault])).await;
    }
    let form = match cases::action_form(&app, actor, id, asked).await {
        // It went on, and no longer waits: what happened is shown instead.
        Err(AppError::NotFound) => {
            cases::find_case(&app, actor, id).await?;
            return stale(&app, &posted, id, posted.version().unwrap_or_default()).await;
        }
        form => form?,
    };
    // Who may never decide this is told so whatever they read; anything else is told once it is known what they read.
    if let Some(refusal) = form.offer.refusal.clone().filter(|refusal| refusal.kind == RefusalKind::Forbidden) {
        return Err(AppError::Refused(refusal).into());
    }
    let said = form.schema.as_ref().map(|schema| read(schema, posted.fields()));
    let faults = said.as_ref().map(|said| said.faults.clone()).unwrap_or_default();
    if !faults.is_empty() {
        return again(&app, &posted, id, (StatusCode::UNPROCESSABLE_ENTITY, faults)).await;
    }
    let content_hash = Some(posted.text("contentHash").to_owned()).filter(|_| form.offer.signs_content);
    let input = said.map(|said| said.input).unwrap_or_default();
    let command = Command { action: asked.to_owned(), input, content_hash, through: None };
    // Without the version that was read it is a form that nobody read.
    let expected_version = Some(posted.version().unwrap_or_default());
    match cases::act_on_case(&app, actor, Asked { case: id, expected_version, command }).await {
        Ok(_) => {
            drafts::discard_draft(&app, actor, &place(id)).await?;
            Ok(see_other("/approvals"))
        }
        Err(AppError::StaleVersion { expected, .. }) => stale(&app, &posted, id, expected).await,
        Err(AppError::Refused(refusal)) if refusal.kind != RefusalKind::Forbidden => {
            let status = match refusal.kind {
                RefusalKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
                RefusalKind::Conflict | RefusalKind::Forbidden => StatusCode::CONFLICT,
            };
            again(&app, &posted, id, (status, faults::with_words_of(&refusal))).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn again(
    app: &App,
    posted: &Posted,
    id: CaseId,
    (status, faults): (StatusCode, Vec<FormFault>),
) -> Result<HttpResponse, Fault> {
    keep(app, posted, &place(id)).await?;
    let typed = Some(posted.fields().clone());
    page(app, &posted.visitor, id, Around { status, typed, faults, conflict: None }).await
}

/// What happened since it was opened, and what the text says differently.
async fn stale(app: &App, posted: &Posted, id: CaseId, version: i64) -> Result<HttpResponse, Fault> {
    keep(app, posted, &place(id)).await?;
    let actor = &posted.visitor.actor;
    let workflow = cases::workflow_of_case(app, actor, id).await?;
    let events = cases::case_events(app, actor, id, (Some(version), 100)).await?;
    let differing = told(&changed_since(app, actor, id, version).await?);
    let conflict: Value = json!({ "happened": timeline(app, &workflow, &events).await?, "textChanged": !differing.is_empty(),
                                  "told": differing });
    let typed = Some(posted.fields().clone());
    let around =
        Around { status: StatusCode::PRECONDITION_FAILED, typed, faults: Vec::new(), conflict: Some(conflict) };
    page(app, &posted.visitor, id, around).await
}
