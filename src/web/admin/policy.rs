//! `/admin/policy`: the case types as they are in force, what the policy asks and where it works, the registers.

use super::table::{Row, Table};
use crate::app::policy::{find_register, list_changed_files, list_registers, read_coverage};
use crate::app::workflows::list_workflows;
use crate::app::{App, AppError};
use crate::domain::workflow::diagram;
use crate::render::pages::{choice, date_and_time};
use crate::web::fault::Fault;
use crate::web::frame::{Area, Page};
use crate::web::visitor::Visitor;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use serde_json::{Value, json};

#[get("/admin/policy")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, Fault> {
    let actor = &visitor.actor;
    let mut types = Table::new("Case types", &["Case type", "Version", "Policy"], "None.");
    types.rows = list_workflows(&app, actor)?
        .into_iter()
        .map(|workflow| Row {
            href: Some(format!("/admin/policy/case-types/{}", workflow.key)),
            cells: vec![workflow.title, workflow.version.to_string(), workflow.policy],
            button: None,
        })
        .collect();
    let mut registers = Table::new("Registers", &["Register", "Version", "To be said of it"], "None.");
    registers.rows = list_registers(&app, actor)?
        .into_iter()
        .map(|register| Row {
            href: Some(format!("/admin/policy/registers/{}", register.name)),
            cells: vec![
                choice(&register.name),
                register.version.unwrap_or_default(),
                register.warning.unwrap_or_default(),
            ],
            button: None,
        })
        .collect();
    let mut tables = vec![types, registers];
    tables.extend(requirements(&visitor)?);
    tables.extend(changes(&app, &visitor).await?);
    let view = json!({ "tables": tables, "back": { "href": "/admin", "text": "Admin" } });
    Ok(Page { area: Area::Admin, ..Page::new("admin/tables", "Policy", view) }.show(&app, &visitor))
}

/// What the policy asks, for those who may look at it as a whole.
fn requirements(visitor: &Visitor) -> Result<Option<Table>, Fault> {
    let coverage = match read_coverage(&visitor.actor) {
        Ok(coverage) => coverage,
        Err(AppError::Refused(_)) => return Ok(None),
        Err(other) => return Err(other.into()),
    };
    let mut table = Table::new("What the policy asks", &["Requirement", "Paragraph", "Says", "State"], "None.");
    let state = |row: &Value| row.get("status").and_then(Value::as_str).map(choice).unwrap_or_default();
    table.rows = coverage
        .data
        .iter()
        .map(|row| Row {
            cells: vec![row.id.clone(), row.paragraph.clone(), row.says.clone(), state(&json!(row))],
            ..Row::default()
        })
        .collect();
    Ok(Some(table))
}

async fn changes(app: &App, visitor: &Visitor) -> Result<Option<Table>, Fault> {
    let found = match list_changed_files(app, &visitor.actor).await {
        Ok(found) => found,
        Err(AppError::Refused(_)) => return Ok(None),
        Err(other) => return Err(other.into()),
    };
    let mut table = Table::new("When these files changed", &["File", "Kind", "Found"], "They have not changed here.");
    table.rows = found
        .into_iter()
        .map(|change| Row {
            cells: vec![change.name, choice(&change.file), date_and_time(change.at)],
            ..Row::default()
        })
        .collect();
    Ok(Some(table))
}

#[get("/admin/policy/case-types/{key}")]
pub(crate) async fn case_type(app: Data<App>, visitor: Visitor, key: Path<String>) -> Result<HttpResponse, Fault> {
    // Whoever signs in may see how cases go.
    let workflow = app.catalog.latest(&key).ok_or(AppError::NotFound)?;
    let mut proven =
        Table::new("What is proved of it, over every path", &["Invariant", "Says", "Policy"], "Nothing is declared.");
    proven.rows = workflow
        .invariants
        .iter()
        .map(|invariant| Row {
            cells: vec![invariant.id.clone(), invariant.says.clone(), invariant.policy.clone().unwrap_or_default()],
            ..Row::default()
        })
        .collect();
    let view = json!({ "svg": diagram::svg(workflow, None), "tables": [proven], "back": { "href": "/admin/policy", "text": "Policy" } });
    let page = Page::new("admin/case_type", workflow.title.clone(), view);
    Ok(Page { area: Area::Admin, ..page }.show(&app, &visitor))
}

#[get("/admin/policy/registers/{name}")]
pub(crate) async fn one_register(app: Data<App>, visitor: Visitor, name: Path<String>) -> Result<HttpResponse, Fault> {
    let found = find_register(&app, &visitor.actor, &name).await?;
    let view = json!({ "register": found, "back": { "href": "/admin/policy", "text": "Policy" } });
    let page = Page::new("admin/register", format!("Register: {}", choice(&name)), view);
    Ok(Page { area: Area::Admin, ..page }.show(&app, &visitor))
}
