//! The whole list of pages.
//!
//! To add one: write its handler in `web/<area>/<verb>.rs`, add a line here, and one in `tests/web/every_page.rs`, whose
//! sweep asks every page in the name of every role.

use super::posted::MOST_BYTES;
use super::{
    admin, approvals, call_imports, callers, calls, cases, consultations, contacts, drafts, live, mail, meetings,
    outbox, people, secure, settings, sign_in, statics, strategies, today,
};
use actix_web::guard::GuardContext;
use actix_web::http::header::ACCEPT;
use actix_web::middleware::from_fn;
use actix_web::web::{self, FormConfig, ServiceConfig};
use actix_web::{HttpResponse, guard};

/// What a browser is shown.
pub fn pages(at: &mut ServiceConfig) {
    let pages = web::scope("")
        .guard(guard::fn_guard(is_a_page))
        .app_data(FormConfig::default().limit(MOST_BYTES))
        .configure(signing_in)
        .configure(desk)
        .configure(post)
        .configure(strategy)
        .default_service(web::to(async || HttpResponse::NotFound().finish()))
        .wrap(from_fn(secure::frame));
    at.service(pages);
}

fn signing_in(at: &mut ServiceConfig) {
    at.service(statics::force)
        .service(statics::serve)
        .service(sign_in::ask)
        .service(sign_in::sign_in)
        .service(sign_in::sign_out)
        .service(sign_in::extend)
        .service(sign_in::ask_code)
        .service(sign_in::set_up_code)
        .service(sign_in::ask_password)
        .service(sign_in::set_password)
        .service(settings::show)
        .service(settings::choose)
        .service(settings::accessibility);
}

fn desk(at: &mut ServiceConfig) {
    at.service(today::show)
        .service(drafts::save)
        .service(drafts::discard)
        .service(live::follow)
        .configure(calls)
        .configure(cases)
        .configure(meetings)
        .configure(people)
        .configure(call_imports)
        .configure(callers)
        .configure(admin);
}

fn call_imports(at: &mut ServiceConfig) {
    at.service(call_imports::list::show)
        .service(call_imports::list::hand_in)
        .service(call_imports::show::show)
        .service(call_imports::faults_file::take)
        .service(call_imports::change::start)
        .service(call_imports::change::drop)
        .service(call_imports::change::undo);
}

fn admin(at: &mut ServiceConfig) {
    at.service(admin::index::show)
        .service(admin::officers::show)
        .service(admin::officers::add)
        .service(admin::officers::new_link)
        .service(admin::officers::one)
        .service(admin::officers::change)
        .service(admin::powers::delegations)
        .service(admin::powers::grant)
        .service(admin::powers::revoke)
        .service(admin::powers::covers)
        .service(admin::powers::arrange)
        .service(admin::powers::end)
        .service(admin::operation::show)
        .service(admin::operation::retry)
        .service(admin::operation::restart)
        .service(admin::webhooks::list::show)
        .service(admin::webhooks::list::add)
        .service(admin::webhooks::one::show)
        .service(admin::webhooks::one::replay)
        .service(admin::webhooks::one::rotate)
        .service(admin::webhooks::one::end)
        .service(admin::policy::show)
        .service(admin::policy::case_type)
        .service(admin::policy::one_register)
        .service(admin::reports::show);
}

fn meetings(at: &mut ServiceConfig) {
    at.service(meetings::list::show)
        .service(meetings::list::plan)
        .service(meetings::agenda::show)
        .service(meetings::agenda::open)
        .service(meetings::agenda::close)
        .service(meetings::agenda::approve)
        .service(meetings::person::show)
        .service(meetings::record::record)
        .service(meetings::record::take_back)
        .service(meetings::interest::declare)
        .service(meetings::prepare::ask)
        .service(meetings::prepare::prepare)
        .service(meetings::minutes::show);
}

fn calls(at: &mut ServiceConfig) {
    at.service(calls::desk::show)
        .service(calls::desk::begin)
        .service(calls::look_up::ask)
        .service(calls::look_up::answer)
        .service(calls::show::show)
        .service(calls::act::script)
        .service(calls::act::complete)
        .service(calls::act::request_done)
        .service(calls::act::act);
}

fn cases(at: &mut ServiceConfig) {
    at.service(cases::open::ask)
        .service(cases::open::open)
        .service(cases::show::show)
        .service(cases::person::ask)
        .service(cases::person::say)
        .service(cases::show::diagram)
        .service(cases::show::notice)
        .service(cases::act::ask)
        .service(cases::act::take);
}

