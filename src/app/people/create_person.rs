//! A service user is put on file.

use super::identifiers::{NewIdentifier, recognise_in};
use super::view::PersonView;
use crate::app::policy::under_the_policy;
use crate::app::{App, AppError, FieldFault, rights};
use crate::domain::access::{Actor, Role};
use crate::domain::ids::PersonId;
use crate::domain::person::{Confidence, HolderRole, IdentifierKind};
use crate::store::events::{self, NewEvent, Stream};
use crate::store::people::{self, Person};
use crate::store::{StoreError, Tx};
use chrono::NaiveDate;
use serde_json::{Value, json};

/// Who keeps the file of service users.
pub(super) const MAY_KEEP_PEOPLE: [Role; 5] =
    [Role::PsdStaff, Role::PsdSupervisor, Role::Spoc, Role::Chair, Role::Coordinator];

#[derive(Clone, Debug)]
pub struct NewPerson {
    /// The department's own; one a person.
    pub reference: String,
    pub full_name: String,
    pub date_of_birth: Option<NaiveDate>,
    pub targeted_victim: bool,
    pub vulnerability: Vec<String>,
}

/// With an address they are said to write from, where somebody knows one: a person of ours has still to confirm it before
/// mail from it counts as theirs. Both are kept, or neither.
///
/// # Errors
/// `Refused`; `Invalid` without reference or name, for a reference that is taken, or at `/email` for what is no address.
pub async fn create_person(
    app: &App,
    actor: &Actor,
    new: NewPerson,
    email: Option<String>,
) -> Result<PersonView, AppError> {
    rights::officer_with(actor, &MAY_KEEP_PEOPLE)?;
    let (inner, actor) = (app.clone(), actor.clone());
    let created = app.store.write(async move |tx| {
        let id = create_person_in(&inner, tx, &actor, new).await?;
        if let Some(email) = email {
            writes_from(&inner, tx, &actor, (id, email)).await?;
        }
        let person = people::find(tx, id).await?.ok_or(AppError::NotFound)?;
        Ok::<_, AppError>(PersonView::load(&inner, tx, &person).await?)
    });
    Ok(created.await?)
}

async fn writes_from(app: &App, tx: &Tx, actor: &Actor, (person, email): (PersonId, String)) -> Result<(), AppError> {
    let address = NewIdentifier {
        kind: IdentifierKind::Email,
        value: email,
        role: HolderRole::Own,
        confidence: Confidence::Claimed,
        source: "Given when they were put on file".to_owned(),
    };
    match recognise_in(app, tx, actor, (person, address)).await {
        Err(AppError::Invalid(faults)) => {
            let at_email = faults.into_iter().map(|fault| FieldFault { pointer: "/email".to_owned(), ..fault });
            Err(AppError::Invalid(at_email.collect()))
        }
        known => known.map(drop),
    }
}

/// The same as a part of something larger.
///
/// # Errors
/// As alone.
pub(crate) async fn create_person_in(app: &App, tx: &Tx, actor: &Actor, new: NewPerson) -> Result<PersonId, AppError> {
    rights::officer_with(actor, &MAY_KEEP_PEOPLE)?;
    let person = Person {
        id: app.new_id(),
        reference: required("/reference", &new.reference)?,
        full_name: required("/fullName", &new.full_name)?,
        date_of_birth: new.date_of_birth,
        targeted_victim: new.targeted_victim,
        vulnerability: new.vulnerability,
        merged_into: None,
        version: 1,
        created_at: app.now(),
    };
    let known = people::with_references(tx, std::slice::from_ref(&person.reference)).await?;
    if !known.is_empty() {
        return Err(AppError::invalid("/reference", "This reference is taken."));
    }
    people::insert_many(tx, std::slice::from_ref(&person)).await?;
    happened(app, tx, actor, person.id, ("created", json!({ "reference": person.reference }))).await?;
    Ok(person.id)
}

pub(super) fn required(pointer: &str, text: &str) -> Result<String, AppError> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.chars().count() {
        0 => Err(AppError::invalid(pointer, "This is needed.")),
        1..=500 => Ok(crate::store::without_nul(text)),
        _ => Err(AppError::invalid(pointer, "This has more than 500 characters.")),
    }
}

/// Writes down what happened to a person, at the end of their stream.
pub(super) async fn happened(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    person: PersonId,
    (kind, data): (&str, Value),
) -> Result<(), StoreError> {
    let data = under_the_policy(app, actor, data);
    let event = NewEvent { id: app.new_id(), at: app.now(), actor: actor.reference(), kind: kind.to_owned(), data };
    events::append_next(tx, vec![(Stream::Person, person.as_uuid(), vec![event])]).await?;
    Ok(())
}
