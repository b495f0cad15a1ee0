//! Tells the people who must act next, by tasks on their lists.

use super::effects::Step;
use crate::app::{App, AppError};
use crate::domain::access::{Actor, Role};
use crate::domain::case::{self, Case, Decision};
use crate::domain::ids::OfficerId;
use crate::domain::workflow::{Action, By, Workflow};
use crate::store::Tx;
use crate::store::tasks::{self, NewTask};
use std::collections::BTreeSet;

/// One task for each role that an action of the present state waits for: "what happens next, and it is yours".
pub(super) async fn whoever_acts_next(step: Step<'_>, tx: &Tx) -> Result<(), AppError> {
    let Some(state) = step.workflow.state(&step.case.state) else { return Ok(()) };
    let moving = state.on.iter().filter(|action| moves(action));
    let waiting: BTreeSet<Role> = moving.flat_map(roles).collect();
    let unit = step.case.data.get("unit").and_then(serde_json::Value::as_str);
    let addressed = waiting.into_iter().filter(|role| for_this_unit(step.workflow, *role, unit));
    let title = format!("{}: {}", step.workflow.title, state.title);
    let tasks = addressed.map(|role| task(step, role, title.clone())).collect();
    tasks::create(tx, tasks).await?;
    Ok(())
}

fn moves(action: &Action) -> bool {
    !matches!(action.target, crate::domain::workflow::Target::Stay)
}

fn roles(action: &Action) -> Vec<Role> {
    let role = |by: &By| match by {
        By::Role(role) => Some(*role),
        By::Special(_) => None,
    };
    action.by.iter().filter_map(role).filter(|role| *role != Role::PsdSupervisor).collect()
}

/// A consultation is for the unit it was put to; its point of contact waits.
fn for_this_unit(workflow: &Workflow, role: Role, unit: Option<&str>) -> bool {
    match (workflow.key.as_str(), unit) {
        ("consultation", Some(unit)) => role.as_str() == unit,
        _ => true,
    }
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

/// Tells the point of contact and the appropriate authority, and asks a person to tell the member of the public.
pub(super) async fn parties(step: Step<'_>, tx: &Tx) -> Result<(), AppError> {
    let state = step.workflow.state(&step.case.state).map(|state| state.title.as_str()).unwrap_or_default();
    let what = format!("{}: {state}", step.workflow.title);
    let mut told = vec![task(step, Role::AppropriateAuthority, what.clone()), task(step, Role::Spoc, what)];
    let tell = NewTask {
        kind: "tell",
        cause: format!("{}:tell", step.event),
        ..task(step, Role::Spoc, "Tell the person that the strategy no longer applies".to_owned())
    };
    told.push(tell);
    tasks::create(tx, told).await?;
    Ok(())
}

/// When a case moves, the tasks that its earlier state asked for are done, by whoever moved it.
pub(super) async fn settle_earlier(app: &App, tx: &Tx, actor: &Actor, decision: &Decision) -> Result<(), AppError> {
    if !moved(&decision.case, decision) {
        return Ok(());
    }
    let by: Option<OfficerId> = actor.officer().map(|officer| officer.id);
    tasks::settle(tx, tasks::of_case(decision.case.id), by, app.now()).await?;
    Ok(())
}

fn moved(case: &Case, decision: &Decision) -> bool {
    decision.events.last().is_some_and(|event| event.at == case.state_since && case.version > 1)
}
