//! Finds every fault in workflows, forms, nomination rules, registers and templates, before anything runs on them.

use crate::catalog::Catalog;
use crate::catalog::read_policy;
use crate::domain::workflow::Fault;
use crate::render::{Renderer, TemplateFault, template_faults};
use chrono::NaiveDate;
use serde::Serialize;
use std::path::Path;

/// What a check found.
#[derive(Debug, Serialize)]
pub struct PolicyReport {
    pub ok: bool,
    /// In the order of files and lines.
    pub faults: Vec<Fault>,
    /// What is sound and yet somebody's to see to: a policy whose review is overdue.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// Checks a folder of workflows and one of templates, each as the server would take it: without a folder, what is
/// shipped inside the program. Warnings are as of `today`.
pub fn check_policy(workflows: Option<&Path>, templates: Option<&Path>, today: NaiveDate) -> PolicyReport {
    let (sources, unreadable) = read_policy(workflows, templates);
    let mut faults = template_faults(&sources.templates);
    if faults.is_empty() {
        faults.extend(unfillable(templates));
    }
    let mut warnings = Vec::new();
    match Catalog::of(&sources, unreadable) {
        Ok(catalog) => warnings.extend(catalog.registers().policy.as_ref().and_then(|policy| policy.warning(today))),
        Err(found) => faults.extend(found),
    }
    faults.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    PolicyReport { ok: faults.is_empty(), faults, warnings }
}

/// Templates that name what the program does not give.
fn unfillable(templates: Option<&Path>) -> Vec<Fault> {
    let faults = templates.map_or_else(Renderer::embedded, Renderer::load).err().unwrap_or_default();
    let fault =
        |fault: TemplateFault| Fault::of_file(&format!("templates/{}", fault.file), "template-field", fault.message);
    faults.into_iter().map(fault).collect()
}
