//! Whose a case is while it waits in a state: who can take it further.

use super::model::{Action, By, State, Target, Workflow};
use crate::domain::access::Role;
use std::collections::BTreeSet;

/// Who can move a case on from this state. To end it is nobody's task, unless nothing else is left.
pub fn who_moves_on(workflow: &Workflow, state: &State) -> BTreeSet<Role> {
    let ends = |state: &String| workflow.is_final(state);
    let goes_on = |action: &&Action| match &action.target {
        Target::Stay => false,
        Target::To(state) => !ends(state),
        Target::Choose(choices) => choices.iter().any(|choice| !ends(&choice.to)),
    };
    let going_on: BTreeSet<Role> = state.on.iter().filter(goes_on).flat_map(roles).collect();
    if !going_on.is_empty() {
        return going_on;
    }
    let moves = |action: &&Action| !matches!(action.target, Target::Stay);
    state.on.iter().filter(moves).flat_map(roles).collect()
}

/// A supervisor may do what others do, and is told when it was not done.
fn roles(action: &Action) -> Vec<Role> {
    let role = |by: &By| match by {
        By::Role(role) => Some(*role),
        By::Special(_) => None,
    };
    action.by.iter().filter_map(role).filter(|role| *role != Role::PsdSupervisor).collect()
}
