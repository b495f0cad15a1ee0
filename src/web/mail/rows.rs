//! Contacts as rows: who, about what, since when, by when it is read, and what was found.

use super::words::{attribution, due, flag, found, way};
use crate::app::contacts::ContactView;
use crate::app::people::{Named, names_of};
use crate::app::{App, AppError, officer_names};
use crate::domain::access::Actor;
use crate::domain::attribution::Certainty;
use crate::domain::ids::PersonId;
use crate::render::pages::choice;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The rows, with the names that stand in them read at once.
pub(super) async fn rows(app: &App, actor: &Actor, contacts: &[ContactView]) -> Result<Vec<Value>, AppError> {
    let people: Vec<PersonId> = contacts.iter().filter_map(|contact| contact.person_id).collect();
    let names = names_of(app, actor, &people).await?;
    let readers = contacts.iter().filter_map(|contact| contact.read_by.as_ref()?.officer_id);
    let officers = officer_names(app, &readers.map(|id| id.as_uuid()).collect::<Vec<_>>()).await?;
    let me = actor.officer().map(|officer| officer.id.as_uuid());
    Ok(contacts.iter().map(|contact| row(app, contact, &names, (&officers, me))).collect())
}

fn row(
    app: &App,
    contact: &ContactView,
    names: &BTreeMap<PersonId, Named>,
    (officers, me): (&BTreeMap<Uuid, String>, Option<Uuid>),
) -> Value {
    let named = contact.person_id.and_then(|person| names.get(&person));
    let certain = !matches!(contact.attribution, Certainty::Unattributed | Certainty::NotApplicable);
    let who = named.filter(|_| certain).map(|named| format!("{} ({})", named.full_name, named.reference));
    let note = match contact.attribution {
        Certainty::Verified | Certainty::Confirmed | Certainty::Unattributed => None,
        Certainty::OnBehalf | Certainty::Suggested | Certainty::NotApplicable => {
            Some(attribution(contact.attribution, named.map(|named| named.full_name.as_str())))
        }
    };
    let flags: Vec<&str> = contact.flags.iter().map(|raised| flag(raised.flag)).collect();
    let adjustments: Vec<String> = contact.adjustments.iter().map(|adjustment| choice(&adjustment.kind)).collect();
    let reader = contact.read_by.as_ref().and_then(|by| match by.officer_id {
        Some(id) if Some(id.as_uuid()) == me => Some("you".to_owned()),
        Some(id) => officers.get(&id.as_uuid()).cloned(),
        None => by.role.as_deref().map(choice),
    });
    json!({
        "id": contact.id,
        "subject": subject(contact),
        "who": who.or_else(|| contact.presented.clone()).unwrap_or_else(|| "Sender not given".to_owned()),
        "note": note,
        "adjustments": adjustments.join(", "),
        "receivedAt": contact.received_at,
        "channel": way(contact.channel),
        "due": contact.read_due_at.map(|at| due(app.now(), at, !flags.is_empty())),
        "reader": reader,
        "flags": flags,
        "found": found(contact),
    })
}

/// What a contact is called where it is linked.
pub(super) fn subject(contact: &ContactView) -> String {
    let subject = contact.subject.as_deref().map(str::trim).filter(|subject| !subject.is_empty());
    subject.map_or_else(|| format!("A {} without a subject", way(contact.channel)), str::to_owned)
}
