//! May this actor take this action here and now: everything that does not depend on the input.

use super::command::{Command, Facts};
use super::evolve::Case;
use super::pausing;
use super::refusal::Refusal;
use crate::domain::access::{Actor, Officer, Role};
use crate::domain::calendar::london::date_of;
use crate::domain::workflow::{Action, By, Involvement, Opening, SpecialActor, Workflow};
use chrono::{DateTime, Utc};

/// The action, if the actor may take it in the case's present state.
pub(super) fn permitted<'w>(
    workflow: &'w Workflow,
    case: &Case,
    facts: &Facts,
    (actor, now): (&Actor, DateTime<Utc>),
    command: &Command,
) -> Result<&'w Action, Refusal> {
    let action = found(workflow, case, facts, (actor, now), command)?;
    may_take(case, facts, (actor, now), action, command)?;
    pausing::clock_can(workflow, case, facts, now, action)?;
    Ok(action)
}

fn found<'w>(
    workflow: &'w Workflow,
    case: &Case,
    facts: &Facts,
    who: (&Actor, DateTime<Utc>),
    command: &Command,
) -> Result<&'w Action, Refusal> {
    if let Some(action) = workflow.action(&case.state, &command.action) {
        return Ok(action);
    }
    if !workflow.knows_action(&command.action) {
        return Err(Refusal::invalid("unknown-action", "There is no action of this name on this kind of case."));
    }
    let title = workflow.state(&case.state).map(|state| state.title.as_str()).unwrap_or_default();
    let message = format!("This cannot be done in the present state of the case: {title}.");
    let mut refusal = Refusal::conflict("not-allowed-in-state", message);
    if who.0.officer().is_none() && command.through.is_none() {
        return Err(Refusal::named_person_required());
    }
    refusal.allowed_actions = allowed_here(workflow, case, facts, who);
    Err(refusal)
}

fn allowed_here(workflow: &Workflow, case: &Case, facts: &Facts, who: (&Actor, DateTime<Utc>)) -> Vec<String> {
    let actions = workflow.state(&case.state).map(|state| state.on.as_slice()).unwrap_or_default();
    let taken = |action: &&Action| {
        let command = Command::new(action.id.clone(), serde_json::Value::Null);
        may_take(case, facts, who, action, &command).is_ok()
            && pausing::clock_can(workflow, case, facts, who.1, action).is_ok()
    };
    actions.iter().filter(taken).map(|action| action.id.clone()).collect()
}

/// Everything that can be said before an input is there: who, four eyes, conflicts, delegation.
pub(super) fn may_take(
    case: &Case,
    facts: &Facts,
    (actor, now): (&Actor, DateTime<Utc>),
    action: &Action,
    command: &Command,
) -> Result<(), Refusal> {
    let policy = action.policy.as_deref();
    if command.through.is_some() {
        let foreseen = action.by.contains(&By::Special(SpecialActor::ChildCase));
        if foreseen {
            return Ok(());
        }
    }
    let Some(officer) = actor.officer() else {
        let by_rule = *actor == Actor::Software && action.by.contains(&By::Special(SpecialActor::Rule));
        return if by_rule { Ok(()) } else { Err(Refusal::named_person_required().under(policy.or(Some("1.3")))) };
    };
    holds_role((officer, standing(case, facts, officer, now)), &action.by).map_err(|refusal| refusal.under(policy))?;
    four_eyes(case, officer, action).map_err(|refusal| refusal.under(policy))?;
    not_involved(case, facts, (officer, now), action).map_err(|refusal| refusal.under(policy))?;
    delegated(facts, now, action).map_err(|refusal| refusal.under(policy))
}

pub(super) fn may_open(opening: &Opening, actor: &Actor) -> Result<(), Refusal> {
    let policy = opening.policy.as_deref();
    let Some(officer) = actor.officer() else {
        let by_rule = *actor == Actor::Software && opening.by.contains(&By::Special(SpecialActor::Rule));
        return if by_rule { Ok(()) } else { Err(Refusal::named_person_required().under(policy.or(Some("1.3")))) };
    };
    let roles = roles(&opening.by);
    if officer.has_any(&roles) { Ok(()) } else { Err(wrong_role(&roles).under(policy)) }
}

/// What an officer is to the single point of contact of a case.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// They are it, or stand in for it now.
    Spoc,
    Other,
}

fn standing(case: &Case, facts: &Facts, officer: &Officer, now: DateTime<Utc>) -> Standing {
    let Some(spoc) = case.spoc() else { return Standing::Other };
    let today = date_of(now);
    let stands_in = || facts.covers.iter().any(|cover| cover.spoc == spoc && cover.valid(now, today));
    if spoc == officer.id || stands_in() { Standing::Spoc } else { Standing::Other }
}

