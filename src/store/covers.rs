//! Officers who stand in for a single point of contact for some days.

use super::{StoreError, without_nul};
use crate::domain::case;
use crate::domain::ids::{CoverId, Id, OfficerId};
use chrono::{DateTime, NaiveDate, Utc};
use entities::covers::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    pub id: CoverId,
    pub spoc: OfficerId,
    /// Who stands in.
    pub by: OfficerId,
    /// First and last day, both inclusive, in London.
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub reason: String,
    pub recorded_by: OfficerId,
    pub recorded_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
}

pub async fn insert(db: &impl ConnectionTrait, cover: &Cover) -> Result<(), StoreError> {
    let row = ActiveModel {
        id: Set(cover.id.as_uuid()),
        spoc_id: Set(cover.spoc.as_uuid()),
        by_id: Set(cover.by.as_uuid()),
        from_date: Set(cover.from),
        to_date: Set(cover.to),
        reason: Set(without_nul(cover.reason.clone())),
        recorded_by: Set(cover.recorded_by.as_uuid()),
        recorded_at: Set(cover.recorded_at),
        ended_at: Set(cover.ended_at),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

pub async fn find(db: &impl ConnectionTrait, id: CoverId) -> Result<Option<Cover>, StoreError> {
    Ok(Entity::find_by_id(id.as_uuid()).one(db).await?.map(read))
}

/// From the newest back, after the id `after`.
pub async fn list(db: &impl ConnectionTrait, after: Option<CoverId>, most: u64) -> Result<Vec<Cover>, StoreError> {
    let mut query = Entity::find().order_by_desc(Column::Id).limit(most);
    if let Some(after) = after {
        query = query.filter(Column::Id.lt(after.as_uuid()));
    }
    Ok(query.all(db).await?.into_iter().map(read).collect())
}

/// Every cover an officer was ever asked to give.
pub async fn given_by(db: &impl ConnectionTrait, officer: OfficerId) -> Result<Vec<case::Cover>, StoreError> {
    let rows = Entity::find().filter(Column::ById.eq(officer.as_uuid())).all(db).await?;
    let cover = |row: Model| case::Cover {
        spoc: Id::from_uuid(row.spoc_id),
        from: row.from_date,
        to: row.to_date,
        ended_at: row.ended_at,
    };
    Ok(rows.into_iter().map(cover).collect())
}

/// Covers for any of these officers that hold on a day and were not ended.
pub async fn of_absent(
    db: &impl ConnectionTrait,
    officers: &[OfficerId],
    day: NaiveDate,
) -> Result<Vec<Cover>, StoreError> {
    let for_them = Entity::find().filter(Column::SpocId.is_in(officers.iter().map(|officer| officer.as_uuid())));
    let now =
        for_them.filter(Column::EndedAt.is_null()).filter(Column::FromDate.lte(day)).filter(Column::ToDate.gte(day));
    Ok(now.order_by_asc(Column::Id).all(db).await?.into_iter().map(read).collect())
}

/// Ends it now. What was done under it stays done. `false` when it was ended before.
pub async fn end(db: &impl ConnectionTrait, id: CoverId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let change = ActiveModel { ended_at: Set(Some(now)), ..Default::default() };
    let open = Entity::update_many().filter(Column::Id.eq(id.as_uuid())).filter(Column::EndedAt.is_null());
    Ok(open.set(change).exec(db).await?.rows_affected == 1)
}

fn read(row: Model) -> Cover {
    Cover {
        id: Id::from_uuid(row.id),
        spoc: Id::from_uuid(row.spoc_id),
        by: Id::from_uuid(row.by_id),
        from: row.from_date,
        to: row.to_date,
        reason: row.reason,
        recorded_by: Id::from_uuid(row.recorded_by),
        recorded_at: row.recorded_at,
        ended_at: row.ended_at,
    }
}
