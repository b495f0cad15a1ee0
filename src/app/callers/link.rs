//! An officer says who on file a caller is, which is how a caller is put on file, or takes it back; with a reason either
//! way. Calls without a number are contacts of whoever the caller is, those that were made before it was said too; calls
//! from a number are when the number is on file as the person's. Contacts stay where they are when it is taken back: each
//! is somebody's until an officer says otherwise of it. A case of the caller of which nobody knew whom it is about is about
//! that person then.

use super::become_contacts::adopt_calls;
use super::cases_of::carry_along;
use super::months::words;
use super::{CALLS, MAY_WORK_ON_CALLERS, calls_from_theirs, hidden_from};
use crate::app::people::may_act_on;
use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::ids::{CallerId, PersonId};
use crate::store::events::{self, NewEvent, Stream};
use crate::store::{callers, people};
use serde_json::json;

/// Who a caller is said to be.
#[derive(Clone, Debug)]
pub struct Linking {
    pub caller: CallerId,
    /// The person's id, or the reference they are on file under; `None` takes back what was said.
    pub person: Option<Named>,
    pub reason: String,
}

/// Somebody on file, by either name.
#[derive(Clone, Debug)]
pub enum Named {
    Id(PersonId),
    Reference(String),
}

/// Answers the person, after merges.
///
/// # Errors
/// `Refused`; `NotFound` for a caller there is not; `Invalid` without a reason, or for a person who is not on file;
/// `complained-about`.
pub async fn link_caller(app: &App, actor: &Actor, asked: Linking) -> Result<Option<PersonId>, AppError> {
    rights::officer_with(actor, &MAY_WORK_ON_CALLERS)?;
    let reason = words("/reason", &asked.reason, 2000)?;
    let hidden = hidden_from(app, actor).await?;
    calls_from_theirs(app, actor, asked.caller).await?;
    let (inner, actor, id) = (app.clone(), actor.clone(), asked.caller);
    let written = app.store.write(async move |tx| {
        crate::store::hold(tx, &[CALLS]).await?;
        let caller = callers::find(tx, id).await?.ok_or(AppError::NotFound)?;
        if hidden.hides(caller.person) {
            return Err(AppError::NotFound);
        }
        let person = match asked.person {
            Some(named) => Some(on_file(tx, &named).await?),
            None => None,
        };
        may_act_on(tx, &actor, person).await?;
        if caller.person == person {
            return Ok(person);
        }
        callers::set_person(tx, id, person).await?;
        let kind = if person.is_some() { "linked" } else { "unlinked" };
        let data = json!({ "person": person, "before": caller.person, "reason": reason });
        let by = actor.reference();
        let event = NewEvent { id: inner.new_id(), at: inner.now(), actor: by, kind: kind.to_owned(), data };
        events::append_next(tx, vec![(Stream::Caller, id.as_uuid(), vec![event])]).await?;
        if let Some(person) = person {
            if caller.number.is_none() {
                adopt_calls(&inner, tx, &actor, id).await?;
            }
            carry_along(&inner, tx, &actor, (&caller, person, &reason)).await?;
        }
        Ok::<_, AppError>(person)
    });
    Ok(written.await?)
}

/// The person of this name, after merges.
///
/// # Errors
/// `Invalid` for a person who is not on file.
pub(crate) async fn on_file(tx: &crate::store::Tx, named: &Named) -> Result<PersonId, AppError> {
    let (pointer, found) = match named {
        Named::Id(id) => ("/personId", people::root(tx, *id).await?),
        Named::Reference(reference) => {
            let found = people::with_references(tx, &[reference.trim().to_owned()]).await?;
            ("/reference", found.first().map(people::Person::root))
        }
    };
    found.ok_or_else(|| AppError::invalid(pointer, "There is no such person on file."))
}
