//! The communication log of one mail of ours, without what it says or to whom.

use super::read_outgoing::{MAY_SEE, OutgoingView, shown};
use crate::app::mail::LogEntry;
use crate::app::people::may_see;
use crate::app::{App, AppError, log_reading, rights};
use crate::domain::access::{Actor, Role, Scope};
use crate::domain::ids::{Id, OutgoingId};
use crate::store::{events, outgoing};
use serde::Serialize;

/// A mail of ours and everything that happened to it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OutgoingLog)]
pub struct OutgoingLog {
    pub mail: OutgoingView,
    /// The oldest first.
    pub log: Vec<LogEntry>,
}

/// # Errors
/// `wrong-role`; `NotFound`, also where its person complained about the reader.
pub async fn explain_outgoing(app: &App, actor: &Actor, id: OutgoingId) -> Result<OutgoingLog, AppError> {
    let readers: Vec<Role> = MAY_SEE.into_iter().filter(|role| *role != Role::Admin).chain([Role::Spoc]).collect();
    rights::system_or_officer(actor, Scope::ContactsRead, &readers)?;
    let db = app.store.reader();
    let mail = outgoing::find(db, id).await?.ok_or(AppError::NotFound)?;
    may_see(db, actor, mail.person_id.map(Id::from_uuid)).await?;
    let events = events::load(db, id.as_uuid()).await?;
    log_reading(app, actor, "outgoing", Some(id.as_uuid())).await?;
    let mail = shown(app, vec![mail.into()]).await?.pop().ok_or(AppError::NotFound)?;
    Ok(OutgoingLog { mail, log: events.iter().map(LogEntry::of_event).collect() })
}
