//! What a contact asks of people beyond being read: to record a complaint, to deal with a crime, to say whose it is.

use super::read_contacts::MAY_READ;
use super::reading::READING;
use crate::app::people::may_see;
use crate::app::{App, AppError, covered_by, rights};
use crate::domain::access::Actor;
use crate::domain::ids::ContactId;
use crate::store::{contacts, tasks};
use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

/// An open task about a contact.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ContactTask {
    pub id: Uuid,
    pub kind: String,
    pub title: String,
    pub due_at: Option<DateTime<Utc>>,
    pub role: Option<String>,
    pub officer_id: Option<Uuid>,
    /// The reader may say that it is done.
    pub theirs: bool,
}

/// # Errors
/// `Refused`; `NotFound`.
pub async fn tasks_of_contact(app: &App, actor: &Actor, id: ContactId) -> Result<Vec<ContactTask>, AppError> {
    let officer = rights::officer_with(actor, &MAY_READ)?;
    let db = app.store.reader();
    let contact = contacts::find(db, id).await?.ok_or(AppError::NotFound)?;
    may_see(db, actor, contact.person).await?;
    let mut named = covered_by(db, officer, app.now()).await?;
    named.push(officer.id);
    let open = tasks::open_on_contact(db, id).await?;
    let asked = open.into_iter().filter(|task| !READING.contains(&task.kind.as_str()));
    let view = |task: tasks::TaskRow| {
        let by_role = task.role.as_deref().is_some_and(|role| officer.roles.iter().any(|held| held.as_str() == role));
        let by_name = named.iter().any(|officer| task.officer_id == Some(officer.as_uuid()));
        ContactTask {
            theirs: by_role || by_name,
            id: task.id,
            kind: task.kind,
            title: task.title,
            due_at: task.due_at,
            role: task.role,
            officer_id: task.officer_id,
        }
    };
    Ok(asked.map(view).collect())
}
