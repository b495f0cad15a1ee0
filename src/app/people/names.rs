//! What people on file are called, for lists that name them beside something else. The list itself writes down who looked.

use crate::app::{App, AppError, rights};
use crate::domain::access::{Actor, Role};
use crate::domain::ids::PersonId;
use crate::store::{case_facts, people};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Those who see whole cases; a point of contact asks only about their own.
const SEE_CASES: [Role; 7] = [
    Role::PsdStaff,
    Role::PsdSupervisor,
    Role::Spoc,
    Role::Chair,
    Role::AppropriateAuthority,
    Role::Records,
    Role::Auditor,
];

/// A person in a row about something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Named {
    pub full_name: String,
    pub reference: String,
}

/// The names of these people by id, for an officer who was shown something about them. Left out is whoever complained about
/// the officer; an officer who sees no whole case is told no name.
///
/// # Errors
/// `named-person-required`.
pub async fn names_of(app: &App, actor: &Actor, ids: &[PersonId]) -> Result<BTreeMap<PersonId, Named>, AppError> {
    let officer = rights::liaison(actor)?;
    if ids.is_empty() || !officer.has_any(&SEE_CASES) || officer.is_confined_to_liaison() {
        return Ok(BTreeMap::new());
    }
    let db = app.store.reader();
    let hidden = case_facts::people_complaining_about(db, officer.id).await?;
    let shown: BTreeSet<PersonId> = ids.iter().copied().filter(|id| !hidden.contains(id)).collect();
    let shown: Vec<PersonId> = shown.into_iter().collect();
    let found = people::with_ids(db, &shown, shown.len() as u64).await?;
    let named =
        |person: people::Person| (person.id, Named { full_name: person.full_name, reference: person.reference });
    Ok(found.into_iter().map(named).collect())
}
