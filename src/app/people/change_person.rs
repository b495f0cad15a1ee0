//! What is known of a person changes.

use super::create_person::{MAY_KEEP_PEOPLE, happened, required};
use super::hidden::may_act_on;
use super::view::PersonView;
use crate::app::{App, AppError, rights};
use crate::domain::access::{Actor, Role};
use crate::domain::ids::{CaseId, PersonId, of};
use crate::store::people::{self, Person};
use crate::store::tasks::{self, NewTask};
use crate::store::{Tx, strategies};
use chrono::NaiveDate;
use serde_json::json;

/// What is given changes; the rest stays.
#[derive(Clone, Debug, Default)]
pub struct PersonChange {
    pub full_name: Option<String>,
    /// `Some(None)`: it is not known after all.
    pub date_of_birth: Option<Option<NaiveDate>>,
    pub targeted_victim: Option<bool>,
    pub vulnerability: Option<Vec<String>>,
}

/// # Errors
/// `Refused`; `NotFound`; `StaleVersion` where the person is no longer at `version`.
pub async fn change_person(
    app: &App,
    actor: &Actor,
    (id, version): (PersonId, i64),
    change: PersonChange,
) -> Result<PersonView, AppError> {
    rights::officer_with(actor, &MAY_KEEP_PEOPLE)?;
    let (inner, actor) = (app.clone(), actor.clone());
    let changed = app.store.write(async move |tx| {
        may_act_on(tx, &actor, Some(id)).await?;
        let person = at_version(tx, id, version).await?;
        let fields = changed_fields(&change);
        let person = Person {
            full_name: change.full_name.map_or(Ok(person.full_name), |name| required("/fullName", &name))?,
            date_of_birth: change.date_of_birth.unwrap_or(person.date_of_birth),
            targeted_victim: change.targeted_victim.unwrap_or(person.targeted_victim),
            vulnerability: change.vulnerability.unwrap_or(person.vulnerability),
            ..person
        };
        people::update(tx, &person).await?;
        if change.targeted_victim == Some(true) {
            ask_about_restriction(&inner, tx, id).await?;
        }
        happened(&inner, tx, &actor, id, ("changed", json!({ "fields": fields }))).await?;
        let person = Person { version: person.version + 1, ..person };
        Ok::<_, AppError>(PersonView::load(&inner, tx, &person).await?)
    });
    Ok(changed.await?)
}

/// What the person's own record says, as a change that changes nothing. What records that were merged into it say stays
/// theirs: a merge can be reversed.
///
/// # Errors
/// As for reading the person.
pub async fn own_record(app: &App, actor: &Actor, id: PersonId) -> Result<PersonChange, AppError> {
    rights::officer_with(actor, &MAY_KEEP_PEOPLE)?;
    let db = app.store.reader();
    may_act_on(db, actor, Some(id)).await?;
    let person = people::find(db, id).await?.ok_or(AppError::NotFound)?;
    Ok(PersonChange {
        full_name: Some(person.full_name),
        date_of_birth: Some(person.date_of_birth),
        targeted_victim: Some(person.targeted_victim),
        vulnerability: Some(person.vulnerability),
    })
}

/// A case found that the person is a targeted victim. An officer takes it back as any other word on the person, by changing
/// their record.
///
/// # Errors
/// What the store says.
pub(crate) async fn keep_as_victim(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (person, case): (PersonId, CaseId),
) -> Result<(), AppError> {
    let root = people::root(tx, person).await?.unwrap_or(person);
    let Some(known) = people::find(tx, root).await?.filter(|known| !known.targeted_victim) else { return Ok(()) };
    people::update(tx, &Person { targeted_victim: true, ..known }).await?;
    ask_about_restriction(app, tx, root).await?;
    let what = json!({ "fields": ["targetedVictim"], "case": case });
    Ok(happened(app, tx, actor, root, ("changed", what)).await?)
}

/// Somebody who is restricted turns out to be a targeted victim (invariant 13): an appropriate authority lifts the
/// strategy, or records why it stands.
async fn ask_about_restriction(app: &App, tx: &Tx, person: PersonId) -> Result<(), AppError> {
    let Some(strategy) = strategies::live(tx, person).await? else { return Ok(()) };
    let ask = NewTask {
        id: app.new_id::<of::Event>().as_uuid(),
        kind: "targeted_victim",
        title: "A targeted victim is restricted: lift the strategy, or record why it stands".to_owned(),
        role: Some(Role::AppropriateAuthority.as_str().to_owned()),
        officer: None,
        case: Some(CaseId::from_uuid(strategy.case_id)),
        contact: None,
        person: Some(person),
        due_at: Some(app.now()),
        created_at: app.now(),
        cause: format!("targeted-victim:{}", strategy.case_id),
    };
    Ok(tasks::create(tx, vec![ask]).await?)
}

fn changed_fields(change: &PersonChange) -> Vec<&'static str> {
    let given = [
        ("fullName", change.full_name.is_some()),
        ("dateOfBirth", change.date_of_birth.is_some()),
        ("targetedVictim", change.targeted_victim.is_some()),
        ("vulnerability", change.vulnerability.is_some()),
    ];
    given.into_iter().filter(|(_, given)| *given).map(|(field, _)| field).collect()
}

async fn at_version(tx: &Tx, id: PersonId, version: i64) -> Result<Person, AppError> {
    let person = people::find(tx, id).await?.filter(|person| person.merged_into.is_none()).ok_or(AppError::NotFound)?;
    match person.version == version {
        true => Ok(person),
        false => Err(AppError::StaleVersion { expected: version, found: person.version }),
    }
}
