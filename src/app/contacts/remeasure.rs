//! Verdicts and places found anew, after anything they rest on changed: limits, attribution, flags, merges.

use super::history::{Change, Histories, Later};
use super::reading;
use crate::app::{App, AppError};
use crate::domain::access::ActorRef;
use crate::domain::ids::PersonId;
use crate::store::contacts::{self, Contact};
use crate::store::events::{self, NewEvent, Stream};
use crate::store::{Tx, people};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Measures these people's contacts received at `from` or later (`None`: all of them) anew and writes what changed,
/// with an event a person. Merged people are measured as one.
///
/// After a change of limits `from` is `None`: contacts before the limits are told about them too.
///
/// # Errors
/// What the store says.
pub(crate) async fn remeasure(
    app: &App,
    tx: &Tx,
    people: &[PersonId],
    from: Option<DateTime<Utc>>,
) -> Result<(), AppError> {
    let changes = histories(tx, people, from).await?.measure(app, Vec::new()).1;
    write(app, tx, changes).await
}

/// The same after people were found to be one, or not to be: contacts that were read as another's are held, and read
/// again, where the limits say so now.
///
/// # Errors
/// What the store says.
pub(crate) async fn remeasure_regrouped(app: &App, tx: &Tx, people: &[PersonId]) -> Result<(), AppError> {
    let changes = histories(tx, people, None).await?.regrouped().measure(app, Vec::new()).1;
    write(app, tx, changes).await
}

async fn histories(tx: &Tx, people: &[PersonId], from: Option<DateTime<Utc>>) -> Result<Histories, AppError> {
    let from = from.unwrap_or(DateTime::UNIX_EPOCH);
    let roots: BTreeSet<PersonId> = people::roots(tx, people).await?.into_values().collect();
    let from: BTreeMap<PersonId, DateTime<Utc>> = roots.into_iter().map(|root| (root, from)).collect();
    Ok(Histories::load(tx, &from, Later::All).await?)
}

/// Measures everything of one person anew, in a transaction of its own: for whoever doubts what is stored.
///
/// # Errors
/// `NotFound`; what the store says.
pub async fn recompute_person(app: &App, person: PersonId) -> Result<(), AppError> {
    let inner = app.clone();
    let done = app.store.write(async move |tx| {
        people::root(tx, person).await?.ok_or(AppError::NotFound)?;
        remeasure(&inner, tx, &[person], None).await
    });
    Ok(done.await?)
}

/// Writes what was found otherwise than it is stored.
pub(super) async fn write(app: &App, tx: &Tx, changes: Vec<Change>) -> Result<(), AppError> {
    if changes.is_empty() {
        return Ok(());
    }
    contacts::set_findings(tx, &changes.iter().map(|change| &change.found).collect::<Vec<_>>()).await?;
    reading::ask_again(app, tx, &changes.iter().map(|change| &change.found).collect::<Vec<_>>()).await?;
    let mut by_person: BTreeMap<PersonId, Vec<Value>> = BTreeMap::new();
    for change in &changes {
        by_person.entry(change.person).or_default().push(told(change));
    }
    let event = |(person, changes): (PersonId, Vec<Value>)| {
        let event = NewEvent {
            id: app.new_id(),
            at: app.now(),
            actor: ActorRef::Software,
            kind: "contacts_measured_again".to_owned(),
            data: json!({ "changes": changes }),
        };
        (Stream::Person, person.as_uuid(), vec![event])
    };
    events::append_next(tx, by_person.into_iter().map(event).collect()).await?;
    Ok(())
}

fn told(change: &Change) -> Value {
    let leading = |contact: &Contact| contact.verdict.as_ref().map(|verdict| verdict.kinds.first());
    json!({
        "contact": change.found.id,
        "from": { "verdict": leading(&change.before), "place": change.before.place },
        "to": { "verdict": leading(&change.found), "place": change.found.place },
    })
}
