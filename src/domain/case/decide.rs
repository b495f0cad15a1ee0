//! The one function that moves a case: may this actor do this now, and what follows.
//!
//! Pure: the same case, facts, actor, command and time always give the same answer, so a writer that lost a race
//! loads again and decides once more.

use super::command::{Command, Facts};
use super::content::content_hash;
use super::event::{CaseEvent, Happening};
use super::evolve::Case;
use super::refusal::Refusal;
use super::{guarding, pausing, permission};
use crate::domain::access::Actor;
use crate::domain::ids::{CaseId, PersonId};
use crate::domain::workflow::{Action, EffectName, Opening, StateKind, Target, Workflow};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

/// What an accepted command amounts to: events to keep and effects to bring about, in this order.
#[derive(Clone, Debug)]
pub struct Decision {
    pub events: Vec<CaseEvent>,
    pub effects: Vec<EffectName>,
    /// The case after the events.
    pub case: Case,
}

/// Decides one action.
///
/// # Errors
/// A [`Refusal`] with a stable code: `named-person-required`, `unknown-action`, `not-allowed-in-state`, `wrong-role`,
/// `not-the-spoc`, `complained-about`, `is-the-spoc`, `own-text`, `no-valid-delegation`, `invalid-input`,
/// `content-changed`, `not-signed`, `already-paused`, `not-paused`, `deadline-passed`, `cannot-stand`,
/// `guard-not-evaluated`, or the code of the guard that does not hold.
pub fn decide(
    workflow: &Workflow,
    case: &Case,
    facts: &Facts,
    who: (&Actor, DateTime<Utc>),
    command: &Command,
) -> Result<Decision, Refusal> {
    let (actor, now) = who;
    let action = permission::permitted(workflow, case, facts, who, command)?;
    let input = validated(workflow, action, &command.input)?;
    let clock = pausing::change(case, facts, action, &input, now)?;
    let signed = signature(workflow, case, action, command)?;
    let scope = guarding::scope(case, facts, actor, &input, now);
    guarding::all_hold(action, &scope)?;
    let to = match &action.target {
        Target::Stay => case.state.clone(),
        Target::To(state) => state.clone(),
        Target::Choose(choices) => guarding::first_choice(action, choices, &scope)?,
    };
    if actor.officer().is_none() && comes_into_a_restriction(workflow, &case.state, &to) {
        return Err(Refusal::named_person_required().under(action.policy.as_deref().or(Some("1.3"))));
    }
    let what = Happening::Acted {
        action: action.id.clone(),
        from: case.state.clone(),
        to: to.clone(),
        input,
        into: action.into.clone(),
        signed,
        through: command.through,
        policy_version: Some(facts.policy.version.clone()).filter(|version| !version.is_empty()),
        clock,
        legislation_version: None,
        registers: Default::default(),
    };
    let event = CaseEvent { at: now, actor: actor.reference(), what };
    Ok(concluded(workflow, case, event, &to, &action.effects))
}

/// The check proves of every file that no clock and no rule gets here; whoever asks, only a named person goes on.
fn comes_into_a_restriction(workflow: &Workflow, from: &str, to: &str) -> bool {
    let restricts = |id: &str| workflow.state(id).is_some_and(|state| state.kind == StateKind::Restrictive);
    restricts(to) && !restricts(from)
}

/// Whom and what a new case is about.
#[derive(Clone, Copy, Debug)]
pub struct About {
    pub id: CaseId,
    pub person: Option<PersonId>,
    pub parent: Option<CaseId>,
}

/// Opens a case on somebody's request.
///
/// # Errors
/// `not-opened-directly` where only another case's effect may; `named-person-required`; `wrong-role`;
/// `wrong-parent`; `invalid-input`; the code of a guard that does not hold.
pub fn open(
    workflow: &Workflow,
    about: About,
    facts: &Facts,
    who: (&Actor, DateTime<Utc>),
    input: &Value,
) -> Result<Decision, Refusal> {
    let (actor, now) = who;
    let Some(opening) = &workflow.open else {
        let message = "A case of this type is opened by a step of another case, not directly.";
        return Err(Refusal::conflict("not-opened-directly", message));
    };
    permission::may_open(opening, actor)?;
    belongs(opening, about, facts)?;
    let input = match &opening.form {
        Some(form) => guarding::valid_input(workflow, form, input)?,
        None => Value::Object(Map::new()),
    };
    let decision = start(workflow, about, actor, now, with_seed(workflow, facts, input.clone()));
    let scope = guarding::scope(&decision.case, facts, actor, &input, now);
    guarding::guards_hold("open", &opening.guard, &scope)?;
    Ok(decision)
}

/// What a case takes over from the one it is opened under: the fields it declares as its seed.
fn with_seed(workflow: &Workflow, facts: &Facts, mut data: Value) -> Value {
    let (Some(fields), Some(parent)) = (data.as_object_mut(), &facts.parent) else { return data };
    for name in workflow.seed.keys() {
        if let (Some(value), false) = (parent.data.get(name), fields.contains_key(name)) {
            fields.insert(name.clone(), value.clone());
        }
    }
    data
}

