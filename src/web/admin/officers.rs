//! `/admin/officers`: who may sign in, and as what.

use super::table::{Button, Row, Table};
use crate::app::callers::area_names;
use crate::app::{self, App, AppError, NewOfficer, OfficerChange, RegisteredOfficer};
use crate::domain::access::Role;
use crate::render::pages::choice;
use crate::web::fault::Fault;
use crate::web::form::{FormFault, faults, summary};
use crate::web::frame::{Area, Page, see_other};
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const PLACE: &str = "/admin/officers";

/// What was typed into the form for a new officer, and what came of it.
#[derive(Default)]
struct Typed {
    username: String,
    name: String,
    roles: BTreeSet<Role>,
    faults: Vec<FormFault>,
    /// Shown once: for whom, and the link.
    link: Option<(String, String)>,
}

#[get("/admin/officers")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, Fault> {
    page(&app, &visitor, Typed::default()).await
}

async fn page(app: &App, visitor: &Visitor, typed: Typed) -> Result<HttpResponse, Fault> {
    let all = app::see_officers(app, &visitor.actor).await?;
    let manages = visitor.officer.has(Role::Admin);
    let mut table =
        Table::new("Officers", &["Username", "Name", "Roles", "Areas", "May sign in"], "Nobody is registered yet.");
    table.rows = all.iter().map(|officer| row(app, officer, manages)).collect();
    let status = if typed.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = json!({
        "tables": [table],
        "manages": manages,
        "username": typed.username, "name": typed.name,
        "usernameError": error(&typed.faults, "username"), "nameError": error(&typed.faults, "displayName"),
        "rolesError": error(&typed.faults, "roles"),
        "roles": roles(&typed.roles),
        "faults": summary(&typed.faults),
        "link": typed.link.as_ref().map(|(whose, link)| json!({ "whose": whose, "link": link })),
        "back": { "href": "/admin", "text": "Admin" },
    });
    Ok(Page { area: Area::Admin, status, ..Page::new("admin/officers", "Officers", view) }.show(app, visitor))
}

fn roles(chosen: &BTreeSet<Role>) -> Vec<Value> {
    let item = |role: &Role| json!({ "value": role.as_str(), "text": choice(role.as_str()), "checked": chosen.contains(role) });
    Role::ALL.iter().map(item).collect()
}

fn row(app: &App, registered: &RegisteredOfficer, manages: bool) -> Row {
    let officer = &registered.officer;
    let roles: Vec<String> = officer.roles.iter().map(|role| choice(role.as_str())).collect();
    let active = if registered.active { "Yes" } else { "No" };
    let link = Button {
        action: format!("{PLACE}/link"),
        text: format!("New link for {}", officer.username),
        name: "username",
        value: officer.username.clone(),
    };
    Row {
        cells: vec![
            officer.username.clone(),
            officer.display_name.clone(),
            roles.join(", "),
            names_of_areas(app, &officer.areas),
            active.to_owned(),
        ],
        href: manages.then(|| format!("{PLACE}/{}", officer.id)),
        button: Some(link).filter(|_| manages && registered.active),
    }
}

/// `Exampleton, Exampleshire Coast`; nobody is told apart where the whole county is theirs.
fn names_of_areas(app: &App, keys: &BTreeSet<String>) -> String {
    if keys.is_empty() { "All".to_owned() } else { area_names(app, keys).join(", ") }
}

fn areas(app: &App, chosen: &BTreeSet<String>) -> Vec<Value> {
    let register = app.catalog.registers().areas.areas.iter();
    register
        .map(|area| json!({ "value": area.key, "text": area.name, "checked": chosen.contains(&area.key) }))
        .collect()
}

fn chosen(posted: &Posted) -> BTreeSet<Role> {
    posted.all("roles").filter_map(|role| role.parse().ok()).collect()
}

#[post("/admin/officers")]
pub(crate) async fn add(app: Data<App>, posted: Posted) -> Result<HttpResponse, Fault> {
    let (username, name) = (posted.text("username").to_owned(), posted.text("name").to_owned());
    let roles = chosen(&posted);
    let new = NewOfficer { username: username.clone(), display_name: name.clone(), roles: roles.clone() };
    match app::register_officer(&app, &posted.visitor.actor, new).await {
        Ok(link) => page(&app, &posted.visitor, Typed { link: Some((username, link)), ..Typed::default() }).await,
        Err(AppError::Invalid(faults)) => {
            let faults = faults::of_fields(faults);
            page(&app, &posted.visitor, Typed { username, name, roles, faults, link: None }).await
        }
        Err(other) => Err(other.into()),
    }
}

#[post("/admin/officers/link")]
pub(crate) async fn new_link(app: Data<App>, posted: Posted) -> Result<HttpResponse, Fault> {
    let username = posted.text("username").to_owned();
    let link = app::link_for_officer(&app, &posted.visitor.actor, &username).await?;
    page(&app, &posted.visitor, Typed { link: Some((username, link)), ..Typed::default() }).await
}

#[get("/admin/officers/{id}")]
pub(crate) async fn one(app: Data<App>, visitor: Visitor, id: Path<String>) -> Result<HttpResponse, Fault> {
    one_page(&app, &visitor, &id, Vec::new()).await
}

async fn one_page(app: &App, visitor: &Visitor, id: &str, faults: Vec<FormFault>) -> Result<HttpResponse, Fault> {
    let all = app::see_officers(app, &visitor.actor).await?;
    let found = all.iter().find(|found| found.officer.id.to_string() == id).ok_or(AppError::NotFound)?;
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = json!({
        "username": found.officer.username, "active": found.active, "id": id,
        "roles": roles(&found.officer.roles),
        "rolesError": error(&faults, "roles"),
        "areas": areas(app, &found.officer.areas),
        "areasError": error(&faults, "areas"),
        "faults": summary(&faults),
        "back": { "href": PLACE, "text": "Officers" },
    });
    let page = Page::new("admin/officer", found.officer.display_name.clone(), view);
    Ok(Page { area: Area::Admin, status, ..page }.show(app, visitor))
}

fn error(faults: &[FormFault], name: &str) -> Option<Value> {
    let fault = faults.iter().find(|fault| fault.name == name)?;
    Some(json!({ "text": fault.message }))
}

#[post("/admin/officers/{id}")]
pub(crate) async fn change(app: Data<App>, id: Path<String>, posted: Posted) -> Result<HttpResponse, Fault> {
    let all = app::see_officers(&app, &posted.visitor.actor).await?;
    let found = all.iter().find(|found| found.officer.id.to_string() == *id).ok_or(AppError::NotFound)?;
    let to = OfficerChange {
        roles: Some(chosen(&posted)),
        areas: Some(posted.all("areas").map(str::to_owned).collect()),
        active: Some(posted.text("active") == "yes"),
    };
    match app::rerole_officer(&app, &posted.visitor.actor, &found.officer.username, to).await {
        Ok(_) => Ok(see_other(PLACE)),
        Err(AppError::Invalid(faults)) => one_page(&app, &posted.visitor, &id, faults::of_fields(faults)).await,
        Err(other) => Err(other.into()),
    }
}
