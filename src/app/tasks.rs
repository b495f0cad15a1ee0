//! What waits for an officer: tasks by name or by role; done by whoever does them.
//!
//! What has an action of its own, reading a contact or acting on a case, is done by that action and in no other way.

use crate::app::callers::{MONTH_SENDING, not_sent_to};
use crate::app::cases::not_referred_to;
use crate::app::contacts::{READING, RECORD_COMPLAINT};
use crate::app::live_calls::CALL_REQUEST;
use crate::app::mail::MAIL_TROUBLE;
use crate::app::outbox::SENDING_STOPPED;
use crate::app::people::{AdjustmentView, may_act_on};
use crate::app::{App, AppError, ShownWith, covered_by, rights};
use crate::domain::access::Actor;
use crate::domain::case::Refusal;
use crate::domain::ids::{CaseId, OfficerId, PersonId};
use crate::domain::marking::Marking;
use crate::store::events::{self, NewEvent, Stream};
use crate::store::{Tx, case_facts, tasks};
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Task)]
pub struct TaskView {
    pub id: Uuid,
    /// `OFFICIAL` and up: what it bears when it is shown or printed.
    pub marking: Marking,
    /// In force today; to be kept to wherever contact is composed or judged.
    pub adjustments: Vec<AdjustmentView>,
    /// `act`, `read_held`, `read_flagged`, `record_complaint`, `handle_crime`, …
    pub kind: String,
    pub title: String,
    pub role: Option<String>,
    pub officer_id: Option<Uuid>,
    pub case_id: Option<Uuid>,
    pub contact_id: Option<Uuid>,
    pub person_id: Option<Uuid>,
    pub due_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub done_at: Option<DateTime<Utc>>,
    pub done_by: Option<Uuid>,
}

impl TaskView {
    fn new(row: tasks::TaskRow, with: &ShownWith) -> Self {
        Self {
            id: row.id,
            marking: with.marking(row.case_id.map(CaseId::from_uuid)),
            adjustments: with.adjustments(row.person_id.map(PersonId::from_uuid)),
            kind: row.kind,
            title: row.title,
            role: row.role,
            officer_id: row.officer_id,
            case_id: row.case_id,
            contact_id: row.contact_id,
            person_id: row.person_id,
            due_at: row.due_at,
            created_at: row.created_at,
            done_at: row.done_at,
            done_by: row.done_by,
        }
    }
}

impl TaskView {
    /// What lists of tasks are ordered by: urgency, then age.
    pub fn place(&self) -> (DateTime<Utc>, Uuid) {
        (self.due_at.unwrap_or_else(tasks::no_day), self.id)
    }
}

/// The officer's open tasks and those of whom they stand in for, most urgent first, at most `most` after one in its place;
/// none about people who complained about them, and none of repeat callers, or of a month's table, in areas that are not theirs.
///
/// # Errors
/// `named-person-required`.
pub async fn my_tasks(
    app: &App,
    actor: &Actor,
    after: Option<(DateTime<Utc>, Uuid)>,
    most: u64,
) -> Result<Vec<TaskView>, AppError> {
    let officer = rights::named_person(actor)?;
    let roles: Vec<String> = officer.roles.iter().map(|role| role.as_str().to_owned()).collect();
    let db = app.store.reader();
    let hidden = tasks::Hidden {
        people: case_facts::people_complaining_about(db, officer.id).await?,
        cases: not_referred_to(db, officer).await?,
        causes: not_sent_to(db, officer).await?,
    };
    let mut officers = covered_by(db, officer, app.now()).await?;
    officers.push(officer.id);
    let open = tasks::open_for(db, &officers, (&roles, &hidden), after, most).await?;
    shown(app, db, open).await
}

async fn shown(app: &App, db: &impl ConnectionTrait, rows: Vec<tasks::TaskRow>) -> Result<Vec<TaskView>, AppError> {
    let cases: Vec<CaseId> = rows.iter().filter_map(|row| row.case_id).map(CaseId::from_uuid).collect();
    let people: Vec<PersonId> = rows.iter().filter_map(|row| row.person_id).map(PersonId::from_uuid).collect();
    let with = ShownWith::load(app, db, &cases, &people).await?;
    Ok(rows.into_iter().map(|row| TaskView::new(row, &with)).collect())
}

