//! The table of a month as a file: formulas in it are words, and why somebody took it is written down.

use super::read;
use super::view::{CallerMonth, MonthRow};
use crate::app::callers::months::words;
use crate::app::callers::{MAY_EXPORT_MONTHS, area_names, areas_read};
use crate::app::{App, AppError, Shown, log_disclosures, log_export, rights};
use crate::domain::access::{Actor, Scope};
use crate::domain::calendar::london;
use crate::domain::calls::months::Month;
use crate::domain::marking::Marking;
use crate::render::spreadsheet;

/// A table that leaves the product.
#[derive(Clone, Debug)]
pub struct ExportedMonth {
    pub csv: String,
    pub marking: Marking,
}

/// The table with what it is and is not in its last rows.
///
/// # Errors
/// `Refused`; `NotFound` as for reading; `Invalid` without a reason.
pub async fn export_month(
    app: &App,
    actor: &Actor,
    month: Month,
    (area, reason): (Option<&str>, &str),
) -> Result<ExportedMonth, AppError> {
    rights::system_or_officer(actor, Scope::CallerMonthsRead, &MAY_EXPORT_MONTHS)?;
    let reason = words("/reason", reason, 500)?;
    let view = read::shown_to(app, actor, month, areas_read(actor, area)?).await?;
    let shown: Vec<Shown> =
        view.rows().flat_map(|(_, row)| row.callers()).map(|caller| Shown::itself(caller.as_uuid())).collect();
    if let Actor::System(system) = actor {
        let given: Vec<_> = shown.iter().map(Shown::id).collect();
        log_disclosures(app, actor, ("caller", &system.name), &given).await?;
    }
    log_export(app, actor, ("caller", &reason), &shown).await?;
    let mut lines: Vec<Vec<String>> = view.rows().map(|(kind, row)| cells(&view, kind, row)).collect();
    lines.push(Vec::new());
    lines.extend(said(app, &view).into_iter().map(|line| vec![line]));
    Ok(ExportedMonth { csv: spreadsheet::document(&head(&view), &lines), marking: view.marking })
}

/// The headings of the file; what came from the areas of a table stands last.
fn head(view: &CallerMonth) -> Vec<String> {
    let head = ["Marking", "Month", "Kind", "Number", "Name", "Location", "999", "101", "Calls", "First", "Last"];
    let of_areas = (!view.areas.is_empty()).then_some("Calls from the areas");
    head.into_iter().chain(of_areas).map(str::to_owned).collect()
}

/// What stands below the rows.
fn said(app: &App, view: &CallerMonth) -> Vec<String> {
    let mut said = match area_names(app, &view.areas).as_slice() {
        [] => vec!["Of the whole county.".to_owned()],
        areas => vec![
            format!("Of whoever called at least once from: {}.", areas.join(", ")),
            "They are on it by all their calls in the county.".to_owned(),
        ],
    };
    let coverage = &view.coverage;
    said.extend(coverage.statement.iter().map(|line| (*line).to_owned()));
    said.push(format!(
        "Calls in the month{}: {}; of which nobody can tell who called: {}.",
        if view.areas.is_empty() { "" } else { " from the areas" },
        coverage.calls,
        coverage.calls_without_caller
    ));
    said.push(format!("Calls of no known area, which are in no area's table: {}.", coverage.calls_without_area));
    for system in &coverage.systems {
        let missing: Vec<String> = system.missing.iter().map(|span| format!("{} to {}", span.from, span.to)).collect();
        let missing = if missing.is_empty() { "none".to_owned() } else { missing.join(", ") };
        said.push(format!("Days without a call in the files of {}: {missing}.", system.system));
    }
    if coverage.systems.iter().all(|system| system.covered.is_empty()) {
        said.push("No file holds a call of this month.".to_owned());
    }
    said
}

/// The rows alone: what a hash of the table is taken of.
pub(super) fn csv_of(view: &CallerMonth) -> String {
    let lines: Vec<Vec<String>> = view.rows().map(|(kind, row)| cells(view, kind, row)).collect();
    spreadsheet::document(&head(view), &lines)
}

fn cells(view: &CallerMonth, kind: &str, row: &MonthRow) -> Vec<String> {
    let line = |channel: &str| row.by_channel.get(channel).copied().unwrap_or(0).to_string();
    let at = |at| london::wall_time(at).format("%Y-%m-%d %H:%M").to_string();
    let numbers: Vec<&str> =
        row.number.iter().chain(row.also.iter().filter_map(|same| same.number.as_ref())).map(String::as_str).collect();
    let mut cells = vec![
        view.marking.as_str().to_owned(),
        view.month.to_string(),
        kind.to_owned(),
        numbers.join("; "),
        row.name.clone().unwrap_or_default(),
        row.location.clone().unwrap_or_default(),
        line("999"),
        line("101"),
        row.calls.to_string(),
        at(row.first_at),
        at(row.last_at),
    ];
    cells.extend(row.calls_in_areas.map(|calls| calls.to_string()));
    cells
}
