//! What the reader of a contact may do with it, decided by what also refuses it.

use super::answer::answerable;
use super::attribute_contact::MAY_TRIAGE;
use super::view::ContactView;
use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::case::Refusal;
use crate::store::contacts::Handling;

#[derive(Clone, Debug)]
pub struct Offers {
    /// Read, answer the seven questions, close.
    pub handle: bool,
    /// Say whose it is, raise and remove flags.
    pub correct: bool,
    /// Answer it by mail, or why not.
    pub reply: Result<(), Refusal>,
}

/// # Errors
/// What the store says.
pub async fn what_may_be_done(app: &App, actor: &Actor, contact: &ContactView) -> Result<Offers, AppError> {
    let correct = rights::officer_with(actor, &MAY_TRIAGE).is_ok();
    let answering = Box::pin(answerable(app, app.store.reader(), actor, (contact.id, None))).await;
    let reply = match answering {
        Ok(_) => Ok(()),
        Err(AppError::Refused(refusal)) => Err(refusal),
        Err(other) => return Err(other),
    };
    Ok(Offers { handle: correct && contact.handling != Handling::Closed, correct, reply })
}
