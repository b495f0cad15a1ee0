//! What is recorded of a call: each form is one action; the script is gone through in one.

use super::forms::{Asked, Form, field};
use super::show::{Around, page, place_of};
use crate::app::live_calls::{
    ActedOn, CallAction, CallRecordView, OrderInForce, RequestDoneInput, StepInput, act_on_call, beside_call, read_call,
};
use crate::app::{App, AppError, drafts};
use crate::domain::calls::record::RecordState;
use crate::domain::case::RefusalKind;
use crate::domain::ids::CallId;
use crate::web::drafts::keep;
use crate::web::fault::Fault;
use crate::web::form::{FormFault, faults};
use crate::web::frame::see_other;
use crate::web::posted::Posted;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};

#[post("/calls/{id:[0-9a-f-]{36}}/script")]
pub(crate) async fn script(app: Data<App>, id: Path<CallId>, posted: Posted) -> Result<HttpResponse, Fault> {
    let view = read_call(&app, &posted.visitor.actor, *id).await?;
    let mut version = posted.version().unwrap_or_default();
    for step in view.script.iter().filter(|step| step.settled.is_none()) {
        let reason = posted.text(&format!("reason.{}", step.step)).to_owned();
        let done = posted.has(&format!("done.{}", step.step));
        if !done && reason.is_empty() {
            continue;
        }
        let input = StepInput { step: step.step, done, reason: Some(reason).filter(|reason| !reason.is_empty()) };
        let asked = ActedOn { call: *id, version, action: CallAction::SettleStep(input) };
        match act_on_call(&app, &posted.visitor.actor, asked).await {
            Ok(acted) => version = acted.version,
            Err(error) => return sent_back(&app, &posted, (*id, None), error).await,
        }
    }
    Ok(see_other(&format!("/calls/{id}?done=script")))
}

#[post("/calls/{id:[0-9a-f-]{36}}/complete")]
pub(crate) async fn complete(app: Data<App>, id: Path<CallId>, posted: Posted) -> Result<HttpResponse, Fault> {
    let version = posted.version().unwrap_or_default();
    let asked = ActedOn { call: *id, version, action: CallAction::Complete };
    match act_on_call(&app, &posted.visitor.actor, asked).await {
        Ok(_) => Ok(see_other(&format!("/calls/{id}?done=complete"))),
        Err(error) => sent_back(&app, &posted, (*id, None), error).await,
    }
}

#[post("/calls/{id:[0-9a-f-]{36}}/request-done")]
pub(crate) async fn request_done(app: Data<App>, id: Path<CallId>, posted: Posted) -> Result<HttpResponse, Fault> {
    let request = posted.text("request").parse().unwrap_or_default();
    let action = CallAction::FinishRequest(RequestDoneInput { request });
    let asked = ActedOn { call: *id, version: posted.version().unwrap_or_default(), action };
    match act_on_call(&app, &posted.visitor.actor, asked).await {
        Ok(_) => Ok(see_other(&format!("/calls/{id}?done=saved"))),
        Err(error) => sent_back(&app, &posted, (*id, None), error).await,
    }
}

#[post("/calls/{id:[0-9a-f-]{36}}/{action}")]
pub(crate) async fn act(app: Data<App>, path: Path<(CallId, String)>, posted: Posted) -> Result<HttpResponse, Fault> {
    let (id, name) = path.into_inner();
    let form = Form::named(&name).ok_or(AppError::NotFound)?;
    let actor = &posted.visitor.actor;
    let view = read_call(&app, actor, id).await?;
    let beside = Box::pin(beside_call(&app, actor, &view)).await?;
    let orders: Vec<OrderInForce> = beside.person.map(|person| person.orders_in_force).unwrap_or_default();
    let action = Asked { app: &app, view: &view, orders: &orders }.action(form, posted.fields());
    let action = match action {
        Ok(action) => action,
        Err(faults) => return again(&app, &posted, (id, form), (StatusCode::UNPROCESSABLE_ENTITY, faults)).await,
    };
    let was = view.state;
    let asked = ActedOn { call: id, version: posted.version().unwrap_or_default(), action };
    match act_on_call(&app, actor, asked).await {
        Ok(acted) => {
            drafts::discard_draft(&app, actor, &place_of(id, form)).await?;
            Ok(see_other(&format!("/calls/{id}?done={}", done(was, &acted))))
        }
        Err(error) => sent_back(&app, &posted, (id, Some(form)), error).await,
    }
}

fn done(was: RecordState, acted: &CallRecordView) -> &'static str {
    match (was, acted.state) {
        (RecordState::Complete, RecordState::Open) => "reopened",
        (_, RecordState::TakenBack) => "taken-back",
        _ => "saved",
    }
}

/// The page again, with what was typed and what is wrong with it.
async fn again(
    app: &App,
    posted: &Posted,
    (id, form): (CallId, Form),
    (status, faults): (StatusCode, Vec<FormFault>),
) -> Result<HttpResponse, Fault> {
    keep(app, posted, &place_of(id, form)).await?;
    let at_field = |fault: FormFault| FormFault { name: field(form, &fault.name), ..fault };
    let faults = faults.into_iter().map(at_field).collect();
    let around = Around { status, form: Some(form), faults, typed: Some(posted.typed()), ..Around::default() };
    page(app, &posted.visitor, id, around).await
}

/// The page again where the record said no.
async fn sent_back(
    app: &App,
    posted: &Posted,
    (id, form): (CallId, Option<Form>),
    error: AppError,
) -> Result<HttpResponse, Fault> {
    let (status, found) = match error {
        AppError::StaleVersion { .. } => {
            let message = "Somebody went on with this record since you opened it. It stands here as it is now; look at \
                           it, and send yours again.";
            (StatusCode::PRECONDITION_FAILED, vec![FormFault::of_whole(message)])
        }
        AppError::Refused(refusal) if refusal.kind == RefusalKind::Invalid => {
            (StatusCode::UNPROCESSABLE_ENTITY, faults::of_refusal(&refusal))
        }
        other @ (AppError::Refused(_)
        | AppError::Invalid(_)
        | AppError::NotSignedIn(_)
        | AppError::NotFound
        | AppError::Store(_)
        | AppError::Broken { .. }) => faults::of_error(other)?,
    };
    match form {
        Some(form) => again(app, posted, (id, form), (status, found)).await,
        None => {
            let faults = found.into_iter().map(|fault| FormFault::of_whole(fault.message)).collect();
            page(app, &posted.visitor, id, Around { status, faults, ..Around::default() }).await
        }
    }
}
