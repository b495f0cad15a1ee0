//! The whole list of addresses.
//!
//! To add one: write its handler in `v1/<resource>/<verb>.rs` with `#[utoipa::path]` above `#[get("…")]`, and add a
//! line here. It is then served, described in the API description, and known to the 405 answer and the tests' sweep.

use crate::api::known_paths::KnownPaths;
use crate::api::{body, health, idempotency, marking, oauth, openapi, problem_pages, request_id, v1};
use crate::app::App;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::Data;
use actix_web::{Error, HttpRequest, HttpResponse};
use std::sync::Arc;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_actix_web::{AppExt, scope};

/// What needs no token, at the root.
fn public(at: &mut ServiceConfig) {
    at.service(health::healthz)
        .service(health::readyz)
        .service(problem_pages::describe)
        .service(oauth::jwks::jwks)
        .service(oauth::token::token);
}

/// Under `/api/v1`.
fn v1(at: &mut ServiceConfig) {
    // A path is looked for in this order; the first is asked for while a caller is on the line.
    at.service(v1::caller_lookups::look_up)
        .service(openapi::openapi)
        .service(v1::me::me)
        .service(v1::workflows::list)
        .service(v1::workflows::find)
        .service(v1::policy::coverage)
        .service(v1::policy::changes)
        .service(v1::registers::list)
        .service(v1::registers::find)
        .service(v1::contacts::list::list)
        .service(v1::contacts::record::record)
        .service(v1::contacts::batch::batch)
        .service(v1::contacts::find::find)
        .service(v1::contacts::attribute::attribute)
        .service(v1::contacts::triage::triage)
        .service(v1::contacts::handle::handle)
        .service(v1::people::list::list)
        .service(v1::people::create::create)
        .service(v1::people::search::search)
        .service(v1::people::merges::merge)
        .service(v1::people::merges::reverse)
        .service(v1::people::find::find)
        .service(v1::people::change::change)
        .service(v1::people::contacts::list)
        .service(v1::people::identifiers::list)
        .service(v1::people::identifiers::add)
        .service(v1::people::identifiers::end)
        .service(v1::people::adjustments::list)
        .service(v1::people::adjustments::record)
        .service(v1::people::adjustments::end)
        .service(v1::people::complaints_about::record)
        .service(v1::people::equality_monitoring::find)
        .service(v1::people::equality_monitoring::record)
        .service(v1::nominations::list)
        .service(v1::nominations::nominate)
        .service(v1::cases::list::list)
        .service(v1::cases::open::open)
        .service(v1::cases::find::find)
        .service(v1::cases::events::events)
        .service(v1::cases::notice::notice)
        .service(v1::cases::differences::differences)
        .service(v1::cases::actions::actions)
        .service(v1::cases::act::act)
        .service(v1::cases::person::link)
        .service(v1::cases::mark::mark)
        .service(v1::cases::break_glass::break_glass)
        .service(v1::consultations::list::list)
        .service(v1::consultations::answer::answer)
        .service(v1::meetings::list::list)
        .service(v1::meetings::plan::plan)
        .service(v1::meetings::find::find)
        .service(v1::meetings::open::open)
        .service(v1::meetings::decide::decide)
        .service(v1::meetings::close::close)
        .service(v1::meetings::minutes::minutes)
        .service(v1::tasks::list)
        .service(v1::tasks::finish)
        .service(v1::delegations::list::list)
        .service(v1::delegations::grant::grant)
        .service(v1::delegations::revoke::revoke)
        .service(v1::reports::find)
        .service(v1::covers::list::list)
        .service(v1::covers::arrange::arrange)
        .service(v1::covers::end::end)
        .service(v1::changes::changes)
        .configure(calls)
        .configure(mail)
        .configure(callers)
        .configure(live_calls)
        .configure(operation);
}

/// Under `/api/v1` too: calls as other systems recorded them.
fn calls(at: &mut ServiceConfig) {
    at.service(v1::call_imports::list::list)
        .service(v1::call_imports::hand_in::hand_in)
        .service(v1::call_imports::find::find)
        .service(v1::call_imports::faults::faults)
        .service(v1::call_imports::start::start)
        .service(v1::call_imports::start::drop)
        .service(v1::call_imports::undo::undo);
}

