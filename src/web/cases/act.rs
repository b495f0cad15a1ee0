//! `/cases/{id}/actions/{action}`: the form of one action, and taking it.
//!
//! What was typed is kept as a draft until it is taken. Where somebody else acted meanwhile, both are shown: what they did, and
//! what was typed; nothing is written over.

use super::timeline::timeline;
use crate::app::cases::{self, ActionForm, Asked};
use crate::app::drafts::{self, Fields};
use crate::app::{App, AppError};
use crate::domain::case::{Command, Refusal, RefusalKind};
use crate::domain::ids::CaseId;
use crate::render::pages::time_of_day;
use crate::web::drafts::{keep, sentence};
use crate::web::fault::Fault;
use crate::web::form::{Answer, Drawing, FormFault, answers, change_lists, draw, faults, read, summary};
use crate::web::frame::{Area, Page, place_of_ours, see_other};
use crate::web::posted::Posted;
use crate::web::strategies::beside;
use crate::web::visitor::Visitor;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use serde_json::{Value, json};

/// What stands beside a form, and how it is answered.
#[derive(Default)]
struct Around {
    status: StatusCode,
    faults: Vec<FormFault>,
    /// When the draft that stands in it was saved.
    drafted: Option<String>,
    /// What others did since it was opened.
    conflict: Option<Value>,
    /// Why the engine says no.
    refusal: Option<Value>,
}

fn place(id: CaseId, action: &str) -> String {
    format!("/cases/{id}/actions/{action}")
}

#[get("/cases/{id}/actions/{action}")]
pub(crate) async fn ask(app: Data<App>, visitor: Visitor, path: Path<(CaseId, String)>) -> Result<HttpResponse, Fault> {
    let (id, action) = path.into_inner();
    let form = cases::action_form(&app, &visitor.actor, id, &action).await?;
    if let Some(refusal) = form.offer.refusal.clone().filter(|_| !form.offer.allowed) {
        return Err(AppError::Refused(refusal).into());
    }
    let draft = drafts::find_draft(&app, &visitor.actor, &place(id, &action)).await?;
    let (fields, drafted) = match draft {
        Some(draft) => {
            let at = crate::domain::calendar::london::wall_time(draft.saved_at).time();
            (Some(draft.fields), Some(time_of_day(at)))
        }
        None => (None, None),
    };
    let around = Around { status: StatusCode::OK, drafted, ..Around::default() };
    page(&app, &visitor, (&form, fields), around).await
}

async fn page(
    app: &App,
    visitor: &Visitor,
    (form, typed): (&ActionForm, Option<Fields>),
    around: Around,
) -> Result<HttpResponse, Fault> {
    let place = place(form.case.id, &form.offer.action);
    let components = form.schema.as_ref().map(|schema| {
        let kept = Drawing::of_value(schema, &beside::begins_with(form));
        let officers = form.spocs.iter().map(|(id, name)| (id.to_string(), name.clone())).collect();
        let fields = typed.unwrap_or(kept.fields);
        let areas = form.areas.clone();
        draw(schema, &Drawing { fields, faults: around.faults.clone(), officers, areas })
    });
    let others = drafts::others_writing(app, &visitor.actor, &place).await?;
    let (components, beside) = beside::beside(form, components.unwrap_or_default());
    let view = json!({
        "case": form.case,
        "action": form.offer,
        "place": place,
        "fields": components,
        "beside": beside,
        "version": form.case.version,
        "contentHash": form.case.content_hash.as_deref().filter(|_| form.offer.signs_content),
        "faults": summary(&around.faults),
        "drafted": around.drafted,
        "conflict": around.conflict,
        "refusal": around.refusal,
        "others": sentence(&others),
        "back": { "href": format!("/cases/{}", form.case.id) },
    });
    let page = Page::new("cases/act", form.offer.title.clone(), view);
    let page =
        Page { area: Area::People, marking: form.case.marking, status: around.status, place: Some(place), ..page };
    Ok(page.show(app, visitor))
}