/// Whether a case of this type may stand where it would.
fn belongs(opening: &Opening, about: About, facts: &Facts) -> Result<(), Refusal> {
    let policy = opening.policy.as_deref();
    let alone = opening.under.is_empty() || opening.under.iter().any(|key| key == "nothing");
    match (&facts.parent, opening.under.as_slice()) {
        (None, _) if alone && about.parent.is_none() => Ok(()),
        (Some(parent), under) if under.contains(&parent.workflow) => Ok(()),
        (_, []) => {
            let message = "A case of this type belongs under no other.";
            Err(Refusal::conflict("wrong-parent", message).under(policy))
        }
        (_, under) => {
            let message = format!("A case of this type is opened under one of: {}.", under.join(", "));
            Err(Refusal::conflict("wrong-parent", message).under(policy))
        }
    }
}

/// Opens a child case as the effect of a step on its parent; `seed` is what the engine puts into its data.
pub fn open_child(workflow: &Workflow, about: About, who: (&Actor, DateTime<Utc>), seed: Value) -> Decision {
    let (actor, now) = who;
    start(workflow, about, actor, now, seed)
}

fn start(workflow: &Workflow, about: About, actor: &Actor, now: DateTime<Utc>, data: Value) -> Decision {
    let what = Happening::Opened {
        workflow: workflow.key.clone(),
        workflow_version: workflow.version,
        content_hash: workflow.content_hash.clone(),
        state: workflow.initial.clone(),
        person: about.person,
        parent: about.parent,
        data: data.clone(),
        marking: None,
        policy_version: None,
        legislation_version: None,
        registers: Default::default(),
    };
    let event = CaseEvent { at: now, actor: actor.reference(), what };
    let case = Case {
        id: about.id,
        workflow: workflow.key.clone(),
        workflow_version: workflow.version,
        content_hash: workflow.content_hash.clone(),
        state: workflow.initial.clone(),
        state_since: now,
        version: 1,
        person: about.person,
        parent: about.parent,
        data: if data.is_object() { data } else { Value::Object(Map::new()) },
        opened_at: now,
        updated_at: now,
        took: super::evolve::opened_by(&event),
        signature: None,
        pauses: Vec::new(),
        marking: Default::default(),
    };
    let effects = workflow.state(&workflow.initial).map(|state| state.entry.clone()).unwrap_or_default();
    Decision { events: vec![event], effects, case }
}

/// Lets the clock strike, if one of the present state's timers is due.
pub fn strike(workflow: &Workflow, case: &Case, facts: &Facts, now: DateTime<Utc>) -> Option<Decision> {
    let (timer, _) = super::deadline::next_timer(workflow, case, &facts.calendar).filter(|(_, at)| *at <= now)?;
    let to = timer.to.clone().unwrap_or_else(|| case.state.clone());
    let what = Happening::Struck { from: case.state.clone(), to: to.clone() };
    let event = CaseEvent { at: now, actor: Actor::Clock.reference(), what };
    Some(concluded(workflow, case, event, &to, &timer.effects))
}

/// Applies the event and gathers effects: the exit's, the step's, the entry's.
fn concluded(workflow: &Workflow, case: &Case, event: CaseEvent, to: &str, own: &[EffectName]) -> Decision {
    let moves = case.state != to;
    let exit = workflow.state(&case.state).filter(|_| moves).map(|state| state.exit.as_slice()).unwrap_or_default();
    let entry = workflow.state(to).filter(|_| moves).map(|state| state.entry.as_slice()).unwrap_or_default();
    let effects = [exit, own, entry].concat();
    let mut after = case.clone();
    after.apply(&event);
    Decision { events: vec![event], effects, case: after }
}

fn validated(workflow: &Workflow, action: &Action, input: &Value) -> Result<Value, Refusal> {
    match &action.form {
        Some(form) => guarding::valid_input(workflow, form, input),
        None if is_empty(input) => Ok(Value::Object(Map::new())),
        None => Err(Refusal::invalid("invalid-input", "This action takes no input.")),
    }
}

fn is_empty(input: &Value) -> bool {
    input.is_null() || input.as_object().is_some_and(Map::is_empty)
}

/// The hash the action signs, after making sure that text and signature still belong together.
fn signature(workflow: &Workflow, case: &Case, action: &Action, command: &Command) -> Result<Option<String>, Refusal> {
    let present = content_hash(workflow, &case.data);
    if let Some(read) = &command.content_hash
        && present.as_ref() != Some(read)
    {
        let message = "The text is not the one you read: it was changed since.";
        return Err(Refusal::conflict("content-changed", message).under(action.policy.as_deref()));
    }
    if action.requires_signed_content {
        let Some(signature) = &case.signature else {
            let message = "The text has not been signed by the appropriate authority.";
            return Err(Refusal::conflict("not-signed", message).under(action.policy.as_deref()));
        };
        if present.as_ref() != Some(&signature.content_hash) {
            let message = "The text is not the one that was signed.";
            return Err(Refusal::conflict("content-changed", message).under(action.policy.as_deref()));
        }
    }
    Ok(if action.signs_content { present } else { None })
}
