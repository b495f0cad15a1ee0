//! Reading a case that is not one's own to see, for some hours and a reason, which others are told at once.

use super::act_on_case::append;
use super::{pinned, seeing};
use crate::app::{App, AppError, log_reading, rights};
use crate::domain::access::{Actor, Officer, Role};
use crate::domain::case::{Case, CaseEvent, Decision, Happening, Refusal};
use crate::domain::ids::CaseId;
use crate::store::tasks::{self, NewTask};
use crate::store::{Tx, broken_glass, cases};
use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

/// The task of those who are told.
const LOOKED_INTO: &str = "looked_into";
const TOLD: [Role; 2] = [Role::PsdSupervisor, Role::Auditor];

fn reading_time() -> Duration {
    Duration::hours(8)
}

/// Lets the officer read the whole case for eight hours, and tells the supervisors and auditors why. Answers until when;
/// where they broke the glass before and it is not over, nothing changes and the answer is the same.
///
/// # Errors
/// `named-person-required`; `not-through-a-system`; `wrong-role` for whoever only administers; `Invalid` without a reason; `NotFound` where there is no such case or
/// its person complained about the officer; `seen-already` where their role shows it whole.
pub async fn break_glass(app: &App, actor: &Actor, id: CaseId, reason: String) -> Result<DateTime<Utc>, AppError> {
    let officer = rights::named_person(actor)?.clone();
    if officer.through.is_some() {
        let message = "Sign in yourself to look into a case that is not yours to see.";
        return Err(Refusal::forbidden("not-through-a-system", message).into());
    }
    if seeing::only_administers(&officer) {
        let message = "Administrators read no case. Ask somebody whose work it is.";
        return Err(Refusal::forbidden("wrong-role", message).into());
    }
    let reason = reason.trim().to_owned();
    if reason.is_empty() {
        return Err(AppError::invalid("/reason", "Say why you have to look into this case; others are told."));
    }
    let (inner, by) = (app.clone(), actor.clone());
    let until =
        app.store.write(async move |tx| Box::pin(broken(&inner, tx, (&by, &officer), (id, reason))).await).await?;
    log_reading(app, actor, "broken-glass", Some(id.as_uuid())).await?;
    Ok(until)
}

async fn broken(
    app: &App,
    tx: &Tx,
    (actor, officer): (&Actor, &Officer),
    (id, reason): (CaseId, String),
) -> Result<DateTime<Utc>, AppError> {
    // No row stands for "not broken yet": two requests at once would each find none.
    crate::store::hold(tx, &[id.as_uuid()]).await?;
    let mut case = cases::load(tx, id).await?.ok_or(AppError::NotFound)?;
    if seeing::is_hidden(tx, officer, &case).await? {
        return Err(AppError::NotFound);
    }
    if let Some(until) = broken_glass::broken_until(tx, (id, officer.id), app.now()).await? {
        return Ok(until);
    }
    if seeing::visible(app, tx, officer, id).await.is_ok_and(|seen| seen.sight == seeing::Sight::Full) {
        return Err(Refusal::conflict("seen-already", "You see this case as it is.").into());
    }
    let (at, until) = (app.now(), app.now() + reading_time());
    let event =
        CaseEvent { at, actor: actor.reference(), what: Happening::LookedInto { reason: reason.clone(), until } };
    case.apply(&event);
    let workflow = pinned::workflow(app, tx, &case.content_hash).await?;
    let title = format!("{}: looked into by {}, because: {reason}", workflow.title, officer.display_name);
    let decision = Decision { events: vec![event], effects: Vec::new(), case };
    let event = append(app, tx, &workflow, &decision).await?;
    broken_glass::insert(tx, event.as_uuid(), (id, officer.id), (at, until)).await?;
    tell(app, tx, &decision.case, (event.as_uuid(), &title)).await?;
    Ok(until)
}

async fn tell(app: &App, tx: &Tx, case: &Case, (event, title): (Uuid, &str)) -> Result<(), AppError> {
    let task = |role: Role| NewTask {
        id: app.new_id::<crate::domain::ids::of::Event>().as_uuid(),
        kind: LOOKED_INTO,
        title: title.to_owned(),
        role: Some(role.as_str().to_owned()),
        officer: None,
        case: Some(case.id),
        contact: None,
        person: case.person,
        due_at: Some(app.now()),
        created_at: app.now(),
        cause: format!("{event}:{role}"),
    };
    Ok(tasks::create(tx, TOLD.into_iter().map(task).collect()).await?)
}