#[post("/cases/{id}/actions/{action}")]
pub(crate) async fn take(app: Data<App>, path: Path<(CaseId, String)>, posted: Posted) -> Result<HttpResponse, Fault> {
    let (id, action) = path.into_inner();
    let visitor = &posted.visitor;
    let form = match cases::action_form(&app, &visitor.actor, id, &action).await {
        // The case went on, and no longer knows the action: that is a conflict, not a missing page.
        Err(AppError::NotFound) => {
            let case = cases::find_case(&app, &visitor.actor, id).await?;
            keep(&app, &posted, &place(id, &action)).await?;
            return Err(gone_on(&case.state_title).into());
        }
        form => form?,
    };
    if let Some(changed) = change_lists(posted.fields()) {
        keep(&app, &posted, &place(id, &action)).await?;
        let around = Around { status: StatusCode::OK, ..Around::default() };
        return page(&app, visitor, (&form, Some(changed)), around).await;
    }
    let said = form.schema.as_ref().map(|schema| read(schema, posted.fields()));
    let faults = said.as_ref().map(|said| said.faults.clone()).unwrap_or_default();
    if !faults.is_empty() {
        keep(&app, &posted, &place(id, &action)).await?;
        let around = Around { status: StatusCode::UNPROCESSABLE_ENTITY, faults, ..Around::default() };
        return page(&app, visitor, (&form, Some(posted.fields().clone())), around).await;
    }
    let content_hash = Some(posted.text("contentHash").to_owned()).filter(|hash| !hash.is_empty());
    let command = Command {
        action: action.clone(),
        input: said.map(|said| said.input).unwrap_or_default(),
        content_hash,
        through: None,
    };
    // Without the version that was read it is a form that nobody read.
    let expected_version = Some(posted.version().unwrap_or_default());
    match cases::act_on_case(&app, &visitor.actor, Asked { case: id, expected_version, command }).await {
        Ok(_) => {
            drafts::discard_draft(&app, &visitor.actor, &place(id, &action)).await?;
            let next =
                if posted.has("next") { place_of_ours(posted.text("next")).to_owned() } else { format!("/cases/{id}") };
            Ok(see_other(&next))
        }
        Err(error) => not_taken(&app, &posted, &form, error).await,
    }
}

/// What was typed is still on the page, with why it was not taken.
async fn not_taken(app: &App, posted: &Posted, form: &ActionForm, error: AppError) -> Result<HttpResponse, Fault> {
    let typed = Some(posted.fields().clone());
    keep(app, posted, &place(form.case.id, &form.offer.action)).await?;
    match error {
        AppError::StaleVersion { expected, .. } => {
            let conflict = Some(since(app, posted, form, expected).await?);
            let around = Around { status: StatusCode::PRECONDITION_FAILED, conflict, ..Around::default() };
            page(app, &posted.visitor, (form, typed), around).await
        }
        AppError::Refused(refusal) if refusal.kind != RefusalKind::Forbidden => {
            let status = match refusal.kind {
                RefusalKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
                RefusalKind::Conflict | RefusalKind::Forbidden => StatusCode::CONFLICT,
            };
            let around = Around {
                status,
                faults: faults::of_refusal(&refusal),
                refusal: Some(words_of(&refusal)),
                ..Around::default()
            };
            page(app, &posted.visitor, (form, typed), around).await
        }
        other @ (AppError::Refused(_)
        | AppError::NotSignedIn(_)
        | AppError::NotFound
        | AppError::Invalid(_)
        | AppError::Store(_)
        | AppError::Broken { .. }) => Err(other.into()),
    }
}

/// What happened since the form was opened.
async fn since(app: &App, posted: &Posted, form: &ActionForm, read: i64) -> Result<Value, Fault> {
    let actor = &posted.visitor.actor;
    let workflow = cases::workflow_of_case(app, actor, form.case.id).await?;
    let events = cases::case_events(app, actor, form.case.id, (Some(read), 100)).await?;
    Ok(json!({ "happened": timeline(app, &workflow, &events).await?, "differing": differing(form, posted.fields()) }))
}

/// Where what stands in the case and what was typed say different things, side by side.
fn differing(form: &ActionForm, typed: &Fields) -> Vec<Value> {
    let Some(schema) = form.schema.as_ref().filter(|_| !form.kept.is_null()) else { return Vec::new() };
    let nobody = std::collections::BTreeMap::new();
    let theirs = answers(Some(schema), &form.kept, &nobody);
    let yours = answers(Some(schema), &read(schema, typed).input, &nobody);
    let of = |side: &[Answer], label: &str| {
        side.iter().find(|one| one.label == label).map(|one| one.text.clone()).unwrap_or_default()
    };
    let new = yours.iter().filter(|one| !theirs.iter().any(|known| known.label == one.label));
    let labels = theirs.iter().chain(new).map(|one| one.label.as_str());
    let both = labels.map(|label| (label, of(&theirs, label), of(&yours, label)));
    let differ = both.filter(|(_, theirs, yours)| theirs != yours);
    differ.map(|(label, theirs, yours)| json!({ "label": label, "theirs": theirs, "yours": yours })).collect()
}

fn words_of(refusal: &Refusal) -> Value {
    json!({ "message": refusal.message, "policy": refusal.policy, "code": refusal.code })
}

fn gone_on(state: &str) -> AppError {
    let message = format!("This case went on meanwhile: it is now “{state}”. What you typed is kept as a draft.");
    AppError::Refused(Refusal::conflict("not-allowed-in-state", message))
}
