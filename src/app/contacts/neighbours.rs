//! What stands before and after a contact in the reading list.

use super::read_contacts::MAY_READ;
use super::view::ContactView;
use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::ids::ContactId;
use crate::store::case_facts;
use crate::store::contacts::{self, Filter, Order};

/// Whatever asks to be read beside it; `None` at either end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Neighbours {
    pub previous: Option<ContactId>,
    pub next: Option<ContactId>,
}

/// The neighbours of a contact, which itself may have been read.
///
/// # Errors
/// `Refused`.
pub async fn neighbours(app: &App, actor: &Actor, contact: &ContactView) -> Result<Neighbours, AppError> {
    let officer = rights::officer_with(actor, &MAY_READ)?;
    let db = app.store.reader();
    let not_of = case_facts::people_complaining_about(db, officer.id).await?;
    let asks = Filter { asks_to_be_read: true, not_of, ..Filter::default() };
    let key = contact.reading_key();
    let next = contacts::list(db, &asks, Order::Reading(Some(key)), 1).await?;
    let previous = contacts::list(db, &asks, Order::ReadingBefore(key), 1).await?;
    let first = |found: Vec<contacts::Contact>| found.first().map(|contact| contact.id);
    Ok(Neighbours { previous: first(previous), next: first(next) })
}

/// The contact to read first; `None` where nothing asks to be read.
///
/// # Errors
/// `Refused`.
pub async fn first_to_read(app: &App, actor: &Actor) -> Result<Option<ContactId>, AppError> {
    let officer = rights::officer_with(actor, &MAY_READ)?;
    let db = app.store.reader();
    let not_of = case_facts::people_complaining_about(db, officer.id).await?;
    let asks = Filter { asks_to_be_read: true, not_of, ..Filter::default() };
    Ok(contacts::list(db, &asks, Order::Reading(None), 1).await?.first().map(|contact| contact.id))
}
