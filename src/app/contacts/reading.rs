//! The tasks of people that contacts ask for: to read what is held, flagged, moved or answered for, to tell an addressee
//! not to answer, to record a complaint.
//!
//! A contact measured against a strategy is its single point of contact's to read; where there is none who may, the
//! department's. What is asked for follows the contact: asked anew when it is held again, no longer when it is not.

use super::spocs::Spocs;
use crate::app::{App, AppError};
use crate::domain::access::{Actor, Role};
use crate::domain::contact::{NotCounted, Place};
use crate::domain::ids::{ContactId, OfficerId};
use crate::domain::strategy::VerdictKind;
use crate::store::contacts::{Contact, Handling};
use crate::store::tasks::{self, NewTask};
use crate::store::{StoreError, Tx};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

const READ_HELD: &str = "read_held";
const READ_FLAGGED: &str = "read_flagged";
const READ_MOVED: &str = "read_moved";
const READ_CLOSED_SUBJECT: &str = "read_closed_subject";
const READ_AND_REPLY: &str = "read_and_reply";
const TELL_ADDRESSEE: &str = "tell_addressee";
pub(crate) const RECORD_COMPLAINT: &str = "record_complaint";

/// Done by reading the contact, and in no other way.
pub(crate) const READING: [&str; 5] = [READ_HELD, READ_FLAGGED, READ_MOVED, READ_CLOSED_SUBJECT, READ_AND_REPLY];

/// Asks for contacts that were recorded just now to be read.
pub(super) async fn ask(app: &App, tx: &Tx, contacts: &[&Contact]) -> Result<(), StoreError> {
    let asking: Vec<(&Contact, Wanted)> =
        contacts.iter().flat_map(|contact| wanted(contact).into_iter().map(|wanted| (*contact, wanted))).collect();
    if asking.is_empty() {
        return Ok(());
    }
    let spocs = Spocs::of(tx, asking.iter().map(|(contact, _)| *contact)).await?;
    let task = |(contact, wanted): (&Contact, Wanted)| {
        let spoc = spocs.of_contact(contact).filter(|_| wanted.kind != TELL_ADDRESSEE);
        let task = NewTask { title: wanted.title, due_at: wanted.due_at, ..about(app, contact, wanted.kind) };
        to(task, spoc)
    };
    let (tell, read) = asking.into_iter().map(task).partition(|task| task.kind == TELL_ADDRESSEE);
    // Whoever was told is not told twice.
    tasks::create(tx, tell).await?;
    tasks::ask(tx, read).await
}

/// Asks for what is to be read of contacts found anew, and no longer for what is not.
pub(super) async fn ask_again(app: &App, tx: &Tx, contacts: &[&Contact]) -> Result<(), StoreError> {
    let mut unwanted: BTreeMap<&'static str, Vec<ContactId>> = BTreeMap::new();
    for contact in contacts {
        let wanted = wanted(contact);
        let kinds = READING.into_iter().chain([TELL_ADDRESSEE]);
        for kind in kinds.filter(|kind| wanted.iter().all(|wanted| wanted.kind != *kind)) {
            unwanted.entry(kind).or_default().push(contact.id);
        }
    }
    for (kind, contacts) in unwanted {
        for some in contacts.chunks(1000) {
            tasks::settle(tx, tasks::of_contacts(some, &[kind]), None, app.now()).await?;
        }
    }
    ask(app, tx, contacts).await
}

struct Wanted {
    kind: &'static str,
    title: String,
    due_at: Option<DateTime<Utc>>,
}

/// What a contact that is not closed asks of people.
fn wanted(contact: &Contact) -> Vec<Wanted> {
    if contact.handling == Handling::Closed {
        return Vec::new();
    }
    let unread = to_read(contact).filter(|_| contact.handling == Handling::Open);
    let read = unread.map(|(kind, title)| Wanted { kind, title: title.to_owned(), due_at: contact.read_due_at });
    let elsewhere = contact.verdict.as_ref().filter(|verdict| verdict.kinds.contains(VerdictKind::WrongAddressee));
    let tell = elsewhere.map(|_| Wanted {
        kind: TELL_ADDRESSEE,
        title: match &contact.addressee {
            Some(addressee) => format!("Tell {addressee} not to answer: the single point of contact does"),
            None => "Tell the addressee not to answer: the single point of contact does".to_owned(),
        },
        due_at: Some(contact.recorded_at),
    });
    read.into_iter().chain(tell).collect()
}

fn to_read(contact: &Contact) -> Option<(&'static str, &'static str)> {
    let strategy = contact.verdict.as_ref().filter(|verdict| verdict.strategy.is_some());
    let flagged = !contact.flags.is_empty() && contact.not_counted != Some(NotCounted::Duplicate);
    match contact.place {
        _ if contact.ticks_owed && contact.place == Place::Quarantine => {
            Some((READ_HELD, "Read a quarantined contact and answer the seven questions"))
        }
        _ if contact.ticks_owed => Some((READ_HELD, "Read a held contact and answer the seven questions")),
        // Its queues have tasks of their own.
        Place::Released => None,
        _ if flagged => Some((READ_FLAGGED, "Read a contact in which something urgent may stand")),
        Place::MovedToSpoc => Some((READ_MOVED, "Read a contact that was sent to somebody else, and answer it")),
        Place::Filed if contact.not_counted.is_none() => {
            Some((READ_CLOSED_SUBJECT, "Read a contact on a closed subject for anything new"))
        }
        Place::ToRead => {
            let within = strategy.is_some_and(|verdict| verdict.kinds.first() == VerdictKind::WithinLimit);
            within.then_some((READ_AND_REPLY, "Read a contact within the limits and answer it"))
        }
        Place::Held | Place::Quarantine | Place::Filed | Place::Unattributed => None,
    }
}

/// Recording a complaint is a duty (PRA 2002 Sch 3): asked for once a contact, however often it is handled.
pub(super) async fn ask_for_recording(app: &App, tx: &Tx, contact: &Contact) -> Result<(), StoreError> {
    let spocs = Spocs::of(tx, std::iter::once(contact)).await?;
    let title = "Record the complaint in a contact".to_owned();
    let task = NewTask { title, due_at: Some(app.now()), ..about(app, contact, RECORD_COMPLAINT) };
    tasks::create(tx, vec![to(task, spocs.of_contact(contact))]).await
}

fn to(task: NewTask, spoc: Option<OfficerId>) -> NewTask {
    match spoc {
        Some(spoc) => NewTask { role: None, officer: Some(spoc), ..task },
        None => task,
    }
}

/// A task about the contact, for the department, without a title yet.
pub(super) fn about(app: &App, contact: &Contact, kind: &'static str) -> NewTask {
    NewTask {
        id: app.new_id::<()>().as_uuid(),
        kind,
        title: String::new(),
        role: Some(Role::PsdStaff.as_str().to_owned()),
        officer: None,
        case: None,
        contact: Some(contact.id),
        person: contact.person,
        due_at: None,
        created_at: app.now(),
        cause: format!("{kind}:{}", contact.id),
    }
}

/// Somebody read it.
pub(super) async fn done(tx: &Tx, contact: ContactId, by: &Actor, at: DateTime<Utc>) -> Result<(), AppError> {
    let officer: Option<OfficerId> = by.officer().map(|officer| officer.id);
    tasks::settle(tx, tasks::of_contacts(&[contact], &READING), officer, at).await?;
    Ok(())
}
