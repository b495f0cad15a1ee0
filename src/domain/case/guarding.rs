//! Forms and guards at the moment of deciding.

use super::command::Facts;
use super::evolve::Case;
use super::refusal::{Refusal, RefusalFault};
use crate::domain::access::Actor;
use crate::domain::workflow::scope::{ActorScope, CaseScope, Scope};
use crate::domain::workflow::{Action, Choice, Guard, Workflow};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

/// What a guard sees of case, facts, actor and input.
pub(super) fn scope<'a>(
    case: &'a Case,
    facts: &'a Facts,
    actor: &Actor,
    input: &'a Value,
    now: DateTime<Utc>,
) -> Scope<'a> {
    let officer = actor.officer();
    Scope {
        case: CaseScope {
            id: case.id,
            state: &case.state,
            opened_at: case.opened_at,
            state_since: case.state_since,
            spoc: case.spoc().map(|spoc| spoc.to_string()).unwrap_or_default(),
            data: &case.data,
        },
        input,
        actor: ActorScope {
            id: officer.map(|officer| officer.id.to_string()).unwrap_or_default(),
            roles: officer.map(|officer| officer.roles.iter().copied().collect()).unwrap_or_default(),
        },
        person: facts.person.clone(),
        children: facts.children.clone(),
        parent: facts.parent.as_ref(),
        policy: facts.policy.clone(),
        now,
        calendar: &facts.calendar,
        legislation: &facts.legislation,
        areas: &facts.areas,
        contacts: &facts.contacts,
        review: &facts.review,
    }
}

/// The input, if it is what the form asks for.
pub(super) fn valid_input(workflow: &Workflow, form: &str, input: &Value) -> Result<Value, Refusal> {
    let input = if input.is_null() { Value::Object(Map::new()) } else { input.clone() };
    let Some(form) = workflow.forms.get(form) else {
        return Err(Refusal::invalid("invalid-input", "The form of this action is missing from the definition."));
    };
    let faults = form.faults(&input);
    if faults.is_empty() {
        return Ok(input);
    }
    let described = faults.into_iter().map(|fault| RefusalFault {
        pointer: Some(format!("/input{}", fault.pointer)),
        message: fault.message,
        code: None,
        policy: None,
    });
    Err(Refusal::invalid("invalid-input", "The form is not filled in as it has to be.")
        .with_faults(described.collect()))
}

/// Refuses with the first guard that does not hold; the others that do not hold either are listed with it.
pub(super) fn all_hold(action: &Action, scope: &Scope<'_>) -> Result<(), Refusal> {
    guards_hold(&action.id, &action.guard, scope)
        .map_err(|refusal| if refusal.policy.is_none() { refusal.under(action.policy.as_deref()) } else { refusal })
}

pub(super) fn guards_hold(action: &str, guards: &[Guard], scope: &Scope<'_>) -> Result<(), Refusal> {
    let mut failing = Vec::new();
    for guard in guards {
        match guard.that.evaluate(scope) {
            Ok(true) => {}
            Ok(false) => failing.push(guard),
            // A guard may lean on earlier ones, so an error counts only while all before it hold; those after it that
            // lean on nothing are still told.
            Err(failed) if failing.is_empty() => return Err(not_evaluated(action, &guard.that.source, &failed)),
            Err(_) => {}
        }
    }
    let Some((first, others)) = failing.split_first() else { return Ok(()) };
    let also = others.iter().map(|guard| RefusalFault {
        pointer: None,
        message: guard.otherwise.clone(),
        code: Some(guard.code.clone()),
        policy: guard.policy.clone(),
    });
    Err(Refusal::conflict(&first.code, first.otherwise.clone())
        .under(first.policy.as_deref())
        .with_faults(also.collect()))
}

/// The state of the first choice that holds.
pub(super) fn first_choice(action: &Action, choices: &[Choice], scope: &Scope<'_>) -> Result<String, Refusal> {
    for choice in choices {
        match choice.when.evaluate(scope) {
            Ok(true) => return Ok(choice.to.clone()),
            Ok(false) => {}
            Err(failed) => return Err(not_evaluated(&action.id, &choice.when.source, &failed)),
        }
    }
    Err(Refusal::conflict("no-choice-holds", "None of the outcomes this step foresees applies."))
}

/// An error in a guard is neither yes nor no: the action is refused, and the reason is said and kept.
fn not_evaluated(action: &str, source: &str, reason: &dyn std::fmt::Display) -> Refusal {
    let message = format!("A condition of “{action}” could not be evaluated, so nothing was done.");
    Refusal::conflict("guard-not-evaluated", message).with_faults(vec![RefusalFault {
        pointer: None,
        message: format!("{source}: {reason}"),
        code: None,
        policy: None,
    }])
}
