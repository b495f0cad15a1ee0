//! Whoever calls: from a number, or under a name from a place.

use super::people::uuids;
use super::{StoreError, without_nul};
use crate::domain::calls::CallerKind;
use crate::domain::ids::{CallerId, Id, PersonId};
use crate::domain::person::fold_name;
use chrono::{DateTime, Utc};
use entities::callers::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Made of the key: the same caller is the same id in every import.
    pub id: CallerId,
    /// `tel:+44…` or `who:name|place`.
    pub key: String,
    pub kind: CallerKind,
    pub number: Option<String>,
    pub name: Option<String>,
    pub location: Option<String>,
    /// The person on file that an officer said it is.
    pub person: Option<PersonId>,
    pub noted_at: DateTime<Utc>,
}

/// Keeps those that are not kept yet.
pub async fn keep(db: &impl ConnectionTrait, callers: &[Caller]) -> Result<(), StoreError> {
    for some in callers.chunks(1000) {
        let kept = OnConflict::column(Column::Id).do_nothing().to_owned();
        Entity::insert_many(some.iter().map(write)).on_conflict(kept).exec_without_returning(db).await?;
    }
    Ok(())
}

pub async fn find(db: &impl ConnectionTrait, id: CallerId) -> Result<Option<Caller>, StoreError> {
    Entity::find_by_id(id.as_uuid()).one(db).await?.map(read).transpose()
}

pub async fn with_ids(db: &impl ConnectionTrait, ids: &[CallerId]) -> Result<Vec<Caller>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Entity::find().filter(Column::Id.is_in(uuids(ids))).all(db).await?.into_iter().map(read).collect()
}

/// Those who called under this name or from this place, whatever their case and spacing; the latest noted first.
pub async fn named(
    db: &impl ConnectionTrait,
    (name, place): (Option<&str>, Option<&str>),
    most: u64,
) -> Result<Vec<Caller>, StoreError> {
    let (name, place) = (name.map(fold_name), place.map(fold_name));
    if name.is_none() && place.is_none() {
        return Ok(Vec::new());
    }
    let either = Condition::any()
        .add_option(name.map(|name| Column::NameKey.eq(name)))
        .add_option(place.map(|place| Column::PlaceKey.eq(place)));
    let rows = Entity::find().filter(either).order_by_desc(Column::NotedAt).order_by_asc(Column::Id).limit(most);
    rows.all(db).await?.into_iter().map(read).collect()
}

/// Those an officer said are one of these people.
pub async fn of_people(db: &impl ConnectionTrait, people: &[PersonId]) -> Result<Vec<Caller>, StoreError> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::find().filter(Column::PersonId.is_in(uuids(people))).order_by_asc(Column::Id).limit(200);
    rows.all(db).await?.into_iter().map(read).collect()
}

/// What is known of a caller now.
pub async fn update(db: &impl ConnectionTrait, caller: &Caller) -> Result<(), StoreError> {
    let change = ActiveModel { id: sea_orm::ActiveValue::NotSet, ..write(caller) };
    Entity::update_many().set(change).filter(Column::Id.eq(caller.id.as_uuid())).exec(db).await?;
    Ok(())
}

/// Somebody said who on file it is; `None` takes it back.
pub async fn set_person(db: &impl ConnectionTrait, id: CallerId, person: Option<PersonId>) -> Result<(), StoreError> {
    let change = ActiveModel { person_id: Set(person.map(PersonId::as_uuid)), ..Default::default() };
    Entity::update_many().set(change).filter(Column::Id.eq(id.as_uuid())).exec(db).await?;
    Ok(())
}

fn read(row: Model) -> Result<Caller, StoreError> {
    Ok(Caller {
        id: Id::from_uuid(row.id),
        key: row.key,
        kind: row.kind.parse().map_err(|_unreadable| StoreError::Corrupt { what: "the kind of a caller" })?,
        number: row.number,
        name: row.name,
        location: row.location,
        person: row.person_id.map(Id::from_uuid),
        noted_at: row.noted_at,
    })
}

fn write(caller: &Caller) -> ActiveModel {
    ActiveModel {
        id: Set(caller.id.as_uuid()),
        key: Set(without_nul(caller.key.clone())),
        kind: Set(caller.kind.as_str().to_owned()),
        number: Set(caller.number.clone().map(without_nul)),
        name: Set(caller.name.clone().map(without_nul)),
        location: Set(caller.location.clone().map(without_nul)),
        name_key: Set(caller.name.as_deref().map(fold_name).map(without_nul)),
        place_key: Set(caller.location.as_deref().map(fold_name).map(without_nul)),
        person_id: Set(caller.person.map(PersonId::as_uuid)),
        noted_at: Set(caller.noted_at),
    }
}
