//! Addresses that could not be reached, until when nothing is sent there, and why.

use crate::store::{StoreError, without_nul};
use chrono::{DateTime, Utc};
use entities::undeliverable_addresses::{Column, Entity};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use std::collections::HashMap;

pub use entities::undeliverable_addresses::Model as MarkRow;

/// Marks a normalised address. A mark that lasts longer stays as it is.
pub async fn mark(tx: &impl ConnectionTrait, mark: MarkRow) -> Result<(), StoreError> {
    let known = Entity::find_by_id(mark.address.clone()).one(tx).await?;
    if known.is_some_and(|known| known.until >= mark.until) {
        return Ok(());
    }
    let changing = [Column::Since, Column::Until, Column::OutgoingId, Column::Status, Column::Detail];
    let again = OnConflict::column(Column::Address).update_columns(changing).to_owned();
    let row = MarkRow { detail: mark.detail.map(without_nul), ..mark };
    Entity::insert(row.into_active_model().reset_all()).on_conflict(again).exec_without_returning(tx).await?;
    Ok(())
}

/// The mark that a normalised address bears at an instant; `until` itself is free again.
pub async fn mark_at(
    db: &impl ConnectionTrait,
    address: &str,
    at: DateTime<Utc>,
) -> Result<Option<MarkRow>, StoreError> {
    Ok(Entity::find_by_id(address.to_owned()).filter(Column::Until.gt(at)).one(db).await?)
}

/// The marks that these normalised addresses bear at an instant, by address.
pub async fn marks_at(
    db: &impl ConnectionTrait,
    addresses: &[String],
    at: DateTime<Utc>,
) -> Result<HashMap<String, MarkRow>, StoreError> {
    if addresses.is_empty() {
        return Ok(HashMap::new());
    }
    let marked = Entity::find().filter(Column::Address.is_in(addresses.to_vec())).filter(Column::Until.gt(at));
    Ok(marked.all(db).await?.into_iter().map(|mark| (mark.address.clone(), mark)).collect())
}

/// Takes the mark away. `false` where there is none.
pub async fn lift(tx: &impl ConnectionTrait, address: &str) -> Result<bool, StoreError> {
    let lifted = Entity::delete_by_id(address.to_owned()).exec(tx).await?;
    Ok(lifted.rows_affected > 0)
}
