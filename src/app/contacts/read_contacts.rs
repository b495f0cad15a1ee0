//! Contacts as their readers see them: with whose they are and why, what was found, and the limits it was found by.

use super::attribute_contact::MAY_TRIAGE;
use super::view::{ContactView, show_contact, show_contacts};
use crate::app::people::may_see;
use crate::app::{App, AppError, Shown, log_reading, log_search, rights};
use crate::domain::access::{Actor, Role, Scope};
use crate::domain::ids::{ContactId, PersonId};
use crate::store::contacts::{self, Filter, Order};
use crate::store::{case_facts, people, strategies};
use chrono::{DateTime, Utc};

/// Those who see full cases.
pub(crate) const MAY_READ: [Role; 7] = [
    MAY_TRIAGE[0],
    MAY_TRIAGE[1],
    MAY_TRIAGE[2],
    MAY_TRIAGE[3],
    Role::AppropriateAuthority,
    Role::Records,
    Role::Auditor,
];

/// One contact, and the limits it was measured against.
///
/// # Errors
/// `Refused`; `NotFound`.
pub async fn find_contact(app: &App, actor: &Actor, id: ContactId) -> Result<ContactView, AppError> {
    rights::system_or_officer(actor, Scope::ContactsRead, &MAY_READ)?;
    let db = app.store.reader();
    let contact = contacts::find(db, id).await?.ok_or(AppError::NotFound)?;
    may_see(db, actor, contact.person).await?;
    let against = contact.verdict.as_ref().and_then(|verdict| verdict.strategy);
    let terms = match against {
        Some(strategy) => strategies::find(db, strategy).await?.map(|in_force| in_force.terms),
        None => None,
    };
    log_reading(app, actor, "contact", Some(id.as_uuid())).await?;
    Ok(show_contact(app, contact).await?.against(terms))
}

/// # Errors
/// `Refused`.
pub async fn list_contacts(
    app: &App,
    actor: &Actor,
    filter: Filter,
    order: Order,
    most: u64,
) -> Result<Vec<ContactView>, AppError> {
    rights::system_or_officer(actor, Scope::ContactsRead, &MAY_READ)?;
    let db = app.store.reader();
    let hidden = match actor.officer() {
        Some(officer) => case_facts::people_complaining_about(db, officer.id).await?,
        None => Vec::new(),
    };
    let filter = Filter { not_of: hidden, ..filter };
    let contacts = contacts::list(db, &filter, order, most).await?;
    let shown: Vec<Shown> = contacts.iter().map(|one| Shown::of(one.id.as_uuid(), one.person)).collect();
    log_search(app, actor, "contact", &shown).await?;
    show_contacts(app, contacts).await
}

/// The contacts of one person, over all records that are this person.
///
/// # Errors
/// `Refused`; `NotFound`.
pub async fn list_contacts_of(
    app: &App,
    actor: &Actor,
    person: PersonId,
    after: Option<(DateTime<Utc>, ContactId)>,
    most: u64,
) -> Result<Vec<ContactView>, AppError> {
    rights::system_or_officer(actor, Scope::ContactsRead, &MAY_READ)?;
    let db = app.store.reader();
    let root = people::root(db, person).await?.ok_or(AppError::NotFound)?;
    may_see(db, actor, Some(root)).await?;
    let members = people::members(db, &[root]).await?.into_iter().map(|member| member.id).collect();
    let filter = Filter { people: Some(members), ..Filter::default() };
    let contacts = contacts::list(db, &filter, Order::NewestFirst(after), most).await?;
    log_reading(app, actor, "contacts-of-person", Some(root.as_uuid())).await?;
    show_contacts(app, contacts).await
}
