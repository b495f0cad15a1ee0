//! Whom a list of callers is hidden from.

use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::domain::ids::PersonId;
use crate::store::case_facts;
use std::collections::BTreeSet;

/// Who complained about the reader: whoever an officer said to be one of them is not shown to the reader.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hidden(BTreeSet<PersonId>);

impl Hidden {
    pub(crate) fn hides(&self, person: Option<PersonId>) -> bool {
        person.is_some_and(|person| self.0.contains(&person))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn people(&self) -> Vec<PersonId> {
        self.0.iter().copied().collect()
    }
}

/// Who is hidden from this reader.
///
/// # Errors
/// What the store says.
pub(crate) async fn hidden_from(app: &App, actor: &Actor) -> Result<Hidden, AppError> {
    let Some(officer) = actor.officer() else { return Ok(Hidden::default()) };
    let people = case_facts::people_complaining_about(app.store.reader(), officer.id).await?;
    Ok(Hidden(people.into_iter().collect()))
}