fn post(at: &mut ServiceConfig) {
    at.service(mail::list::show)
        .service(mail::screener::ask)
        .service(mail::screener::decide)
        .service(mail::screener::reverse)
        .service(mail::files::html)
        .service(mail::files::attachment)
        .service(mail::explain::show)
        .service(mail::explain::reroute)
        .service(contacts::show::show)
        .service(contacts::act::handle)
        .service(contacts::act::attribute)
        .service(contacts::act::triage)
        .service(contacts::act::finish)
        .service(contacts::reply::ask)
        .service(contacts::reply::send)
        .service(outbox::show::show)
        .service(outbox::show::cancel);
}

fn strategy(at: &mut ServiceConfig) {
    at.service(strategies::show::show)
        .service(strategies::changes::show)
        .service(strategies::letter::preview)
        .service(strategies::letter::preview_print)
        .service(strategies::letter::print)
        .service(approvals::list::list)
        .service(approvals::show::show)
        .service(approvals::decide::decide)
        .service(consultations::list::list)
        .service(consultations::show::show)
        .service(consultations::answer::ask)
        .service(consultations::answer::answer);
}

fn people(at: &mut ServiceConfig) {
    at.service(people::list::show)
        .service(people::export::ask)
        .service(people::export::take)
        .service(people::keep::ask_new)
        .service(people::keep::create)
        .service(people::show::show)
        .service(people::keep::ask_edit)
        .service(people::keep::change)
        .service(people::identifiers::show)
        .service(people::identifiers::add)
        .service(people::identifiers::ask_end)
        .service(people::identifiers::end)
        .service(people::adjustments::show)
        .service(people::adjustments::add)
        .service(people::adjustments::ask_end)
        .service(people::adjustments::end)
        .service(people::merge::ask)
        .service(people::merge::join)
        .service(people::merge::ask_reverse)
        .service(people::merge::reverse)
        .service(people::complaint::ask)
        .service(people::complaint::record)
        .service(people::equality::ask)
        .service(people::equality::record)
        .service(people::numbers::per_day)
        .service(people::numbers::hours)
        .service(people::numbers::channels)
        .service(people::log_contact::ask)
        .service(people::log_contact::log)
        .service(people::contact_log::show);
}

fn callers(at: &mut ServiceConfig) {
    at.service(callers::desk::show)
        .service(callers::cases::show)
        .service(callers::months::show)
        .service(callers::month::ask_send)
        .service(callers::month::send)
        .service(callers::month::ask_check)
        .service(callers::month::check)
        .service(callers::month::ask_export)
        .service(callers::month::export)
        .service(callers::month::show)
        .service(callers::sendings::receive)
        .service(callers::sendings::ask_action)
        .service(callers::sendings::act)
        .service(callers::nominations::show)
        .service(callers::nominations::ask_leave)
        .service(callers::nominations::leave)
        .service(callers::nominations::keep)
        .service(callers::take_up::ask)
        .service(callers::take_up::open)
        .service(callers::markers::show)
        .service(callers::markers::ask)
        .service(callers::markers::add)
        .service(callers::markers::ask_end)
        .service(callers::markers::end)
        .service(callers::meetings::show)
        .service(callers::meetings::ask_plan)
        .service(callers::meetings::plan)
        .service(callers::meetings::show_one)
        .service(callers::meetings::ask_close)
        .service(callers::meetings::close)
        .service(callers::partners::show)
        .service(callers::partners::ask)
        .service(callers::partners::add)
        .service(callers::partners::end)
        .service(callers::costs::ask)
        .service(callers::costs::add)
        .service(callers::costs::withdraw)
        .service(callers::notes::ask)
        .service(callers::notes::add)
        .service(callers::report::show)
        .service(callers::profile::show)
        .service(callers::person::ask)
        .service(callers::person::say)
        .service(callers::nominate::ask)
        .service(callers::nominate::nominate)
        .service(callers::notes::ask_of_caller)
        .service(callers::notes::add_of_caller);
}

/// The areas of the pages; everything else under the root is the API's.
const AREAS: [&str; 21] = [
    "",
    "accessibility",
    "admin",
    "approvals",
    "c",
    "callers",
    "calls",
    "cases",
    "consultations",
    "contacts",
    "drafts",
    "live",
    "mail",
    "meetings",
    "outbox",
    "people",
    "session",
    "settings",
    "sign-in",
    "sign-out",
    "strategies",
];

/// A page, or what a browser asked for that is none: the API answers everything else in its own words.
fn is_a_page(asked: &GuardContext<'_>) -> bool {
    let path = asked.head().uri.path();
    let area = path.split('/').nth(1).unwrap_or_default();
    if AREAS.contains(&area) || area == "static" {
        return true;
    }
    let of_api = ["api", "oauth2", ".well-known", "problems", "healthz", "readyz"].contains(&area);
    let accepted = asked.head().headers().get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    !of_api && accepted.contains("text/html")
}
