//! Proving what a workflow declares about itself.
//!
//! The patterns are those of Dwyer, Avrunin and Corbett, "Patterns in Property Specifications for Finite-State
//! Verification", ICSE 1999, with their scopes *globally*, *after* (`since`) and *after … until* (`since`, `until`),
//! and one of our own, `different_actor`. Each is a small automaton; its product with the workflow's graph is explored
//! breadth first with guards taken as free, so a proof covers every input, and a failure is the shortest path there
//! is. Rules across several cases are not proved here; those are property-tested.

mod actors;
mod automaton;

use super::graph::Graph;
use super::model::{Invariant, Pattern};

/// A declared invariant that does not hold.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// Of the invariant in the file.
    pub(crate) path: String,
    pub(crate) message: String,
    pub(crate) counterexample: Vec<String>,
}

/// Tries to prove every invariant of a workflow.
pub(crate) fn prove(graph: &Graph<'_>) -> Vec<Broken> {
    let invariants = graph.workflow.invariants.iter().enumerate();
    invariants.filter_map(|(n, invariant)| broken(graph, invariant, format!("invariants[{n}]"))).collect()
}

fn broken(graph: &Graph<'_>, invariant: &Invariant, path: String) -> Option<Broken> {
    let (why, way) = match &invariant.pattern {
        Pattern::DifferentActor { first, second } => actors::same_actor(graph, first, second)?,
        Pattern::Response { trigger, then } => automaton::unanswered(graph, trigger, then)?,
        Pattern::Absence { .. } | Pattern::Precedence { .. } | Pattern::Universality { .. } => {
            (String::new(), automaton::forbidden(graph, &invariant.pattern)?)
        }
    };
    let message = format!("{}: {} — this path breaks it{why}", invariant.id, invariant.says);
    Some(Broken { path, message, counterexample: graph.in_words(&way) })
}

#[cfg(test)]
mod tests;
