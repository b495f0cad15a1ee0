//! What mail servers reported of our mails, recipient by recipient.

use crate::domain::correspondence::bounce::Outcome;
use crate::domain::ids::OutgoingId;
use crate::store::{StoreError, without_nul};
use entities::delivery_reports::{Column, Entity};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

pub use entities::delivery_reports::Model as ReportRow;

/// Writes down reports, in one statement.
pub async fn insert(tx: &impl ConnectionTrait, reports: Vec<ReportRow>) -> Result<(), StoreError> {
    if reports.is_empty() {
        return Ok(());
    }
    let row = |row: ReportRow| ReportRow {
        recipient: without_nul(row.recipient),
        diagnostic: row.diagnostic.map(without_nul),
        ..row
    };
    let rows = reports.into_iter().map(|report| row(report).into_active_model().reset_all());
    Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

/// What was reported of these mails, the oldest first.
pub async fn of(db: &impl ConnectionTrait, mails: &[OutgoingId]) -> Result<Vec<ReportRow>, StoreError> {
    if mails.is_empty() {
        return Ok(Vec::new());
    }
    let theirs = Entity::find().filter(Column::OutgoingId.is_in(mails.iter().map(|id| id.as_uuid())));
    Ok(theirs.order_by_asc(Column::ReportedAt).order_by_asc(Column::Id).all(db).await?)
}

/// Whether somebody reported that this mail did not arrive and will not.
pub async fn failed(db: &impl ConnectionTrait, mail: OutgoingId) -> Result<bool, StoreError> {
    let reports = of(db, &[mail]).await?;
    Ok(reports.iter().any(|report| report.outcome.parse().is_ok_and(Outcome::failed)))
}
