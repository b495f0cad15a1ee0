//! What a call taker goes through on a call: the steps of every call, of the scripts that markers name, and of the
//! response plan.

use crate::app::App;
use crate::domain::calls::MarkerKind;
use crate::domain::registers::steps_of;
use crate::store::caller_markers::Marker;

/// The steps in order, each once.
pub(super) fn steps(app: &App, markers: &[Marker], plan: Option<&str>) -> Vec<String> {
    let scripts = &app.catalog.registers().call_scripts;
    let mut steps: Vec<String> = Vec::new();
    let named = named(app, markers);
    for step in scripts.of_every_call().cloned().chain(named).chain(plan.map(steps_of).unwrap_or_default()) {
        if !steps.contains(&step) {
            steps.push(step);
        }
    }
    steps
}

/// The steps that markers ask for.
pub(super) fn named(app: &App, markers: &[Marker]) -> Vec<String> {
    let scripts = &app.catalog.registers().call_scripts;
    let marked = markers.iter().filter(|marker| marker.kind == MarkerKind::CallScript);
    marked.flat_map(|marker| scripts.named_by(&marker.text)).collect()
}
