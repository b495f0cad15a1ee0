//! How much waits in each part of the mail room.

use super::read_contacts::MAY_READ;
use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::contact::Place;
use crate::store::case_facts;
use crate::store::contacts::{self, Filter, Handling};
use serde::Serialize;

/// Contacts that nobody has read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Waiting {
    /// All that ask to be read.
    pub to_read: u64,
    /// Of these, held for their seven questions.
    pub held: u64,
}

/// # Errors
/// `Refused`.
pub async fn what_waits(app: &App, actor: &Actor) -> Result<Waiting, AppError> {
    let officer = rights::officer_with(actor, &MAY_READ)?;
    let db = app.store.reader();
    let not_of = case_facts::people_complaining_about(db, officer.id).await?;
    let unread = Filter { handling: Some(Handling::Open), asks_to_be_read: true, not_of, ..Filter::default() };
    let held = Filter { places: vec![Place::Held, Place::Quarantine], ..unread.clone() };
    Ok(Waiting { to_read: contacts::count(db, &unread).await?, held: contacts::count(db, &held).await? })
}
