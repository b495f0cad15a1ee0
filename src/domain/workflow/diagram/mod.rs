//! Drawing a workflow: Mermaid for documents, SVG for pages and print, both from the same graph.
//!
//! Kinds are told apart by shape, not by colour alone: open states are rectangles, restrictive ones hexagons, final ones
//! rounded; what a person does is a solid arrow, what a clock does a dashed one. The present state has a thick border
//! and a mark.

mod layout;
mod mermaid;
mod svg;

use super::graph::Graph;
use super::model::{Action, State, StateKind, Target, Workflow};

/// The diagram as a Mermaid flowchart.
pub fn mermaid(workflow: &Workflow, present: Option<&str>) -> String {
    mermaid::draw(&Drawing::of(workflow, present))
}

/// The diagram as a stand-alone SVG with a title and a description in words.
pub fn svg(workflow: &Workflow, present: Option<&str>) -> String {
    svg::draw(&Drawing::of(workflow, present))
}

/// What is drawn: the states in the order of the file, and between any two of them at most one arrow of each kind.
struct Drawing<'w> {
    workflow: &'w Workflow,
    present: Option<&'w str>,
    arrows: Vec<Arrow>,
}

struct Arrow {
    from: usize,
    to: usize,
    clock: bool,
    /// The actions' titles, or when the clock strikes.
    labels: Vec<String>,
}

impl<'w> Drawing<'w> {
    fn of(workflow: &'w Workflow, present: Option<&str>) -> Self {
        let number = |state: &State| workflow.states.iter().position(|known| known.id == state.id);
        let mut arrows: Vec<Arrow> = Vec::new();
        for step in &Graph::of(workflow).steps {
            let (Some(from), Some(to)) = (number(step.from), number(step.to)) else { continue };
            if from == to {
                continue;
            }
            let clock = step.is_clock();
            let label = if clock { step.label() } else { step.title() };
            match arrows.iter_mut().find(|arrow| (arrow.from, arrow.to, arrow.clock) == (from, to, clock)) {
                Some(arrow) if !arrow.labels.contains(&label) => arrow.labels.push(label),
                Some(_) => {}
                None => arrows.push(Arrow { from, to, clock, labels: vec![label] }),
            }
        }
        let present = present.and_then(|id| workflow.state(id)).map(|state| state.id.as_str());
        Drawing { workflow, present, arrows }
    }

    fn is_present(&self, state: &State) -> bool {
        self.present == Some(state.id.as_str())
    }

    /// The diagram in sentences, for whoever does not see it.
    fn in_sentences(&self) -> Vec<String> {
        let states = self.workflow.states.iter().enumerate();
        states.map(|(n, state)| self.sentence(n, state)).collect()
    }

    fn sentence(&self, n: usize, state: &State) -> String {
        let kind = match state.kind {
            StateKind::Open => "",
            StateKind::Restrictive => ", restrictive",
            StateKind::Final => ", final",
        };
        let here = if self.is_present(state) { ", where the case is now" } else { "" };
        let leaving = self.arrows.iter().filter(|arrow| arrow.from == n);
        let ways = leaving.map(|arrow| {
            let to = self.workflow.states.get(arrow.to).map_or("", |state| state.title.as_str());
            format!("{} leads to {to}", arrow.labels.join(" or "))
        });
        let ways: Vec<String> = ways.collect();
        let ways = if ways.is_empty() { String::new() } else { format!(": {}", ways.join("; ")) };
        format!("{}{kind}{here}{ways}.", state.title)
    }
}

/// What may be done in a state without leaving it; that its deadline can stand is not drawn.
fn recorded(state: &State) -> Vec<&str> {
    let records = |action: &&Action| matches!(action.target, Target::Stay) && action.clock.is_none();
    state.on.iter().filter(records).map(|action| action.title.as_str()).collect()
}

#[cfg(test)]
mod tests;
