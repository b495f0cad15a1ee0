//! The tasks of people that contacts ask for: to read what is held, to record a complaint.

use crate::app::{App, AppError};
use crate::domain::access::{Actor, Role};
use crate::domain::contact::Place;
use crate::domain::ids::{ContactId, OfficerId};
use crate::store::contacts::{Contact, Handling};
use crate::store::tasks::{self, NewTask};
use crate::store::{StoreError, Tx};
use chrono::{DateTime, Utc};

const READ_HELD: &str = "read_held";
const RECORD_COMPLAINT: &str = "record_complaint";

/// Asks for every held or quarantined contact to be read by its due time; once a contact.
pub(super) async fn ask(app: &App, tx: &Tx, contacts: impl Iterator<Item = &Contact>) -> Result<(), StoreError> {
    let waiting = contacts.filter(|contact| contact.place.needs_tick_list() && contact.handling == Handling::Open);
    let task = |contact: &Contact| NewTask {
        title: match contact.place {
            Place::Quarantine => "Read a quarantined contact and answer the seven questions".to_owned(),
            Place::Held | Place::ToRead | Place::MovedToSpoc | Place::Filed | Place::Unattributed | Place::Released => {
                "Read a held contact and answer the seven questions".to_owned()
            }
        },
        due_at: contact.read_due_at,
        ..about(app, contact, READ_HELD)
    };
    tasks::create(tx, waiting.map(task).collect()).await
}

/// Recording a complaint is a duty (PRA 2002 Sch 3): asked for once a contact, however often it is handled.
pub(super) async fn ask_for_recording(app: &App, tx: &Tx, contact: &Contact) -> Result<(), StoreError> {
    let title = "Record the complaint in a contact".to_owned();
    tasks::create(tx, vec![NewTask { title, due_at: Some(app.now()), ..about(app, contact, RECORD_COMPLAINT) }]).await
}

fn about(app: &App, contact: &Contact, kind: &'static str) -> NewTask {
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
    tasks::settle(tx, tasks::of_contact(contact, READ_HELD), officer, at).await?;
    Ok(())
}
