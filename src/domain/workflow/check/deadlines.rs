//! A reminder reaches somebody, and only a deadline stands that restricts nobody.

use super::Subject;
use crate::domain::workflow::fault::Fault;
use crate::domain::workflow::model::{State, StateKind};
use crate::domain::workflow::who_moves_on;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Fault> {
    let states = subject.workflow.states.iter();
    states.flat_map(|state| reminder(subject, state).into_iter().chain(pause(subject, state))).collect()
}

fn reminder(subject: &Subject<'_>, state: &State) -> Option<Fault> {
    let reminds = state.due.iter().any(|due| due.remind.is_some());
    let nobody = reminds && who_moves_on(&subject.workflow, state).is_empty();
    let message = "nobody can move the case on from here, so nobody can be reminded to";
    nobody.then(|| subject.fault(&format!("states.{}.due", state.id), "reminds-nobody", message))
}

fn pause(subject: &Subject<'_>, state: &State) -> Vec<Fault> {
    if !state.on.iter().any(|action| action.clock.is_some()) {
        return Vec::new();
    }
    let path = format!("states.{}.pause", state.id);
    let mut faults = Vec::new();
    if state.due.is_empty() {
        faults.push(subject.fault(&path, "nothing-to-pause", "there is no deadline here that could stand"));
    }
    if state.kind == StateKind::Restrictive {
        let message = "while somebody is restricted no deadline stands";
        faults.push(subject.fault(&path, "pause-in-restriction", message));
    }
    faults
}
