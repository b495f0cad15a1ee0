//! A person decides whose a contact is, with a reason. Everybody it counted or counts for is measured anew.

use super::findings::{self, Done};
use super::{reading, remeasure};
use crate::app::nominations::nominate_by_rules;
use crate::app::people::may_act_on;
use crate::app::policy::under_the_policy;
use crate::app::{App, AppError, rights};
use crate::domain::access::{Actor, Role};
use crate::domain::attribution::{Certainty, Evidence};
use crate::domain::contact::{NotCounted, Place};
use crate::domain::ids::{ContactId, PersonId};
use crate::store::contacts::{self, Contact, Handling};
use crate::store::events::{self, NewEvent, Stream};
use crate::store::{StoreError, Tx, people, tasks};
use serde_json::{Value, json};

/// Who may triage, attribute, merge and read held mail.
pub(super) const MAY_TRIAGE: [Role; 4] = [Role::PsdStaff, Role::PsdSupervisor, Role::Spoc, Role::Chair];

#[derive(Clone, Debug)]
pub struct Attributing {
    pub contact: ContactId,
    /// The version the person saw; `None`: whatever it is.
    pub version: Option<i64>,
    pub decision: Decision,
    pub author: Author,
    pub reason: String,
}

/// Who wrote it, where the software took it for a machine's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    AsFound,
    /// A person wrote it, whatever it looks like: it counts.
    Person,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is this person's own: a claimed sender is confirmed, and the contact counts.
    Own(PersonId),
    /// Somebody else's for this person: linked, not counted.
    OnBehalfOf(PersonId),
    /// Nobody's on file.
    Nobody,
}

/// # Errors
/// `Refused` for systems and roles that may not; `NotFound`; `StaleVersion`; `Invalid` without a reason or for an
/// unknown person.
pub async fn attribute_contact(app: &App, actor: &Actor, asked: Attributing) -> Result<Contact, AppError> {
    rights::officer_with(actor, &MAY_TRIAGE)?;
    if asked.reason.trim().is_empty() {
        return Err(AppError::invalid("/reason", "Say why."));
    }
    let (inner, actor) = (app.clone(), actor.clone());
    Ok(app.store.write(async move |tx| Box::pin(attribute_in(&inner, tx, &actor, asked)).await).await?)
}

async fn attribute_in(app: &App, tx: &Tx, actor: &Actor, asked: Attributing) -> Result<Contact, AppError> {
    let before = at_version(tx, asked.contact, asked.version).await?;
    may_act_on(tx, actor, before.person).await?;
    let mut contact = decided(tx, before.clone(), asked.decision).await?;
    if asked.author == Author::Person {
        contact.not_counted = contact.not_counted.filter(|because| !because.is_machine_made());
    }
    if contact.counts_for != before.counts_for || contact.not_counted != before.not_counted {
        read_anew(&mut contact);
    }
    contact.evidence.push(Evidence::Decision { by: actor.reference(), reason: asked.reason.clone() });
    may_act_on(tx, actor, contact.person).await?;
    contacts::set_attribution(tx, &contact).await?;
    tasks::follow_contact(tx, contact.id, contact.person).await?;
    let told = json!({
        "from": whose(&before),
        "to": whose(&contact),
        "reason": asked.reason,
    });
    happened(app, tx, actor, contact.id, ("attributed", told)).await?;
    contact.version += 1;
    settle(app, tx, contact, before.counts_for).await
}

async fn decided(tx: &Tx, mut contact: Contact, decision: Decision) -> Result<Contact, AppError> {
    let (certainty, person) = match decision {
        Decision::Own(person) => (Certainty::Confirmed, Some(person)),
        Decision::OnBehalfOf(person) => (Certainty::OnBehalf, Some(person)),
        Decision::Nobody => (Certainty::Unattributed, None),
    };
    let unknown = || AppError::invalid("/personId", "There is no such person on file.");
    let root = match person {
        Some(person) => Some(people::root(tx, person).await?.ok_or_else(unknown)?),
        None => None,
    };
    contact.person = person;
    contact.certainty = certainty;
    contact.counts_for = root.filter(|_| certainty.counts());
    contact.not_counted = match (contact.not_counted, certainty) {
        (Some(NotCounted::SuspectedSpoof | NotCounted::OnBehalf) | None, Certainty::OnBehalf) => {
            Some(NotCounted::OnBehalf)
        }
        (Some(NotCounted::SuspectedSpoof | NotCounted::OnBehalf) | None, _) => None,
        (machine_made, _) => machine_made,
    };
    Ok(contact)
}

/// Whatever was done with it was done to another's contact. What a person released or closed stays so; no answer to the
/// seven questions is owed for a breach that was not theirs.
fn read_anew(contact: &mut Contact) {
    contact.ticks_owed = false;
    if contact.handling == Handling::Read && contact.place != Place::Released {
        contact.handling = Handling::Open;
    }
}

fn whose(contact: &Contact) -> Value {
    json!({ "person": contact.person, "attribution": contact.certainty, "notCountedBecause": contact.not_counted })
}

/// The contact as it is now, if it is still the one the person saw.
pub(super) async fn at_version(tx: &Tx, id: ContactId, version: Option<i64>) -> Result<Contact, AppError> {
    let contact = contacts::find(tx, id).await?.ok_or(AppError::NotFound)?;
    match version {
        Some(expected) if expected != contact.version => {
            Err(AppError::StaleVersion { expected, found: contact.version })
        }
        Some(_) | None => Ok(contact),
    }
}

pub(super) async fn happened(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    contact: ContactId,
    (kind, data): (&str, Value),
) -> Result<(), StoreError> {
    let data = under_the_policy(app, actor, data);
    let event = NewEvent { id: app.new_id(), at: app.now(), actor: actor.reference(), kind: kind.to_owned(), data };
    events::append_next(tx, vec![(Stream::Contact, contact.as_uuid(), vec![event])]).await?;
    Ok(())
}

/// Measures everybody a changed contact counted or counts for anew, from its own time on, and answers it as it is then.
pub(super) async fn settle(
    app: &App,
    tx: &Tx,
    mut contact: Contact,
    counted_for: Option<PersonId>,
) -> Result<Contact, AppError> {
    let touched: Vec<PersonId> = [counted_for, contact.counts_for].into_iter().flatten().collect();
    Box::pin(remeasure::remeasure(app, tx, &touched, Some(contact.received_at))).await?;
    match contact.counts_for {
        Some(person) => {
            Box::pin(nominate_by_rules(app, tx, &[(person, contact.received_at)].into())).await?;
        }
        None => {
            findings::find(app, (&[], &[]), Done::Stays, std::slice::from_mut(&mut contact));
            contacts::set_findings(tx, &[&contact]).await?;
        }
    }
    let contact = contacts::find(tx, contact.id).await?.ok_or(AppError::NotFound)?;
    reading::ask_again(app, tx, &[&contact]).await?;
    Ok(contact)
}
