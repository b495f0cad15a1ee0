//! Takes one action on a case: load, decide, append, bring about the effects; all in one transaction.

use super::{effects, facts, in_force, pinned, retention, seeing};
use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::domain::case::{self, Case, CaseEvent, Command, Decision, Happening, Refusal};
use crate::domain::ids::{CaseId, EventId};
use crate::domain::workflow::{EffectName, Workflow};
use crate::store::Tx;
use crate::store::cases::{self, Due};
use std::sync::Arc;

/// An action as a door hands it in.
#[derive(Clone, Debug)]
pub struct Asked {
    pub case: CaseId,
    /// The version the caller read; `None` where the caller took what is there.
    pub expected_version: Option<i64>,
    pub command: Command,
}

/// Takes the action in the actor's name.
///
/// # Errors
/// `NotFound` where the actor may not know the case; `StaleVersion`; `Refused` with the code and paragraph.
pub async fn act_on_case(app: &App, actor: &Actor, asked: Asked) -> Result<Case, AppError> {
    match attempt(app, actor, asked.clone()).await {
        // Lost a race and the caller did not insist on a version: the decision is pure, so decide once more.
        Err(AppError::Store(crate::store::StoreError::StaleVersion)) if asked.expected_version.is_none() => {
            attempt(app, actor, asked).await
        }
        Err(AppError::Refused(refusal)) if refusal.code == "guard-not-evaluated" => {
            keep_guard_failure(app, actor, &asked, &refusal).await?;
            Err(AppError::Refused(refusal))
        }
        answer => answer,
    }
}

async fn attempt(app: &App, actor: &Actor, asked: Asked) -> Result<Case, AppError> {
    let (app, actor) = (app.clone(), actor.clone());
    let store = app.store.clone();
    let done = store.write(async move |tx| Box::pin(in_transaction(&app, tx, &actor, asked)).await).await?;
    Ok(done.case)
}

async fn in_transaction(app: &App, tx: &Tx, actor: &Actor, asked: Asked) -> Result<Done, AppError> {
    let case = seeing::visible_to_act(app, tx, actor, asked.case).await?;
    if let Some(expected) = asked.expected_version
        && expected != case.version
    {
        return Err(AppError::StaleVersion { expected, found: case.version });
    }
    act(app, tx, actor, case, asked.command).await
}

/// What taking an action left: the case, and the id of the event that says so.
#[derive(Clone, Debug)]
pub(crate) struct Done {
    pub(crate) case: Case,
    pub(crate) event: EventId,
}

/// Takes an action inside a transaction that is already open.
pub(crate) async fn act(app: &App, tx: &Tx, actor: &Actor, case: Case, command: Command) -> Result<Done, AppError> {
    let workflow = pinned::workflow(app, tx, &case.content_hash).await?;
    retention::hold_reviewed(tx, &case).await?;
    let facts = facts::gather(app, tx, &case, actor).await?;
    let decision = case::decide(&workflow, &case, &facts, (actor, app.now()), &command)?;
    conclude(app, tx, actor, &workflow, decision).await
}

/// Keeps a decision's events and brings about its effects.
pub(super) async fn conclude(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    workflow: &Arc<Workflow>,
    decision: Decision,
) -> Result<Done, AppError> {
    let decision = in_force::with_versions(app, tx, decision).await?;
    let event = append(app, tx, workflow, &decision).await?;
    super::tell::settle_earlier(app, tx, (actor, workflow), &decision).await?;
    let taken = Taken::of(&decision.events);
    if taken.from == crate::app::meetings::ON_AGENDA && decision.case.state != taken.from {
        Box::pin(crate::app::meetings::settle_elsewhere(app, tx, actor, (decision.case.id, &taken.action))).await?;
    }
    for effect in &decision.effects {
        let Taken { action, from, input } = &taken;
        let step = effects::Step { app, actor, workflow, case: &decision.case, event, input, action, from };
        // Effects on other cases come back here: boxed, because the future would otherwise contain itself.
        Box::pin(effects::bring_about(step, tx, *effect)).await?;
    }
    // A disposal adds to the review's own history.
    let case = match decision.effects.contains(&EffectName::Dispose) {
        true => cases::load(tx, decision.case.id).await?.unwrap_or(decision.case),
        false => decision.case,
    };
    Ok(Done { case, event })
}

pub(super) async fn append(app: &App, tx: &Tx, workflow: &Workflow, decision: &Decision) -> Result<EventId, AppError> {
    let due = due(app, workflow, &decision.case);
    let events: Vec<_> = decision.events.iter().map(|event| (app.new_id(), event.clone())).collect();
    let last = events.last().map_or_else(|| app.new_id(), |(id, _)| *id);
    cases::append(tx, &decision.case, events, due).await?;
    Ok(last)
}

/// The times that the workflow gives the case in its present state. Alerts are counted from when it came there, past or
/// not: what was told already is not told again.
pub(super) fn due(app: &App, workflow: &Workflow, case: &Case) -> Due {
    let calendar = app.catalog.calendar();
    Due {
        due_at: case::due_at(workflow, case, calendar),
        timer_at: case::next_timer(workflow, case, calendar).map(|(_, at)| at),
        next_alert_at: case::next_alert(workflow, case, calendar, None),
        paused_until: case.paused(app.now()).map(|pause| pause.until),
    }
}

/// What was done in which state with which input; all empty where nobody acted.
#[derive(Default)]
struct Taken {
    action: String,
    from: String,
    input: serde_json::Value,
}

impl Taken {
    fn of(events: &[CaseEvent]) -> Self {
        let taken = events.iter().find_map(|event| match &event.what {
            Happening::Acted { action, from, input, .. } => {
                Some(Self { action: action.clone(), from: from.clone(), input: input.clone() })
            }
            Happening::Struck { from, .. } => Some(Self { from: from.clone(), ..Self::default() }),
            Happening::Opened { .. }
            | Happening::GuardFailed { .. }
            | Happening::Migrated { .. }
            | Happening::PersonLinked { .. }
            | Happening::Marked { .. }
            | Happening::LookedInto { .. }
            | Happening::Disposed { .. } => None,
        });
        taken.unwrap_or_default()
    }
}

/// A guard that could not be evaluated is somebody's fault to mend: it stays on the case's record.
async fn keep_guard_failure(app: &App, actor: &Actor, asked: &Asked, refusal: &Refusal) -> Result<(), AppError> {
    let reason = refusal.faults.first().map(|fault| fault.message.clone()).unwrap_or_default();
    let (guard, reason) = reason
        .split_once(": ")
        .map_or((String::new(), reason.clone()), |(guard, reason)| (guard.to_owned(), reason.to_owned()));
    let what = Happening::GuardFailed { action: asked.command.action.clone(), guard, reason };
    let event = CaseEvent { at: app.now(), actor: actor.reference(), what };
    let (app, id) = (app.clone(), asked.case);
    let store = app.store.clone();
    store
        .write(async move |tx| {
            let mut case = cases::load(tx, id).await?.ok_or(AppError::NotFound)?;
            case.apply(&event);
            let workflow = pinned::workflow(&app, tx, &case.content_hash).await?;
            append(&app, tx, &workflow, &Decision { events: vec![event], effects: Vec::new(), case }).await?;
            Ok::<_, AppError>(())
        })
        .await?;
    Ok(())
}
