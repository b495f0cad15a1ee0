//! `/admin/reports/{name}`: counts of what is on file, with what can be concluded from them.

use super::table::{Row, Table, cell};
use crate::app::reports::{ReportName, make_report};
use crate::app::{App, AppError};
use crate::render::pages::choice;
use crate::web::fault::Fault;
use crate::web::frame::{Area, Page};
use crate::web::visitor::Visitor;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use serde_json::{Value, json};

#[get("/admin/reports/{name}")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor, name: Path<String>) -> Result<HttpResponse, Fault> {
    let name: ReportName = name.parse().map_err(|_unknown| AppError::NotFound)?;
    let report = make_report(&app, &visitor.actor, name).await?;
    let mut tables = Vec::new();
    laid_out("", &report.content, &mut tables);
    let others: Vec<Value> = ReportName::ALL
        .iter()
        .map(|other| json!({ "href": format!("/admin/reports/{}", other.as_str()), "text": choice(other.as_str()), "here": *other == name }))
        .collect();
    let view = json!({ "report": { "evidence": report.evidence, "madeAt": report.made_at, "policyVersion": report.policy_version },
                       "tables": tables, "others": others, "back": { "href": "/admin", "text": "Admin" } });
    let page = Page::new("admin/report", report.title, view);
    Ok(Page { area: Area::Admin, marking: report.marking, ..page }.show(&app, &visitor))
}

/// Lists of things become tables; what stands alone, a table of names and values.
fn laid_out(name: &str, value: &Value, tables: &mut Vec<Table>) {
    match value {
        Value::Array(rows) => tables.push(of_rows(name, rows)),
        Value::Object(fields) => {
            let (nested, plain): (Vec<_>, Vec<_>) =
                fields.iter().partition(|(_, value)| value.is_array() || value.is_object());
            if !plain.is_empty() {
                let caption = if name.is_empty() { "In all".to_owned() } else { choice(name) };
                let mut table = Table::new(&caption, &["What", "How many"], "");
                table.rows = plain
                    .iter()
                    .map(|(name, value)| Row { cells: vec![choice(name), cell(value)], ..Row::default() })
                    .collect();
                tables.push(table);
            }
            nested.into_iter().for_each(|(name, value)| laid_out(name, value, tables));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn of_rows(name: &str, rows: &[Value]) -> Table {
    let mut columns: Vec<&str> = Vec::new();
    for key in rows.iter().filter_map(Value::as_object).flat_map(|row| row.keys()) {
        if !columns.contains(&key.as_str()) {
            columns.push(key);
        }
    }
    let heads: Vec<String> =
        if columns.is_empty() { vec![choice(name)] } else { columns.iter().map(|key| choice(key)).collect() };
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let mut table = Table::new(&choice(name), &heads, "Nothing is on file.");
    table.rows = rows
        .iter()
        .map(|row| Row {
            cells: match columns.is_empty() {
                true => vec![cell(row)],
                false => columns.iter().map(|key| row.get(key).map(cell).unwrap_or_default()).collect(),
            },
            ..Row::default()
        })
        .collect();
    table
}
