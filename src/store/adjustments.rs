//! Reasonable adjustments to keep to when dealing with a person.

use super::page::once;
use super::people::uuids;
use super::{StoreError, without_nul};
use crate::domain::access::ActorRef;
use crate::domain::ids::{AdjustmentId, Id, PersonId};
use chrono::{DateTime, NaiveDate, Utc};
use entities::adjustments::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjustment {
    pub id: AdjustmentId,
    pub person: PersonId,
    /// `large_print`, `interpreter`, `advocate`, …: the force's own words.
    pub kind: String,
    pub detail: String,
    /// First day, London.
    pub since: NaiveDate,
    pub review_on: Option<NaiveDate>,
    /// The first day on which it no longer holds.
    pub ended_on: Option<NaiveDate>,
    pub recorded_by: ActorRef,
    pub recorded_at: DateTime<Utc>,
}

impl Adjustment {
    pub fn in_force(&self, day: NaiveDate) -> bool {
        self.since <= day && self.ended_on.is_none_or(|end| day < end)
    }
}

/// Every adjustment ever recorded for these people, oldest first.
pub async fn of_people(db: &impl ConnectionTrait, people: &[PersonId]) -> Result<Vec<Adjustment>, StoreError> {
    let rows = Entity::find().filter(Column::PersonId.is_in(uuids(people))).order_by_asc(Column::Id);
    let ask = async { rows.all(db).await?.into_iter().map(read).collect() };
    once("adjustments::of_people", uuids(people), ask).await
}

pub async fn find(db: &impl ConnectionTrait, id: AdjustmentId) -> Result<Option<Adjustment>, StoreError> {
    Entity::find_by_id(id.as_uuid()).one(db).await?.map(read).transpose()
}

pub async fn insert(db: &impl ConnectionTrait, adjustment: &Adjustment) -> Result<(), StoreError> {
    let row = ActiveModel {
        id: Set(adjustment.id.as_uuid()),
        person_id: Set(adjustment.person.as_uuid()),
        kind: Set(without_nul(adjustment.kind.clone())),
        detail: Set(without_nul(adjustment.detail.clone())),
        since: Set(adjustment.since),
        review_on: Set(adjustment.review_on),
        ended_on: Set(adjustment.ended_on),
        recorded_by: Set(json!(adjustment.recorded_by)),
        recorded_at: Set(adjustment.recorded_at),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// `false` when it had ended before.
pub async fn end(db: &impl ConnectionTrait, id: AdjustmentId, on: NaiveDate) -> Result<bool, StoreError> {
    let change = ActiveModel { ended_on: Set(Some(on)), ..Default::default() };
    let live = Entity::update_many().filter(Column::Id.eq(id.as_uuid())).filter(Column::EndedOn.is_null());
    Ok(live.set(change).exec(db).await?.rows_affected == 1)
}

fn read(row: Model) -> Result<Adjustment, StoreError> {
    let recorded_by = serde_json::from_value(row.recorded_by);
    Ok(Adjustment {
        id: Id::from_uuid(row.id),
        person: Id::from_uuid(row.person_id),
        kind: row.kind,
        detail: row.detail,
        since: row.since,
        review_on: row.review_on,
        ended_on: row.ended_on,
        recorded_by: recorded_by.map_err(|_unreadable| StoreError::Corrupt { what: "who recorded an adjustment" })?,
        recorded_at: row.recorded_at,
    })
}
