//! Whom a list of callers is hidden from, and who is written down as having seen it.

use crate::app::{App, AppError, Shown, log_disclosures, log_list};
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

/// Writes down who was shown these: a list for an officer, a disclosure for another system, to it by name.
///
/// # Errors
/// Where it cannot be written down; nothing is shown then.
pub(crate) async fn log_callers(app: &App, actor: &Actor, object: &str, shown: &[Shown]) -> Result<(), AppError> {
    match actor {
        Actor::System(system) => {
            let given: Vec<_> = shown.iter().map(|shown| shown.id()).collect();
            log_disclosures(app, actor, (object, &system.name), &given).await
        }
        Actor::Officer(_) | Actor::Clock | Actor::Software => log_list(app, actor, object, shown).await,
    }
}
