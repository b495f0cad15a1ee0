//! Downloads of calls and witness statements that the officer in a case asks for (policy 6.10): a task each, done by
//! saying so in the record.

use crate::app::{App, AppError};
use crate::domain::access::{Actor, Role};
use crate::domain::calls::record::{CallEvent, CallRecord, Recorded, RequestKind};
use crate::domain::ids::CallId;
use crate::render::pages::date_and_time;
use crate::store::tasks::{self, NewTask};
use crate::store::{StoreError, Tx};
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use serde::Serialize;

/// The kind of its task.
pub const CALL_REQUEST: &str = "call_request";

/// A request that waits to be done.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenRequest {
    pub call: CallId,
    pub title: String,
    pub asked_at: DateTime<Utc>,
    pub due_at: Option<DateTime<Utc>>,
}

/// Makes and settles the tasks that these events ask for.
pub(super) async fn keep_tasks(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    record: &CallRecord,
    events: &[CallEvent],
) -> Result<(), AppError> {
    for event in events {
        match &event.what {
            Recorded::Requested { kind, urgent, why } => {
                let number = record.requests.last().map_or(1, |request| request.number);
                let title = title(*kind, *urgent, (record.begun_at, why));
                tasks::create(tx, vec![task(app, record, (number, *urgent), title)]).await?;
            }
            Recorded::RequestFinished { number } => {
                let officer = actor.officer().map(|officer| officer.id);
                tasks::settle(tx, tasks::with_cause(&cause(record.id, *number)), officer, event.at).await?;
            }
            Recorded::Begun { .. }
            | Recorded::Assessed { .. }
            | Recorded::ThriveAnswered { .. }
            | Recorded::Graded { .. }
            | Recorded::StepSettled { .. }
            | Recorded::Referred { .. }
            | Recorded::Advised { .. }
            | Recorded::Completed {}
            | Recorded::Identified { .. }
            | Recorded::TakenBack { .. }
            | Recorded::Amended { .. } => {}
        }
    }
    Ok(())
}

/// Every request that waits, urgent ones first.
pub(super) async fn waiting(db: &impl ConnectionTrait) -> Result<Vec<OpenRequest>, StoreError> {
    let mut open = tasks::open_of_kind(db, CALL_REQUEST).await?;
    open.sort_by_key(|task| (task.due_at.is_none(), task.created_at, task.id));
    let request = |task: tasks::TaskRow| {
        let call = task.cause.strip_prefix("call-request:")?.split(':').next()?.parse().ok()?;
        Some(OpenRequest { call, title: task.title, asked_at: task.created_at, due_at: task.due_at })
    };
    Ok(open.into_iter().filter_map(request).collect())
}

fn cause(call: CallId, number: u32) -> String {
    format!("call-request:{call}:{number}")
}

fn task(app: &App, record: &CallRecord, (number, urgent): (u32, bool), title: String) -> NewTask {
    let now = app.now();
    NewTask {
        id: app.new_id::<()>().as_uuid(),
        kind: CALL_REQUEST,
        title,
        role: Some(Role::Ccr.as_str().to_owned()),
        officer: None,
        case: None,
        contact: None,
        person: record.about.person,
        // As soon as practicable is now; the others wait for the team that makes them.
        due_at: urgent.then_some(now),
        created_at: now,
        cause: cause(record.id, number),
    }
}

fn title(kind: RequestKind, urgent: bool, (begun_at, why): (DateTime<Utc>, &str)) -> String {
    let what = match kind {
        RequestKind::CallDownload => "Download the call",
        RequestKind::Mg11 => "Write a witness statement (MG11) on the call",
    };
    let whose = if urgent { "urgent, for the officer in the case" } else { "for the CCR Systems Support Team" };
    let why: String = why.chars().take(200).collect();
    format!("{what} of {} ({whose}): {why}", date_and_time(begun_at))
}
