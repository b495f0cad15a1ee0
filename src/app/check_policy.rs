//! Finds every fault in workflows, forms, nomination rules, registers and templates, before anything runs on them.

use crate::catalog::Catalog;
use crate::catalog::read_policy;
use crate::domain::workflow::Fault;
use crate::render::{Renderer, TemplateFault, template_faults};
use serde::Serialize;
use std::path::Path;

/// What a check found.
#[derive(Debug, Serialize)]
pub struct PolicyReport {
    pub ok: bool,
    /// In the order of files and lines.
    pub faults: Vec<Fault>,
}

/// Checks a folder of workflows and one of templates, each as the server would take it: without a folder, what is
/// shipped inside the program.
pub fn check_policy(workflows: Option<&Path>, templates: Option<&Path>) -> PolicyReport {
    let (sources, unreadable) = read_policy(workflows, templates);
    let mut faults = template_faults(&sources.templates);
    if faults.is_empty() {
        faults.extend(unfillable(templates));
    }
    faults.extend(Catalog::of(&sources, unreadable).err().unwrap_or_default());
    faults.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    PolicyReport { ok: faults.is_empty(), faults }
}

/// Templates that name what the program does not give.
fn unfillable(templates: Option<&Path>) -> Vec<Fault> {
    let faults = templates.map_or_else(Renderer::embedded, Renderer::load).err().unwrap_or_default();
    let fault =
        |fault: TemplateFault| Fault::of_file(&format!("templates/{}", fault.file), "template-field", fault.message);
    faults.into_iter().map(fault).collect()
}
