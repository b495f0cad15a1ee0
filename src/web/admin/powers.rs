//! `/admin/delegations` and `/admin/covers`: who may sign, and who stands in for whom, for some days.

use super::table::{Button, Row, Table};
use crate::app::{
    self, App, AppError, Loan, NewCover, arrange_cover, end_cover, grant_delegation, list_covers, list_delegations,
    officer_names, revoke_delegation,
};
use crate::domain::access::Role;
use crate::domain::ids::{CoverId, DelegationId, OfficerId};
use crate::render::long_date;
use crate::web::fault::Fault;
use crate::web::form::{Drawing, draw, faults, read, summary};
use crate::web::frame::{Area, Page, see_other};
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use serde_json::{Value, json};
use uuid::Uuid;

const MOST: u64 = 200;

fn loan_form() -> Value {
    json!({ "type": "object", "required": ["officer", "from", "to"], "properties": {
        "officer": { "type": "string", "format": "uuid", "title": "Officer" },
        "from": { "type": "string", "format": "date", "title": "First day" },
        "to": { "type": "string", "format": "date", "title": "Last day" } } })
}

fn cover_form() -> Value {
    json!({ "type": "object", "required": ["spoc", "by", "from", "to", "reason"], "properties": {
        "spoc": { "type": "string", "format": "uuid", "title": "Point of contact or coordinator" },
        "by": { "type": "string", "format": "uuid", "title": "Who stands in" },
        "from": { "type": "string", "format": "date", "title": "First day" },
        "to": { "type": "string", "format": "date", "title": "Last day" },
        "reason": { "type": "string", "title": "Why", "maxLength": 500 } } })
}

