//! What somebody who records a contact is told of it.

use super::read_contacts::find_contact;
use super::record_contact::{ContactFacts, Recorded, record_contact};
use super::view::{ContactView, show_contact};
use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::domain::ids::ContactId;

/// What whoever records a contact is told: the whole of a new one, and of one that was recorded before only its id,
/// unless they may read it anyway.
#[derive(Clone, Debug)]
pub enum Told {
    New(ContactView),
    Known(ContactView),
    KnownBy(ContactId),
}

/// Records one contact and tells of it.
///
/// # Errors
/// As [`record_contact`].
pub async fn record_and_tell(app: &App, actor: &Actor, facts: ContactFacts) -> Result<Told, AppError> {
    match record_contact(app, actor, facts).await? {
        Recorded::New(contact) => Ok(Told::New(show_contact(app, contact).await?)),
        Recorded::Known(contact) => match find_contact(app, actor, contact.id).await {
            Ok(view) => Ok(Told::Known(view)),
            Err(AppError::Refused(_) | AppError::NotFound) => Ok(Told::KnownBy(contact.id)),
            Err(other) => Err(other),
        },
    }
}
