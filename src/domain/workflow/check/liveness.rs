//! Where limits bind a person, the state has to say so: `kind: restrictive`.
//!
//! Limits are live from `put_limits_in_force` until `lift_limits`; on a parent case, from the action a child whose
//! limits come into force makes it take, until that of a child whose limits end, or `lift_strategy`. No state in which
//! they are live may look open.

use super::names::stands_under;
use super::{Fault, Graph, Subject};
use crate::domain::workflow::graph::Step;
use crate::domain::workflow::model::{EffectName, SpecialActor, StateKind};
use std::collections::BTreeSet;

pub(super) fn check(inspected: &[(&Subject<'_>, &Graph<'_>)]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (subject, graph) in inspected {
        let children = Children::of(subject, inspected);
        let mut told = BTreeSet::new();
        // One fault a state, each with its own shortest path.
        while let Some((state, way)) = open_while_live(graph, &children, &told) {
            let path = format!("states.{state}");
            let message = format!("limits bind while a case is in `{state}`, so it has to be `kind: restrictive`");
            faults.push(Fault { counterexample: way, ..subject.fault(&path, "not-restrictive", message) });
            told.insert(state);
        }
    }
    faults
}

/// What child cases make a workflow's cases do.
struct Children<'i> {
    /// Actions taken as a child's limits come into force.
    restricting: BTreeSet<&'i str>,
    /// Actions taken as a child's limits end.
    lifting: BTreeSet<&'i str>,
}

impl<'i> Children<'i> {
    fn of(parent: &Subject<'_>, inspected: &'i [(&Subject<'_>, &Graph<'_>)]) -> Self {
        let children = inspected.iter().filter(|(child, _)| stands_under(&child.workflow, &parent.workflow));
        let steps: Vec<&Step<'_>> = children.flat_map(|(_, graph)| &graph.steps).collect();
        let actions = |with: EffectName| {
            let steps = steps.iter().filter(|step| step.effects.contains(&with));
            steps.flat_map(|step| &step.effects).filter_map(|effect| effect.acts_on_parent()).collect()
        };
        Children { restricting: actions(EffectName::PutLimitsInForce), lifting: actions(EffectName::LiftLimits) }
    }
}

/// Whether the case's own limits bind, or those of a child.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Live {
    own: bool,
    child: bool,
}

fn open_while_live(
    graph: &Graph<'_>,
    children: &Children<'_>,
    told: &BTreeSet<String>,
) -> Option<(String, Vec<String>)> {
    let way = graph.shortest_forbidden(Some(Live::default()), |live, step| {
        let live = after(step, live, children);
        let open = step.to.kind != StateKind::Restrictive && !told.contains(&step.to.id);
        (!((live.own || live.child) && open)).then_some(live)
    })?;
    let last = way.last()?;
    Some((last.to.id.clone(), graph.in_words(&way)))
}

fn after(step: &Step<'_>, live: Live, children: &Children<'_>) -> Live {
    let by_child = step.action().filter(|_| step.taken_by(SpecialActor::ChildCase));
    let does = |effect| step.effects.contains(&effect);
    let lifted = does(EffectName::LiftStrategy) || by_child.is_some_and(|action| children.lifting.contains(action));
    Live {
        own: does(EffectName::PutLimitsInForce) || (live.own && !does(EffectName::LiftLimits)),
        child: by_child.is_some_and(|action| children.restricting.contains(action)) || (live.child && !lifted),
    }
}
