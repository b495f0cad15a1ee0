//! Where limits bind a person, the state has to say so: `kind: restrictive`.
//!
//! Limits are live from `put_limits_in_force` until `lift_limits`; on a parent case, from the action a restricting
//! child makes it take until another such action or `lift_strategy`. No state in which they are live may look open.

use super::names::opens;
use super::{Fault, Graph, Subject};
use crate::domain::workflow::graph::Step;
use crate::domain::workflow::model::{EffectName, SpecialActor, StateKind, Workflow};
use std::collections::BTreeSet;

pub(super) fn check(inspected: &[(&Subject<'_>, &Graph<'_>)]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (subject, graph) in inspected {
        let activating = activating(&subject.workflow.key, inspected, &subject.workflow);
        let mut told = BTreeSet::new();
        // One fault a state, each with its own shortest path.
        while let Some((state, way)) = open_while_live(graph, &activating, &told) {
            let path = format!("states.{state}");
            let message = format!("limits bind while a case is in `{state}`, so it has to be `kind: restrictive`");
            faults.push(Fault { counterexample: way, ..subject.fault(&path, "not-restrictive", message) });
            told.insert(state);
        }
    }
    faults
}

/// The actions that a child case with live limits makes this workflow's cases take.
fn activating<'i>(key: &str, inspected: &'i [(&Subject<'_>, &Graph<'_>)], workflow: &Workflow) -> BTreeSet<&'i str> {
    let children =
        inspected.iter().filter(|(child, _)| child.workflow.key != key && opens(workflow, &child.workflow.key));
    let steps = children
        .flat_map(|(_, graph)| &graph.steps)
        .filter(|step| step.effects.iter().any(|effect| effect.restricts()));
    steps.flat_map(|step| &step.effects).filter_map(|effect| effect.acts_on_parent()).collect()
}

fn open_while_live(
    graph: &Graph<'_>,
    activating: &BTreeSet<&str>,
    told: &BTreeSet<String>,
) -> Option<(String, Vec<String>)> {
    let way = graph.shortest_forbidden(Some(false), |live, step| {
        let live = after(step, live, activating);
        let open = step.to.kind != StateKind::Restrictive && !told.contains(&step.to.id);
        (!(live && open)).then_some(live)
    })?;
    let last = way.last()?;
    Some((last.to.id.clone(), graph.in_words(&way)))
}

fn after(step: &Step<'_>, live: bool, activating: &BTreeSet<&str>) -> bool {
    let by_child = step.taken_by(SpecialActor::ChildCase);
    if step.effects.iter().any(|effect| effect.restricts()) {
        return true;
    }
    if by_child && step.action().is_some_and(|action| activating.contains(action)) {
        return true;
    }
    let lifts = |effect: &EffectName| matches!(effect, EffectName::LiftLimits | EffectName::LiftStrategy);
    live && !by_child && !step.effects.iter().any(lifts)
}
