//! Fresh contacts come in: measured, placed, stored, and the people who reach a nomination rule by them put on the list.

use super::history::{Histories, Later};
use super::{reading, remeasure};
use crate::app::nominations::nominate_by_rules;
use crate::app::{App, AppError};
use crate::domain::access::ActorRef;
use crate::domain::ids::PersonId;
use crate::store::Tx;
use crate::store::contacts::{self, Contact};
use crate::store::events::{self, Append, NewEvent, Stream};
use crate::store::nominations::Nomination;
use chrono::{DateTime, Utc};
use serde_json::json;
use std::collections::BTreeMap;

/// What became of fresh contacts.
#[derive(Debug)]
pub struct Admitted {
    /// As stored, in the order given.
    pub contacts: Vec<Contact>,
    /// Raised by rules on the way.
    pub nominations: Vec<Nomination>,
}

/// Stores contacts that were recorded for the first time; everything but verdict and place is already decided about
/// them (`counts_for` names people after merges). Contacts of any number of people, in any order; a handful of
/// statements for all of them.
///
/// # Errors
/// `Duplicate` when another system's name for one of them is taken.
pub async fn admit(app: &App, tx: &Tx, actor: ActorRef, fresh: Vec<Contact>) -> Result<Admitted, AppError> {
    let mut from: BTreeMap<PersonId, DateTime<Utc>> = BTreeMap::new();
    for (person, at) in fresh.iter().filter_map(|contact| Some((contact.counts_for?, contact.received_at))) {
        from.entry(person).and_modify(|earliest| *earliest = at.min(*earliest)).or_insert(at);
    }
    let (contacts, changes) = Histories::load(tx, &from, Later::OfLimited).await?.measure(app, fresh);
    // The history is put into words while the database is busy with the contacts.
    let kept = Box::pin(contacts::insert_many(tx, &contacts));
    let told = Box::pin(async {
        events::append_many(tx, contacts.iter().map(|contact| recorded(app, actor, contact)).collect()).await
    });
    tokio::try_join!(kept, told)?;
    reading::ask(app, tx, &contacts.iter().collect::<Vec<_>>()).await?;
    Box::pin(remeasure::write(app, tx, changes)).await?;
    let nominations = Box::pin(nominate_by_rules(app, tx, &from)).await?;
    Ok(Admitted { contacts, nominations })
}

fn recorded(app: &App, actor: ActorRef, contact: &Contact) -> Append {
    let event = NewEvent {
        id: app.new_id(),
        at: contact.recorded_at,
        actor,
        kind: "recorded".to_owned(),
        data: json!({
            "channel": contact.channel,
            "receivedAt": contact.received_at,
            "mail": contact.mail,
            "person": contact.person,
            "attribution": contact.certainty,
            "evidence": contact.evidence,
            "notCountedBecause": contact.not_counted,
            "flags": contact.flags,
            "verdict": contact.verdict,
            "place": contact.place,
            "readDueAt": contact.read_due_at,
        }),
    };
    Append { stream: Stream::Contact, stream_id: contact.id.as_uuid(), expected_seq: 0, events: vec![event] }
}
