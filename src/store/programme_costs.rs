//! What the programme costs, and what repeat calls are estimated to: whole numbers, with how each was arrived at.

use super::{StoreError, without_nul};
use crate::domain::ids::{Id, OfficerId, ProgrammeCostId};
use chrono::{DateTime, NaiveDate, Utc};
use entities::programme_costs::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgrammeCost {
    pub id: ProgrammeCostId,
    /// backfill, staffing, denied_service or demand.
    pub kind: String,
    pub amount: i64,
    /// pence, minutes or calls.
    pub unit: String,
    /// Both days included.
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// estimate or known.
    pub certainty: String,
    pub how: String,
    pub entered: (OfficerId, DateTime<Utc>),
    pub withdrawn_at: Option<DateTime<Utc>>,
}

pub async fn insert(db: &impl ConnectionTrait, cost: &ProgrammeCost) -> Result<(), StoreError> {
    let row = ActiveModel {
        id: Set(cost.id.as_uuid()),
        kind: Set(cost.kind.clone()),
        amount: Set(cost.amount),
        unit: Set(cost.unit.clone()),
        from_date: Set(cost.from),
        to_date: Set(cost.to),
        certainty: Set(cost.certainty.clone()),
        how: Set(without_nul(cost.how.clone())),
        entered_by: Set(cost.entered.0.as_uuid()),
        entered_at: Set(cost.entered.1),
        withdrawn_by: Set(None),
        withdrawn_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Those that stand, by the day they begin.
pub async fn standing(db: &impl ConnectionTrait) -> Result<Vec<ProgrammeCost>, StoreError> {
    let found = Entity::find().filter(Column::WithdrawnAt.is_null()).order_by_asc(Column::FromDate);
    Ok(found.order_by_asc(Column::Id).all(db).await?.into_iter().map(read).collect())
}

/// An entry that was wrong counts no more. `false` where it did not before.
pub async fn withdraw(
    db: &impl ConnectionTrait,
    id: ProgrammeCostId,
    (by, at): (OfficerId, DateTime<Utc>),
) -> Result<bool, StoreError> {
    let change =
        ActiveModel { withdrawn_by: Set(Some(by.as_uuid())), withdrawn_at: Set(Some(at)), ..Default::default() };
    let stands = Entity::update_many().filter(Column::Id.eq(id.as_uuid())).filter(Column::WithdrawnAt.is_null());
    Ok(stands.set(change).exec(db).await?.rows_affected == 1)
}

fn read(row: Model) -> ProgrammeCost {
    ProgrammeCost {
        id: Id::from_uuid(row.id),
        kind: row.kind,
        amount: row.amount,
        unit: row.unit,
        from: row.from_date,
        to: row.to_date,
        certainty: row.certainty,
        how: row.how,
        entered: (Id::from_uuid(row.entered_by), row.entered_at),
        withdrawn_at: row.withdrawn_at,
    }
}
