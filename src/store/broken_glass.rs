//! Cases that somebody who does not see them reads for some hours.

use super::StoreError;
use crate::domain::ids::{CaseId, OfficerId};
use chrono::{DateTime, Utc};
use entities::broken_glass::{ActiveModel, Column, Entity};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

pub async fn insert(
    db: &impl ConnectionTrait,
    id: Uuid,
    (case, officer): (CaseId, OfficerId),
    (at, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<(), StoreError> {
    let row = ActiveModel {
        id: Set(id),
        case_id: Set(case.as_uuid()),
        officer_id: Set(officer.as_uuid()),
        at: Set(at),
        until: Set(until),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Until when the officer may read the case for having broken the glass; `None` where they may not at `now`.
pub async fn broken_until(
    db: &impl ConnectionTrait,
    (case, officer): (CaseId, OfficerId),
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let found = Entity::find()
        .filter(Column::CaseId.eq(case.as_uuid()))
        .filter(Column::OfficerId.eq(officer.as_uuid()))
        .filter(Column::At.lte(now))
        .filter(Column::Until.gt(now))
        .order_by_desc(Column::Until);
    Ok(found.one(db).await?.map(|row| row.until))
}
