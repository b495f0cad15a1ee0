//! Powers lent by one officer to another for some days: who may sign what, and when.

use super::StoreError;
use crate::domain::ids::{DelegationId, Id, OfficerId};
use chrono::{DateTime, NaiveDate, Utc};
use entities::delegations::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delegation {
    pub id: DelegationId,
    /// Who may act.
    pub officer: OfficerId,
    /// The key of the workflow it is for.
    pub workflow: String,
    /// First and last day, both inclusive, in London.
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub granted_by: OfficerId,
    pub granted_at: DateTime<Utc>,
    pub revoked_at: Option<DateTime<Utc>>,
}

pub async fn insert(db: &impl ConnectionTrait, delegation: &Delegation) -> Result<(), StoreError> {
    let row = ActiveModel {
        id: Set(delegation.id.as_uuid()),
        officer_id: Set(delegation.officer.as_uuid()),
        workflow: Set(delegation.workflow.clone()),
        from_date: Set(delegation.from),
        to_date: Set(delegation.to),
        granted_by: Set(delegation.granted_by.as_uuid()),
        granted_at: Set(delegation.granted_at),
        revoked_at: Set(delegation.revoked_at),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

pub async fn find(db: &impl ConnectionTrait, id: DelegationId) -> Result<Option<Delegation>, StoreError> {
    Ok(Entity::find_by_id(id.as_uuid()).one(db).await?.map(read))
}

/// From the newest back, after the id `after`.
pub async fn list(
    db: &impl ConnectionTrait,
    after: Option<DelegationId>,
    most: u64,
) -> Result<Vec<Delegation>, StoreError> {
    let mut query = Entity::find().order_by_desc(Column::Id).limit(most);
    if let Some(after) = after {
        query = query.filter(Column::Id.lt(after.as_uuid()));
    }
    Ok(query.all(db).await?.into_iter().map(read).collect())
}

/// The workflows for which this officer holds a delegation on `day` that nobody has revoked.
pub async fn held_on(db: &impl ConnectionTrait, officer: OfficerId, day: NaiveDate) -> Result<Vec<String>, StoreError> {
    let rows = Entity::find()
        .filter(Column::OfficerId.eq(officer.as_uuid()))
        .filter(Column::FromDate.lte(day))
        .filter(Column::ToDate.gte(day))
        .filter(Column::RevokedAt.is_null())
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| row.workflow).collect())
}

/// Ends it now. What was signed under it stays signed. `false` when it was revoked before.
pub async fn revoke(db: &impl ConnectionTrait, id: DelegationId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let change = ActiveModel { revoked_at: Set(Some(now)), ..Default::default() };
    let open = Entity::update_many().filter(Column::Id.eq(id.as_uuid())).filter(Column::RevokedAt.is_null());
    let done = open.set(change).exec(db).await?;
    Ok(done.rows_affected == 1)
}

fn read(row: Model) -> Delegation {
    Delegation {
        id: Id::from_uuid(row.id),
        officer: Id::from_uuid(row.officer_id),
        workflow: row.workflow,
        from: row.from_date,
        to: row.to_date,
        granted_by: Id::from_uuid(row.granted_by),
        granted_at: row.granted_at,
        revoked_at: row.revoked_at,
    }
}
