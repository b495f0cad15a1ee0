//! What a call taker is told of a number, a person or a place: added and ended, never changed.

use super::people::uuids;
use super::{StoreError, without_nul};
use crate::domain::access::ActorRef;
use crate::domain::calls::{MarkedOn, MarkerKind};
use crate::domain::ids::{CallerId, Id, MarkerId, PersonId};
use crate::domain::person::fold_name;
use chrono::{DateTime, NaiveDate, Utc};
use entities::caller_markers::{ActiveModel, Column, Entity, Model};
use entities::callers;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
};
use serde_json::{Value, json};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marker {
    pub id: MarkerId,
    pub kind: MarkerKind,
    pub on: MarkedOn,
    pub text: String,
    /// When somebody looks at it again.
    pub review_on: Option<NaiveDate>,
    pub added_by: ActorRef,
    pub added_at: DateTime<Utc>,
    pub ended: Option<Ended>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    pub by: ActorRef,
    pub at: DateTime<Utc>,
    pub because: String,
}

pub async fn insert(db: &impl ConnectionTrait, marker: &Marker) -> Result<(), StoreError> {
    let (caller, person, place) = match &marker.on {
        MarkedOn::Caller(caller) => (Some(*caller), None, None),
        MarkedOn::Person(person) => (None, Some(*person), None),
        MarkedOn::Place(place) => (None, None, Some(place.clone())),
    };
    let row = ActiveModel {
        id: Set(marker.id.as_uuid()),
        kind: Set(marker.kind.as_str().to_owned()),
        caller_id: Set(caller.map(CallerId::as_uuid)),
        person_id: Set(person.map(PersonId::as_uuid)),
        place_key: Set(place.as_deref().map(fold_name).map(without_nul)),
        place: Set(place.map(without_nul)),
        text: Set(without_nul(marker.text.clone())),
        review_on: Set(marker.review_on),
        added_by: Set(json!(marker.added_by)),
        added_at: Set(marker.added_at),
        ended_by: Set(None),
        ended_at: Set(None),
        ended_because: Set(None),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// `false` when it had ended before.
pub async fn end(db: &impl ConnectionTrait, id: MarkerId, ended: &Ended) -> Result<bool, StoreError> {
    let change = ActiveModel {
        ended_by: Set(Some(json!(ended.by))),
        ended_at: Set(Some(ended.at)),
        ended_because: Set(Some(without_nul(ended.because.clone()))),
        ..Default::default()
    };
    let live = Entity::update_many().filter(Column::Id.eq(id.as_uuid())).filter(Column::EndedAt.is_null());
    Ok(live.set(change).exec(db).await?.rows_affected == 1)
}

pub async fn find(db: &impl ConnectionTrait, id: MarkerId) -> Result<Option<Marker>, StoreError> {
    Entity::find_by_id(id.as_uuid()).one(db).await?.map(read).transpose()
}

/// The markers in force on any of these, and on the places these callers are known at, the oldest first, at most 100.
pub async fn in_force(
    db: &impl ConnectionTrait,
    callers: &[CallerId],
    people: &[PersonId],
    places: &[String],
) -> Result<Vec<Marker>, StoreError> {
    if callers.is_empty() && people.is_empty() && places.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = places.iter().map(|place| fold_name(place)).collect();
    let mut on = Condition::any()
        .add(Column::CallerId.is_in(uuids(callers)))
        .add(Column::PersonId.is_in(uuids(people)))
        .add(Column::PlaceKey.is_in(places));
    if !callers.is_empty() {
        let called_from = callers::Entity::find()
            .select_only()
            .column(callers::Column::PlaceKey)
            .filter(callers::Column::Id.is_in(uuids(callers)));
        on = on.add(Column::PlaceKey.in_subquery(called_from.into_query()));
    }
    let found = Entity::find().filter(on).filter(Column::EndedAt.is_null()).order_by_asc(Column::Id).limit(100);
    found.all(db).await?.into_iter().map(read).collect()
}

/// Markers in force, the latest first, at most `most`, after an id; about none of the `hidden` people.
pub async fn list(
    db: &impl ConnectionTrait,
    hidden: &[PersonId],
    after: Option<MarkerId>,
    most: u64,
) -> Result<Vec<Marker>, StoreError> {
    let mut found = listed(hidden);
    if let Some(after) = after {
        found = found.filter(Column::Id.lt(after.as_uuid()));
    }
    found.order_by_desc(Column::Id).limit(most).all(db).await?.into_iter().map(read).collect()
}

/// How many of those that [`list`] shows were to be looked at before this day.
pub async fn count_overdue(
    db: &impl ConnectionTrait,
    hidden: &[PersonId],
    today: NaiveDate,
) -> Result<u64, StoreError> {
    Ok(listed(hidden).filter(Column::ReviewOn.lt(today)).count(db).await?)
}

fn listed(hidden: &[PersonId]) -> Select<Entity> {
    let found = Entity::find().filter(Column::EndedAt.is_null());
    if hidden.is_empty() {
        return found;
    }
    found.filter(Condition::any().add(Column::PersonId.is_null()).add(Column::PersonId.is_not_in(uuids(hidden))))
}

/// Everybody and every number that has a marker in force, at most `most` of each.
pub async fn marked(db: &impl ConnectionTrait, most: u64) -> Result<(Vec<PersonId>, Vec<CallerId>), StoreError> {
    let live = |column: Column| {
        Entity::find()
            .select_only()
            .column(column)
            .distinct()
            .filter(Column::EndedAt.is_null())
            .filter(column.is_not_null())
    };
    let people: Vec<uuid::Uuid> = live(Column::PersonId).limit(most).into_tuple().all(db).await?;
    let callers: Vec<uuid::Uuid> = live(Column::CallerId).limit(most).into_tuple().all(db).await?;
    Ok((people.into_iter().map(Id::from_uuid).collect(), callers.into_iter().map(Id::from_uuid).collect()))
}

/// Every marker in force on a place, the oldest first, at most `most`.
pub async fn on_places(db: &impl ConnectionTrait, most: u64) -> Result<Vec<Marker>, StoreError> {
    let found = Entity::find().filter(Column::EndedAt.is_null()).filter(Column::PlaceKey.is_not_null());
    found.order_by_asc(Column::Id).limit(most).all(db).await?.into_iter().map(read).collect()
}

fn read(row: Model) -> Result<Marker, StoreError> {
    let corrupt = || StoreError::Corrupt { what: "a marker" };
    let actor = |by: Value| serde_json::from_value::<ActorRef>(by).map_err(|_unreadable| corrupt());
    let on = match (row.caller_id, row.person_id, row.place) {
        (Some(caller), None, None) => MarkedOn::Caller(Id::from_uuid(caller)),
        (None, Some(person), None) => MarkedOn::Person(Id::from_uuid(person)),
        (None, None, Some(place)) => MarkedOn::Place(place),
        _ => return Err(corrupt()),
    };
    let ended = match (row.ended_by.filter(|by| !by.is_null()), row.ended_at) {
        (Some(by), Some(at)) => Some(Ended { by: actor(by)?, at, because: row.ended_because.unwrap_or_default() }),
        _ => None,
    };
    Ok(Marker {
        id: Id::from_uuid(row.id),
        kind: row.kind.parse().map_err(|_unreadable| corrupt())?,
        on,
        text: row.text,
        review_on: row.review_on,
        added_by: actor(row.added_by)?,
        added_at: row.added_at,
        ended,
    })
}