fn holds_role((officer, standing): (&Officer, Standing), by: &[By]) -> Result<(), Refusal> {
    let roles = roles(by);
    let holds = |role: &Role| officer.has(*role) && (*role != Role::Spoc || standing == Standing::Spoc);
    if roles.iter().any(holds) {
        return Ok(());
    }
    if roles.contains(&Role::Spoc) && officer.has(Role::Spoc) {
        let message =
            "Only the single point of contact allocated to this case, or whoever covers for them, may do this.";
        return Err(Refusal::forbidden("not-the-spoc", message));
    }
    Err(wrong_role(&roles))
}

fn roles(by: &[By]) -> Vec<Role> {
    let role = |by: &By| match by {
        By::Role(role) => Some(*role),
        By::Special(_) => None,
    };
    by.iter().filter_map(role).collect()
}

fn wrong_role(roles: &[Role]) -> Refusal {
    let names: Vec<_> = roles.iter().map(|role| role.as_str()).collect();
    let message = match names.as_slice() {
        [] => "This follows from a step on another case; nobody does it directly.".to_owned(),
        names => format!("This is for: {}.", names.join(", ")),
    };
    Refusal::forbidden("wrong-role", message)
}

fn not_involved(
    case: &Case,
    facts: &Facts,
    (officer, now): (&Officer, DateTime<Utc>),
    action: &Action,
) -> Result<(), Refusal> {
    for involvement in &action.not_involved {
        match involvement {
            Involvement::PersonComplainedAbout if facts.person.complained_about.contains(&officer.id) => {
                let message = "This person has complained about you, so you neither see nor decide this.";
                return Err(Refusal::forbidden("complained-about", message));
            }
            Involvement::CaseSpoc if case.spoc() == Some(officer.id) => {
                let message = "You are the point of contact of this case, so somebody else has to decide this.";
                return Err(Refusal::forbidden("is-the-spoc", message));
            }
            Involvement::CaseSpoc if has_covered_spoc(case, facts, now) => {
                let message =
                    "You cover, or covered, the point of contact of this case; somebody else has to decide this.";
                return Err(Refusal::forbidden("is-the-spoc", message));
            }
            Involvement::ParentFamily if took_part(facts, officer) => {
                let message = "You took part in what this is about, so somebody else has to decide it.";
                return Err(Refusal::forbidden("took-part", message));
            }
            Involvement::PersonComplainedAbout | Involvement::CaseSpoc | Involvement::ParentFamily => {}
        }
    }
    Ok(())
}

/// Whether the actor stood in for the point of contact on any day since the case was opened.
fn has_covered_spoc(case: &Case, facts: &Facts, now: DateTime<Utc>) -> bool {
    let (opened, today) = (date_of(case.opened_at), date_of(now));
    let of_spoc = |cover: &&super::command::Cover| case.spoc() == Some(cover.spoc);
    facts.covers.iter().filter(of_spoc).any(|cover| cover.held_since(opened, today))
}

fn took_part(facts: &Facts, officer: &Officer) -> bool {
    facts.parent.as_ref().is_some_and(|parent| parent.family.contains(&officer.id))
}

fn four_eyes(case: &Case, officer: &Officer, action: &Action) -> Result<(), Refusal> {
    let took = |earlier: &&String| case.took.get(*earlier).is_some_and(|officers| officers.contains(&officer.id));
    match action.separate_from.iter().find(took) {
        Some(earlier) => {
            let message = format!("You took the step “{earlier}” on this case; another person has to take this one.");
            Err(Refusal::forbidden("own-text", message))
        }
        None => Ok(()),
    }
}

fn delegated(facts: &Facts, now: DateTime<Utc>, action: &Action) -> Result<(), Refusal> {
    let Some(workflow) = &action.delegation else { return Ok(()) };
    let today = date_of(now);
    let held = |delegation: &&super::command::Delegation| delegation.workflow == *workflow;
    if facts.delegations.iter().filter(held).any(|delegation| delegation.valid(now, today)) {
        return Ok(());
    }
    let message = match facts.delegations.iter().filter(held).map(|delegation| delegation.to).max() {
        Some(last) if last < today => format!("Your delegation ended on {last}."),
        Some(_) => "Your delegation is not valid today.".to_owned(),
        None => "You hold no delegation of the chief officer's function for this.".to_owned(),
    };
    Err(Refusal::forbidden("no-valid-delegation", message))
}
