//! Tells the people who must act next, by tasks on their lists.

use super::effects::Step;
use super::seeing::{CONSULTATION, REFERRED_TO, REPEAT_CALLER, WITH_A_UNIT, unit_of, units_of};
use crate::app::{App, AppError};
use crate::domain::access::{Actor, Role};
use crate::domain::case::{self, AlertKind, Case, Decision};
use crate::domain::ids::{CaseId, EventId, OfficerId};
use crate::domain::workflow::{StateKind, Workflow, who_moves_on};
use crate::store::tasks::{self, NewTask};
use crate::store::{Tx, cases};
use std::collections::BTreeSet;

/// One task for each role that is asked: by the step itself, where it says whom, otherwise whoever can take an action
/// that leads on from the present state. "What happens next, and it is yours."
pub(super) async fn whoever_acts_next(step: Step<'_>, tx: &Tx) -> Result<(), AppError> {
    let Some(state) = step.workflow.state(&step.case.state) else { return Ok(()) };
    if let Some(ask) = step.ask() {
        let what = format!("{}: {}", step.workflow.title, ask.to.as_ref().unwrap_or(&state.title));
        // Nothing moves a case that has ended, so nothing but the person asked settles its task.
        let kind = if state.kind == StateKind::Final { "follow_up" } else { "act" };
        let asked = ask.of.iter().filter(|role| concerns(step.case, **role));
        let asked = asked.map(|role| NewTask { kind, ..task(step, *role, what.clone()) });
        return Ok(tasks::create(tx, asked.collect()).await?);
    }
    let waiting = who_moves_on(step.workflow, state);
    let title = format!("{}: {}", step.workflow.title, state.title);
    let addressed = addressed(step.case, waiting).into_iter();
    let tasks = addressed.map(|role| task(step, role, title.clone())).collect();
    tasks::create(tx, tasks).await?;
    Ok(())
}

/// Of the units that repeat callers are referred to, only those that have something to do for this one are asked.
fn concerns(case: &Case, role: Role) -> bool {
    let is_unit = case.workflow == REPEAT_CALLER && REFERRED_TO.contains(&role);
    !is_unit || units_of(&case.data).any(|(unit, _)| unit == role.as_str())
}

/// A consultation is for the unit it was put to, a repeat caller for the unit they were referred to; whoever asked waits.
fn addressed(case: &Case, mut waiting: BTreeSet<Role>) -> BTreeSet<Role> {
    let is_for_a_unit = [CONSULTATION, REPEAT_CALLER].contains(&case.workflow.as_str());
    if let Some(unit) = unit_of(&case.data).filter(|_| is_for_a_unit)
        && waiting.iter().any(|role| role.as_str() == unit)
    {
        waiting.retain(|role| role.as_str() == unit);
    }
    waiting
}

fn task(step: Step<'_>, role: Role, title: String) -> NewTask {
    let named = step.case.spoc().filter(|_| role == Role::Spoc);
    NewTask {
        id: step.app.new_id::<crate::domain::ids::of::Event>().as_uuid(),
        kind: "act",
        title,
        role: named.is_none().then(|| role.as_str().to_owned()),
        officer: named,
        case: Some(step.case.id),
        contact: None,
        person: step.case.person,
        due_at: case::due_at(step.workflow, step.case, step.app.catalog.calendar()),
        created_at: step.app.now(),
        cause: format!("{}:{role}", step.event),
    }
}

/// Tells whoever has the case of a repeat caller: the unit it is with, otherwise its coordinator.
pub(crate) async fn who_has_it(
    app: &App,
    tx: &Tx,
    case: CaseId,
    (event, what): (EventId, &str),
) -> Result<(), AppError> {
    let Some(case) = cases::load(tx, case).await? else { return Ok(()) };
    let workflow = super::pinned::workflow(app, tx, &case.content_hash).await?;
    let unit = REFERRED_TO.into_iter().find(|role| unit_of(&case.data) == Some(role.as_str()));
    let role = unit.filter(|_| WITH_A_UNIT.contains(&case.state.as_str())).unwrap_or(Role::Coordinator);
    let told = NewTask {
        id: app.new_id::<crate::domain::ids::of::Event>().as_uuid(),
        kind: "follow_up",
        title: format!("{}: {what}", workflow.title),
        role: Some(role.as_str().to_owned()),
        officer: None,
        case: Some(case.id),
        contact: None,
        person: case.person,
        due_at: None,
        created_at: app.now(),
        cause: format!("{event}:{role}"),
    };
    Ok(tasks::create(tx, vec![told]).await?)
}

/// Tells the point of contact and the appropriate authority that the arrangements have ended.
pub(super) async fn of_the_end(step: Step<'_>, tx: &Tx) -> Result<(), AppError> {
    let state = step.workflow.state(&step.case.state).map(|state| state.title.as_str()).unwrap_or_default();
    let what = format!("{}: {state}", step.workflow.title);
    let told = vec![task(step, Role::AppropriateAuthority, what.clone()), task(step, Role::Spoc, what)];
    tasks::create(tx, told).await?;
    Ok(())
}

/// Asks the point of contact to send by hand what no mail can carry.
pub(super) async fn by_hand(step: Step<'_>, tx: &Tx, what: &str) -> Result<(), AppError> {
    let cause = format!("{}:tell", step.event);
    let tell = NewTask { kind: "tell", cause, ..task(step, Role::Spoc, what.to_owned()) };
    Ok(tasks::create(tx, vec![tell]).await?)
}

/// Asks the point of contact to bring the notice to the person; done when they record its service.
pub(super) async fn to_hand_over(step: Step<'_>, tx: &Tx, what: &str) -> Result<(), AppError> {
    let asked = NewTask { cause: format!("{}:notice", step.event), ..task(step, Role::Spoc, what.to_owned()) };
    Ok(tasks::create(tx, vec![asked]).await?)
}

/// When a case moves, the tasks that its earlier state asked for are done, by whoever moved it. Where it stays, what was
/// told of a date that is another one now is done.
pub(super) async fn settle_earlier(
    app: &App,
    tx: &Tx,
    (actor, workflow): (&Actor, &Workflow),
    decision: &Decision,
) -> Result<(), AppError> {
    if !moved(&decision.case, decision) {
        return super::send_alerts::settle_corrected(app, tx, workflow, &decision.case).await;
    }
    let by: Option<OfficerId> = actor.officer().map(|officer| officer.id);
    let kinds: Vec<_> = AlertKind::ALL.iter().map(|kind| kind.as_str()).chain(["act"]).collect();
    tasks::settle(tx, tasks::of_case(decision.case.id, &kinds), by, app.now()).await?;
    if workflow.is_final(&decision.case.state) {
        let successors = tasks::of_cases(&[decision.case.id], super::successors::FIND_SUCCESSOR);
        tasks::settle(tx, successors, by, app.now()).await?;
    }
    Ok(())
}

fn moved(case: &Case, decision: &Decision) -> bool {
    decision.events.last().is_some_and(|event| event.at == case.state_since && case.version > 1)
}
