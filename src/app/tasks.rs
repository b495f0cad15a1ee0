//! What waits for an officer: tasks by name or by role; done by whoever does them.

use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::store::tasks;
use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Task)]
pub struct TaskView {
    pub id: Uuid,
    /// `act`, `read_held`, `record_complaint`, …
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

impl From<tasks::TaskRow> for TaskView {
    fn from(row: tasks::TaskRow) -> Self {
        Self {
            id: row.id,
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

/// The officer's open tasks, most urgent first, at most `most` after one in its place.
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
    let open = tasks::open_for(app.store.reader(), officer.id, &roles, after, most).await?;
    Ok(open.into_iter().map(TaskView::from).collect())
}

/// Marks one of the officer's tasks as done. Doing it twice changes nothing.
///
/// # Errors
/// `NotFound` where it is not theirs.
pub async fn finish_task(app: &App, actor: &Actor, id: Uuid) -> Result<TaskView, AppError> {
    let officer = rights::named_person(actor)?.clone();
    let now = app.now();
    let done = app.store.write(async move |tx| {
        let task = tasks::find(tx, id).await?.ok_or(AppError::NotFound)?;
        let by_role = task.role.as_deref().is_some_and(|role| officer.roles.iter().any(|held| held.as_str() == role));
        if task.officer_id != Some(officer.id.as_uuid()) && !by_role {
            return Err(AppError::NotFound);
        }
        tasks::settle(tx, tasks::with_id(id), Some(officer.id), now).await?;
        tasks::find(tx, id).await?.ok_or(AppError::NotFound)
    });
    Ok(TaskView::from(done.await?))
}
