//! A person decides whose a contact is, with a reason. Everybody it counted or counts for is measured anew.

use super::findings::{self, Done};
use super::{reading, remeasure};
use crate::app::nominations::nominate_by_rules;
use crate::app::people::may_act_on;
use crate::app::policy::under_the_policy;
use crate::app::{App, AppError, rights};
use crate::domain::access::{Actor, Role};
use crate::domain::attribution::{Certainty, Evidence};
use crate::domain::case::Refusal;
use crate::domain::contact::{NotCounted, Place};
use crate::domain::ids::{CaseId, ContactId, PersonId};
use crate::store::contacts::{self, Contact, Handling};
use crate::store::events::{self, NewEvent, Stream};
use crate::store::{StoreError, Tx, people, tasks};
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Who may triage, attribute, merge and read held mail.
pub(super) const MAY_TRIAGE: [Role; 4] = [Role::PsdStaff, Role::PsdSupervisor, Role::Spoc, Role::Chair];

/// The task that asks whose a mail is that answers a case its sender takes no part in.
pub(crate) const DECIDE_WHOSE_MAIL: &str = "decide_whose_mail";

#[derive(Clone, Debug)]
pub struct Attributing {
    pub contact: ContactId,
    /// The version the person saw; `None`: whatever it is.
    pub version: Option<i64>,
    pub decision: Decision,
    pub author: Author,
    pub joins: Joins,
    pub reason: String,
}

/// Where a mail lies that answers one of ours, and whose sender took no part in its case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joins {
    /// Where it lay.
    Stays,
    /// With the case whose mail it answers, because the person who decides says so.
    ItsCase,
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
/// unknown person; `no-case-to-join`.
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
    if asked.joins == Joins::ItsCase {
        contact.case = Some(asked_about(tx, contact.id).await?);
        contacts::set_case(tx, contact.id, contact.case).await?;
    }
    contacts::set_attribution(tx, &contact).await?;
    tasks::follow_contact(tx, contact.id, contact.person).await?;
    settle_question(app, tx, actor, contact.id).await?;
    let told = json!({
        "from": whose(&before),
        "to": whose(&contact),
        "reason": asked.reason,
        "joined": contact.case.filter(|_| asked.joins == Joins::ItsCase),
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

/// An officer who heard them said whose a contact is that was nobody's. One that is somebody's stays so.
///
/// # Errors
/// What the store says.
pub(crate) async fn is_theirs(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (contact, person): (ContactId, PersonId),
    reason: &str,
) -> Result<(), AppError> {
    let mut nobodys = contacts::with_ids(tx, &[contact]).await?;
    nobodys.retain(|contact| contact.person.is_none() && contact.counts_for.is_none());
    attribute_together(app, tx, actor, (nobodys, Decision::Own(person)), reason).await
}

/// Decides the same about several contacts in one go: everybody touched is measured once.
///
/// # Errors
/// As for one; the caller has asked for the right to.
pub(super) async fn attribute_together(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (contacts, decision): (Vec<Contact>, Decision),
    reason: &str,
) -> Result<(), AppError> {
    let mut touched: BTreeMap<PersonId, DateTime<Utc>> = BTreeMap::new();
    let mut ids = Vec::with_capacity(contacts.len());
    for before in contacts {
        may_act_on(tx, actor, before.person).await?;
        let mut contact = decided(tx, before.clone(), decision).await?;
        if contact.counts_for != before.counts_for {
            read_anew(&mut contact);
        }
        contact.evidence.push(Evidence::Decision { by: actor.reference(), reason: reason.to_owned() });
        contacts::set_attribution(tx, &contact).await?;
        tasks::follow_contact(tx, contact.id, contact.person).await?;
        settle_question(app, tx, actor, contact.id).await?;
        let told = json!({ "from": whose(&before), "to": whose(&contact), "reason": reason });
        happened(app, tx, actor, contact.id, ("attributed", told)).await?;
        for person in [before.counts_for, contact.counts_for].into_iter().flatten() {
            touched.entry(person).and_modify(|at| *at = contact.received_at.min(*at)).or_insert(contact.received_at);
        }
        ids.push(contact.id);
    }
    let from = touched.values().min().copied();
    let people: Vec<PersonId> = touched.keys().copied().collect();
    if !touched.is_empty() {
        Box::pin(remeasure::remeasure(app, tx, &people, from)).await?;
        Box::pin(nominate_by_rules(app, tx, &touched)).await?;
    }
    let mut found = contacts::with_ids(tx, &ids).await?;
    let nobodys: Vec<&mut Contact> = found.iter_mut().filter(|contact| contact.counts_for.is_none()).collect();
    for contact in nobodys {
        findings::find(app, (&[], &[]), Done::Stays, std::slice::from_mut(contact));
        contacts::set_findings(tx, &[&*contact]).await?;
    }
    Ok(reading::ask_again(app, tx, &found.iter().collect::<Vec<_>>()).await?)
}

/// Whose mail it is was asked, and is answered now.
async fn settle_question(app: &App, tx: &Tx, actor: &Actor, contact: ContactId) -> Result<(), StoreError> {
    let asked = tasks::of_contacts(&[contact], &[DECIDE_WHOSE_MAIL]);
    tasks::settle(tx, asked, actor.officer().map(|officer| officer.id), app.now()).await.map(drop)
}

/// The case whose mail a contact answers, though its sender took no part in it: what was asked a person about.
async fn asked_about(tx: &Tx, contact: ContactId) -> Result<CaseId, AppError> {
    let asked = tasks::on_contact(tx, contact).await?.into_iter().find(|task| task.kind == DECIDE_WHOSE_MAIL);
    let case = asked.and_then(|task| task.case_id).map(CaseId::from_uuid);
    let message = "It answers no mail of a case that it does not lie with already.";
    case.ok_or_else(|| Refusal::conflict("no-case-to-join", message).into())
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
pub(super) async fn at_version(
    db: &impl ConnectionTrait,
    id: ContactId,
    version: Option<i64>,
) -> Result<Contact, AppError> {
    let contact = contacts::find(db, id).await?.ok_or(AppError::NotFound)?;
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
