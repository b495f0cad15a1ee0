//! What people on file are called, for lists that name them beside something else. The list itself writes down who looked.

use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::domain::ids::PersonId;
use crate::store::{case_facts, people};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A person in a row about something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Named {
    pub full_name: String,
    pub reference: String,
}

/// The names of these people by id; without those who complained about the reader.
///
/// # Errors
/// When the database cannot be read.
pub async fn names_of(app: &App, actor: &Actor, ids: &[PersonId]) -> Result<BTreeMap<PersonId, Named>, AppError> {
    let db = app.store.reader();
    let hidden = match actor.officer() {
        Some(officer) => case_facts::people_complaining_about(db, officer.id).await?,
        None => Vec::new(),
    };
    let shown: BTreeSet<PersonId> = ids.iter().copied().filter(|id| !hidden.contains(id)).collect();
    let shown: Vec<PersonId> = shown.into_iter().collect();
    let found = people::with_ids(db, &shown, shown.len() as u64).await?;
    let named =
        |person: people::Person| (person.id, Named { full_name: person.full_name, reference: person.reference });
    Ok(found.into_iter().map(named).collect())
}