/// What the officer says of a task they did.
#[derive(Clone, Debug, Default)]
pub struct Completion {
    /// What the other system calls what was done there: a complaint's number.
    pub reference: Option<String>,
    pub reason: Option<String>,
}

/// Marks one of the officer's tasks as done. Doing it twice changes nothing.
///
/// # Errors
/// `NotFound` where it is not theirs; `complained-about`; `done-by-its-own-action` for reading a contact and for acting
/// on a case; `Invalid` for recording a complaint with neither the reference nor the reason why there is none.
pub async fn finish_task(app: &App, actor: &Actor, id: Uuid, said: Completion) -> Result<TaskView, AppError> {
    let officer = rights::named_person(actor)?.clone();
    let (inner, actor) = (app.clone(), actor.clone());
    let done = app.store.write(async move |tx| {
        let task = tasks::find(tx, id).await?.ok_or(AppError::NotFound)?;
        let by_role = task.role.as_deref().is_some_and(|role| officer.roles.iter().any(|held| held.as_str() == role));
        let covered = covered_by(tx, &officer, inner.now()).await?;
        let named = |id: &OfficerId| task.officer_id == Some(id.as_uuid());
        if !by_role && !named(&officer.id) && !covered.iter().any(named) {
            return Err(AppError::NotFound);
        }
        may_act_on(tx, &actor, task.person_id.map(PersonId::from_uuid)).await?;
        if task.done_at.is_some() {
            return Ok(task);
        }
        is_done_here(&task, &said)?;
        tasks::settle(tx, tasks::with_id(id), Some(officer.id), inner.now()).await?;
        if let Some(contact) = task.contact_id {
            tell(&inner, tx, &actor, (contact, &task.kind), said).await?;
        }
        tasks::find(tx, id).await?.ok_or(AppError::NotFound)
    });
    let done = done.await?;
    shown(app, app.store.reader(), vec![done]).await?.pop().ok_or(AppError::NotFound)
}

fn is_done_here(task: &tasks::TaskRow, said: &Completion) -> Result<(), AppError> {
    let kind = task.kind.as_str();
    if kind == "act" || READING.contains(&kind) {
        let message = match task.contact_id {
            Some(_) => "This is done by reading the contact: record its handling.",
            None => "This is done by taking one of the case's actions.",
        };
        return Err(Refusal::conflict("done-by-its-own-action", message).into());
    }
    if kind == SENDING_STOPPED {
        let message = "This is done by letting mail be sent again, with a reason.";
        return Err(Refusal::conflict("done-by-its-own-action", message).into());
    }
    if kind == CALL_REQUEST {
        let message = "This is done by saying so in the record of the call.";
        return Err(Refusal::conflict("done-by-its-own-action", message).into());
    }
    if kind == MONTH_SENDING {
        let message = "This is done by saying, on the page of the month, that your unit has its table.";
        return Err(Refusal::conflict("done-by-its-own-action", message).into());
    }
    if kind == MAIL_TROUBLE {
        let message = "This is done by itself once the trouble is over.";
        return Err(Refusal::conflict("done-by-its-own-action", message).into());
    }
    let given = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
    if kind == RECORD_COMPLAINT && !given(&said.reference) && !given(&said.reason) {
        return Err(AppError::invalid(
            "/reference",
            "Give the complaint's reference, or the reason why there is none.",
        ));
    }
    Ok(())
}

/// What was done for a contact is part of its history.
async fn tell(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (contact, kind): (Uuid, &str),
    said: Completion,
) -> Result<(), AppError> {
    let data = json!({ "task": kind, "reference": said.reference, "reason": said.reason });
    let event =
        NewEvent { id: app.new_id(), at: app.now(), actor: actor.reference(), kind: "task_done".to_owned(), data };
    events::append_next(tx, vec![(Stream::Contact, contact, vec![event])]).await?;
    Ok(())
}
