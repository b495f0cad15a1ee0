//! No state that cannot be reached, none that cannot be left for good.

use super::Subject;
use crate::domain::workflow::fault::Fault;
use crate::domain::workflow::graph::Graph;
use crate::domain::workflow::model::StateKind;
use std::collections::BTreeSet;

pub(super) fn check(subject: &Subject<'_>, graph: &Graph<'_>) -> Vec<Fault> {
    let states = &subject.workflow.states;
    let reached = graph.reached();
    let finals: BTreeSet<&str> =
        states.iter().filter(|state| state.kind == StateKind::Final).map(|state| state.id.as_str()).collect();
    if finals.is_empty() {
        return vec![subject.fault("states", "no-final-state", "no state is `kind: final`, so no case ever ends")];
    }
    let ends = leading_to(graph, finals);
    let mut faults = Vec::new();
    for state in states {
        let path = format!("states.{}", state.id);
        if !reached.contains(state.id.as_str()) {
            let message = format!("no path from `{}` leads to `{}`", subject.workflow.initial, state.id);
            faults.push(subject.fault(&path, "unreachable-state", message));
        } else if !ends.contains(state.id.as_str()) {
            let message = format!("from `{}` no final state can be reached", state.id);
            let way = graph.shortest_to(|step| step.to.id == state.id).unwrap_or_default();
            faults.push(Fault { counterexample: graph.in_words(&way), ..subject.fault(&path, "no-way-out", message) });
        }
    }
    faults
}

fn leading_to<'g>(graph: &'g Graph<'_>, mut found: BTreeSet<&'g str>) -> BTreeSet<&'g str> {
    loop {
        let before = found.len();
        for step in &graph.steps {
            if found.contains(step.to.id.as_str()) {
                found.insert(&step.from.id);
            }
        }
        if found.len() == before {
            return found;
        }
    }
}
