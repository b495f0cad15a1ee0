//! `/admin`: what there is to look after.

use crate::app::App;
use crate::domain::access::Role;
use crate::web::fault::Fault;
use crate::web::frame::{Area, Page};
use crate::web::visitor::Visitor;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use serde_json::{Value, json};

/// Each place with what is there and who may go.
const PLACES: [(&str, &str, &str, &[Role]); 8] = [
    ("/admin/officers", "Officers", "Who may sign in, as what; links for new passwords", &[Role::Admin, Role::Auditor]),
    (
        "/admin/delegations",
        "Delegations",
        "Who may sign what, from when to when",
        &[Role::Admin, Role::Auditor, Role::AppropriateAuthority, Role::PsdSupervisor, Role::Chair],
    ),
    (
        "/admin/covers",
        "Standing in",
        "Who stands in for a point of contact",
        &[Role::PsdSupervisor, Role::Chair, Role::PsdStaff, Role::Spoc, Role::AppropriateAuthority, Role::Auditor],
    ),
    (
        "/admin/operation",
        "Mail and work",
        "Mailboxes, sending, work that was given up",
        &[Role::Admin, Role::PsdSupervisor, Role::PsdStaff, Role::Auditor],
    ),
    ("/admin/webhooks", "Webhooks", "Systems that are told what happens, and what they did not take", &[Role::Admin]),
    (
        "/admin/policy",
        "Policy",
        "Case types as pictures, registers, what the policy asks and where it works",
        &Role::ALL,
    ),
    ("/admin/reports/equality", "Equality report", "Who is nominated, restricted, warned, and appeals", &REPORTS),
    (
        "/admin/reports/conformance",
        "Conformance report",
        "What is asked of restrictions, and the cases behind each answer",
        &REPORTS,
    ),
];
const REPORTS: [Role; 5] = [Role::PsdSupervisor, Role::Chair, Role::AppropriateAuthority, Role::Auditor, Role::Records];

#[get("/admin")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, Fault> {
    let theirs = PLACES.iter().filter(|(.., roles)| visitor.officer.has_any(roles));
    let places: Vec<Value> =
        theirs.map(|(href, title, what, _)| json!({ "href": href, "title": title, "what": what })).collect();
    let page = Page::new("admin/index", "Admin", json!({ "places": places }));
    Ok(Page { area: Area::Admin, ..page }.show(&app, &visitor))
}
