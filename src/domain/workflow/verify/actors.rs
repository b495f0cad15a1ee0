//! Four eyes: nobody takes the second action who took one of the first.

use crate::domain::workflow::graph::{Cause, Graph, Step};
use crate::domain::workflow::model::OPENING;

/// A path on which one officer may do both; `None` where `separate_from` forbids it or the two never follow.
pub(super) fn same_actor<'g, 'w>(
    graph: &'g Graph<'w>,
    first: &[String],
    second: &str,
) -> Option<(String, Vec<&'g Step<'w>>)> {
    let paths = first.iter().filter_map(|earlier| {
        let uncovered = |step: &Step<'w>| match step.cause {
            Cause::Action(action) => action.id == second && !action.separate_from.contains(earlier),
            Cause::Clock(_) => false,
        };
        // Whoever opened the case may have written what it opened with.
        let way = graph.shortest_forbidden(Some(earlier == OPENING), |taken, step| {
            let broken = taken && uncovered(step);
            (!broken).then_some(taken || step.action() == Some(earlier))
        })?;
        Some((format!(": the officer who takes `{earlier}` may take `{second}` too"), way))
    });
    paths.min_by_key(|(_, way)| way.len())
}
