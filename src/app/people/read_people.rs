//! People as those who keep or audit the file see them. Every look is written down.

use super::create_person::MAY_KEEP_PEOPLE;
use super::hidden::may_see;
use super::view::PersonView;
use crate::app::{App, AppError, Shown, log_reading, log_search, rights};
use crate::domain::access::{Actor, Role};
use crate::domain::ids::PersonId;
use crate::domain::person::{IdentifierKind, normalise};
use crate::store::people::{self, Person};
use crate::store::{case_facts, identifiers};
use sea_orm::ConnectionTrait;
use std::collections::BTreeSet;

pub(super) const MAY_READ_PEOPLE: [Role; 8] = [
    MAY_KEEP_PEOPLE[0],
    MAY_KEEP_PEOPLE[1],
    MAY_KEEP_PEOPLE[2],
    MAY_KEEP_PEOPLE[3],
    MAY_KEEP_PEOPLE[4],
    Role::AppropriateAuthority,
    Role::Records,
    Role::Auditor,
];

const MOST_FOUND: u64 = 50;

/// The person; for a record that was merged, the person it turned out to be.
///
/// # Errors
/// `Refused`; `NotFound`.
pub async fn find_person(app: &App, actor: &Actor, id: PersonId) -> Result<PersonView, AppError> {
    rights::officer_with(actor, &MAY_READ_PEOPLE)?;
    let db = app.store.reader();
    let root = people::root(db, id).await?.ok_or(AppError::NotFound)?;
    may_see(db, actor, Some(root)).await?;
    let person = people::find(db, root).await?.ok_or(AppError::NotFound)?;
    let view = PersonView::load(app, db, &person).await?;
    log_reading(app, actor, "person", Some(root.as_uuid())).await?;
    Ok(view)
}

/// In order of their ids, after `after`; merged records are seen in the person they turned out to be.
///
/// # Errors
/// `Refused`.
pub async fn list_people(
    app: &App,
    actor: &Actor,
    after: Option<PersonId>,
    most: u64,
) -> Result<Vec<PersonView>, AppError> {
    rights::officer_with(actor, &MAY_READ_PEOPLE)?;
    let hidden = hidden(app, actor).await?;
    let listed = people::list(app.store.reader(), &hidden, after, most).await?;
    views(app, actor, listed).await
}

/// What to look for; everything given has to match.
#[derive(Clone, Debug, Default)]
pub struct Searched {
    /// A part of the name, or the whole reference; at least three characters.
    pub text: Option<String>,
    pub identifier: Option<(IdentifierKind, String)>,
}

/// At most 50.
///
/// # Errors
/// `Refused`; `Invalid` with nothing to look for.
pub async fn search_people(app: &App, actor: &Actor, searched: Searched) -> Result<Vec<PersonView>, AppError> {
    rights::officer_with(actor, &MAY_READ_PEOPLE)?;
    let db = app.store.reader();
    let found = found_ids(db, &searched, MOST_FOUND).await?;
    let hidden = hidden(app, actor).await?;
    let found: Vec<PersonId> = found.into_iter().filter(|person| !hidden.contains(person)).collect();
    let found = people::with_ids(db, &found, MOST_FOUND).await?;
    views(app, actor, found).await
}

/// Who fits what is looked for, after merges; by a text at most `most`.
///
/// # Errors
/// `Invalid` with nothing to look for.
pub(super) async fn found_ids(
    db: &impl ConnectionTrait,
    searched: &Searched,
    most: u64,
) -> Result<BTreeSet<PersonId>, AppError> {
    let by_text = match searched.text.as_deref().map(str::trim) {
        Some(text) if text.chars().count() < 3 => {
            return Err(AppError::invalid("/text", "Search for at least three characters."));
        }
        Some(text) => Some(roots(&people::search(db, text, None, most).await?)),
        None => None,
    };
    let by_identifier = match &searched.identifier {
        Some((kind, value)) => {
            let kind = *kind;
            let value = normalise(kind, value)
                .map_err(|fault| AppError::invalid("/value", format!("As a {kind}, {fault}.")))?;
            let holders = identifiers::holders(db, kind, &[value]).await?;
            Some(holders.into_values().flatten().map(|holder| holder.person).collect::<BTreeSet<_>>())
        }
        None => None,
    };
    Ok(match (by_text, by_identifier) {
        (Some(one), Some(other)) => one.intersection(&other).copied().collect(),
        (Some(only), None) | (None, Some(only)) => only,
        (None, None) => return Err(AppError::invalid("", "Say what to search for: text or an identifier.")),
    })
}

fn roots(people: &[Person]) -> BTreeSet<PersonId> {
    people.iter().map(Person::root).collect()
}

/// Who complained about the reader.
pub(super) async fn hidden(app: &App, actor: &Actor) -> Result<Vec<PersonId>, AppError> {
    match actor.officer() {
        Some(officer) => Ok(case_facts::people_complaining_about(app.store.reader(), officer.id).await?),
        None => Ok(Vec::new()),
    }
}

async fn views(app: &App, actor: &Actor, people: Vec<Person>) -> Result<Vec<PersonView>, AppError> {
    let db = app.store.reader();
    let mut views = Vec::new();
    for person in people {
        views.push(PersonView::load(app, db, &person).await?);
    }
    let shown: Vec<Shown> = views.iter().map(|view| Shown::itself(view.id.as_uuid())).collect();
    log_search(app, actor, "person", &shown).await?;
    Ok(views)
}