#[get("/admin/delegations")]
pub(crate) async fn delegations(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, Fault> {
    delegations_page(&app, &visitor, Drawing::default()).await
}

async fn delegations_page(app: &App, visitor: &Visitor, drawing: Drawing) -> Result<HttpResponse, Fault> {
    let all = list_delegations(app, &visitor.actor, None, MOST).await?;
    let ids: Vec<Uuid> = all.iter().map(|loan| loan.officer.as_uuid()).collect();
    let names = officer_names(app, &ids).await?;
    let manages = visitor.officer.has(Role::Admin);
    let mut table = Table::new(
        "Delegations of the chief officer's function",
        &["Officer", "For", "From", "To", "Revoked"],
        "None: nobody but a chief officer may sign.",
    );
    table.rows = all
        .iter()
        .map(|loan| Row {
            cells: vec![
                names.get(&loan.officer.as_uuid()).cloned().unwrap_or_default(),
                title_of(app, &loan.workflow),
                long_date(loan.from),
                long_date(loan.to),
                loan.revoked_at.map(crate::render::pages::date_and_time).unwrap_or_else(|| "No".to_owned()),
            ],
            href: None,
            button: (manages && loan.revoked_at.is_none()).then(|| Button {
                action: "/admin/delegations/revoke".to_owned(),
                text: "Revoke".to_owned(),
                name: "id",
                value: loan.id.to_string(),
            }),
        })
        .collect();
    let able = officers_with(app, Role::AppropriateAuthority).await?;
    let form = manages.then(|| draw(&loan_form(), &Drawing { officers: able, ..drawing.clone() }));
    shown(app, visitor, ("Delegations", "/admin/delegations", "Grant a delegation"), (table, form, drawing))
}

#[post("/admin/delegations")]
pub(crate) async fn grant(app: Data<App>, posted: Posted) -> Result<HttpResponse, Fault> {
    let said = read(&loan_form(), posted.fields());
    let mut faults = said.faults;
    if faults.is_empty() {
        let of = |name: &str| said.input.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (Ok(officer), Ok(from), Ok(to)) = (of("officer").parse(), of("from").parse(), of("to").parse()) else {
            return Err(Fault::Unreadable);
        };
        let loan = Loan { officer, workflow: "communications-strategy".to_owned(), from, to };
        match grant_delegation(&app, &posted.visitor.actor, loan).await {
            Ok(_) => return Ok(see_other("/admin/delegations")),
            Err(AppError::Invalid(found)) => faults = faults::of_fields(found),
            Err(other) => return Err(other.into()),
        }
    }
    let drawing = Drawing { fields: posted.fields().clone(), faults, ..Drawing::default() };
    delegations_page(&app, &posted.visitor, drawing).await
}

#[post("/admin/delegations/revoke")]
pub(crate) async fn revoke(app: Data<App>, posted: Posted) -> Result<HttpResponse, Fault> {
    let id: DelegationId = posted.text("id").parse().map_err(|_no_id| AppError::NotFound)?;
    revoke_delegation(&app, &posted.visitor.actor, id).await?;
    Ok(see_other("/admin/delegations"))
}

#[get("/admin/covers")]
pub(crate) async fn covers(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, Fault> {
    covers_page(&app, &visitor, Drawing::default()).await
}

async fn covers_page(app: &App, visitor: &Visitor, drawing: Drawing) -> Result<HttpResponse, Fault> {
    let all = list_covers(app, &visitor.actor, None, MOST).await?;
    let ids: Vec<Uuid> = all.iter().flat_map(|cover| [cover.spoc.as_uuid(), cover.by.as_uuid()]).collect();
    let names = officer_names(app, &ids).await?;
    let name = |id: OfficerId| names.get(&id.as_uuid()).cloned().unwrap_or_default();
    let manages = visitor.officer.has_any(&[Role::PsdSupervisor, Role::Chair]);
    let mut table = Table::new(
        "Who stands in for whom",
        &["Stands in", "For", "From", "To", "Why", "Ended"],
        "Nobody stands in for anybody.",
    );
    table.rows = all
        .iter()
        .map(|cover| Row {
            cells: vec![
                name(cover.by),
                name(cover.spoc),
                long_date(cover.from),
                long_date(cover.to),
                cover.reason.clone(),
                cover.ended_at.map(crate::render::pages::date_and_time).unwrap_or_else(|| "No".to_owned()),
            ],
            href: None,
            button: (manages && cover.ended_at.is_none()).then(|| Button {
                action: "/admin/covers/end".to_owned(),
                text: "End it now".to_owned(),
                name: "id",
                value: cover.id.to_string(),
            }),
        })
        .collect();
    let mut able = officers_with(app, Role::Spoc).await?;
    able.extend(officers_with(app, Role::Coordinator).await?);
    able.sort_by(|one, other| (&one.1, &one.0).cmp(&(&other.1, &other.0)));
    able.dedup();
    let form = manages.then(|| draw(&cover_form(), &Drawing { officers: able, ..drawing.clone() }));
    shown(app, visitor, ("Standing in", "/admin/covers", "Let somebody stand in"), (table, form, drawing))
}

#[post("/admin/covers")]
pub(crate) async fn arrange(app: Data<App>, posted: Posted) -> Result<HttpResponse, Fault> {
    let said = read(&cover_form(), posted.fields());
    let mut faults = said.faults;
    if faults.is_empty() {
        let of = |name: &str| said.input.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let days = (of("from").parse(), of("to").parse());
        let (Ok(spoc), Ok(by), (Ok(from), Ok(to))) = (of("spoc").parse(), of("by").parse(), days) else {
            return Err(Fault::Unreadable);
        };
        let new = NewCover { spoc, by, from, to, reason: of("reason") };
        match arrange_cover(&app, &posted.visitor.actor, new).await {
            Ok(_) => return Ok(see_other("/admin/covers")),
            Err(AppError::Invalid(found)) => faults = faults::of_fields(found),
            Err(other) => return Err(other.into()),
        }
    }
    let drawing = Drawing { fields: posted.fields().clone(), faults, ..Drawing::default() };
    covers_page(&app, &posted.visitor, drawing).await
}

#[post("/admin/covers/end")]
pub(crate) async fn end(app: Data<App>, posted: Posted) -> Result<HttpResponse, Fault> {
    let id: CoverId = posted.text("id").parse().map_err(|_no_id| AppError::NotFound)?;
    end_cover(&app, &posted.visitor.actor, id).await?;
    Ok(see_other("/admin/covers"))
}

async fn officers_with(app: &App, role: Role) -> Result<Vec<(String, String)>, Fault> {
    let all = app::list_officers(app).await?;
    let able = all.into_iter().filter(|found| found.active && found.officer.has(role));
    Ok(able.map(|found| (found.officer.id.to_string(), found.officer.display_name)).collect())
}

fn title_of(app: &App, workflow: &str) -> String {
    app.catalog.latest(workflow).map_or_else(|| workflow.to_owned(), |workflow| workflow.title.clone())
}

fn shown(
    app: &App,
    visitor: &Visitor,
    (title, place, button): (&str, &str, &str),
    (table, form, drawing): (Table, Option<Vec<Value>>, Drawing),
) -> Result<HttpResponse, Fault> {
    let status = if drawing.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = json!({ "tables": [table], "fields": form, "place": place, "button": button,
                       "faults": summary(&drawing.faults), "back": { "href": "/admin", "text": "Admin" } });
    Ok(Page { area: Area::Admin, status, ..Page::new("admin/tables", title, view) }.show(app, visitor))
}