/// Under `/api/v1` too: what comes in by mail, and who sent it.
fn mail(at: &mut ServiceConfig) {
    at.service(v1::mail::keep::keep)
        .service(v1::mail::list::list)
        .service(v1::mail::list::reprocess)
        .service(v1::mail::explain::explain)
        .service(v1::mail::explain::reroute)
        .service(v1::screener::list::list)
        .service(v1::screener::list::decisions)
        .service(v1::screener::decide::decide)
        .service(v1::screener::reverse::reverse);
}

/// Under `/api/v1` too: who calls the control room again and again, and how that is coordinated.
fn callers(at: &mut ServiceConfig) {
    at.service(v1::callers::list::list)
        .service(v1::callers::find::find)
        .service(v1::callers::person::say)
        .service(v1::callers::leave::leave)
        .service(v1::callers::take_up::open)
        .service(v1::callers::keep::keep)
        .service(v1::callers::nominate::nominate)
        .service(v1::caller_months::find::csv)
        .service(v1::caller_months::find::find)
        .service(v1::caller_months::check::check)
        .service(v1::caller_months::sendings::send)
        .service(v1::caller_months::sendings::receipt)
        .service(v1::caller_months::sendings::act)
        .service(v1::area_referrals::list)
        .service(v1::coordination::find::desk)
        .service(v1::coordination::find::report)
        .service(v1::coordination::notes::list)
        .service(v1::coordination::notes::add)
        .service(v1::coordination::partners::list)
        .service(v1::coordination::partners::add)
        .service(v1::coordination::partners::end)
        .service(v1::coordination::costs::list)
        .service(v1::coordination::costs::add)
        .service(v1::coordination::costs::withdraw)
        .service(v1::coordination::meetings::list)
        .service(v1::coordination::meetings::plan)
        .service(v1::coordination::meetings::find)
        .service(v1::coordination::meetings::close);
}

/// Under `/api/v1` too: calls on the line, their records, what call takers are told.
fn live_calls(at: &mut ServiceConfig) {
    at.service(v1::calls::list::list)
        .service(v1::calls::begin::begin)
        .service(v1::calls::find::find)
        .service(v1::calls::act::act)
        .service(v1::markers::list::list)
        .service(v1::markers::add::add)
        .service(v1::markers::end::end);
}

/// Under `/api/v1` too: what goes out, to whom, and what lies undone.
fn operation(at: &mut ServiceConfig) {
    at.service(v1::mailboxes::list)
        .service(v1::outgoing::list::list)
        .service(v1::outgoing::stop::stop)
        .service(v1::outgoing::restart::restart)
        .service(v1::outgoing::explain::explain)
        .service(v1::outgoing::cancel::cancel)
        .service(v1::jobs::list::list)
        .service(v1::jobs::retry::retry)
        .service(v1::webhooks::list::list)
        .service(v1::webhooks::add::add)
        .service(v1::webhooks::list::find)
        .service(v1::webhooks::rotate::rotate)
        .service(v1::webhooks::end::end)
        .service(v1::webhooks::deliveries::list)
        .service(v1::webhooks::replay::one)
        .service(v1::webhooks::replay::all);
}

/// Everything, ready to be served, with what stands beside the API.
pub fn server(
    app: App,
    beside: fn(&mut actix_web::web::ServiceConfig),
) -> actix_web::App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl actix_web::body::MessageBody>,
        Error = Error,
        InitError = (),
    >,
> {
    let (served, api) = actix_web::App::new()
        .into_utoipa_app()
        .configure(public)
        .service(scope("/api/v1").configure(v1).wrap(from_fn(idempotency::honour)).wrap(from_fn(marking::mark)))
        .split_for_parts();
    let api = Arc::new(openapi::finish(api));
    let known = Data::new(KnownPaths::new(&api.paths));
    served
        .app_data(Data::new(app))
        .app_data(body::path())
        .app_data(body::query())
        .app_data(body::raw())
        .app_data(Data::from(api))
        .app_data(known.clone())
        .configure(beside)
        .default_service(actix_web::web::to(async move |req: HttpRequest, known: Data<KnownPaths>| -> HttpResponse {
            actix_web::ResponseError::error_response(&known.answer(&req))
        }))
        .wrap(from_fn(body::refuse_nul))
        .wrap(from_fn(request_id::frame))
        .wrap(Compress::default())
}

/// The description alone, without serving anything.
pub(crate) fn describe() -> utoipa::openapi::OpenApi {
    let described = actix_web::App::new().into_utoipa_app().configure(public).service(scope("/api/v1").configure(v1));
    openapi::finish(described.split_for_parts().1)
}
