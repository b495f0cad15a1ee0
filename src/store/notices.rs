//! Notices as they were composed: what was shared, word for word.

use crate::domain::ids::CaseId;
use crate::store::StoreError;
use entities::notices::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

pub use entities::notices::Model as NoticeRow;

/// Keeps a notice.
pub async fn insert(tx: &impl ConnectionTrait, notice: NoticeRow) -> Result<(), StoreError> {
    let row: ActiveModel = notice.into_active_model().reset_all();
    Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// The notice composed last for a strategy.
pub async fn newest(db: &impl ConnectionTrait, case: CaseId) -> Result<Option<Model>, StoreError> {
    let of_case = Entity::find().filter(Column::CaseId.eq(case.as_uuid())).order_by_desc(Column::CreatedAt);
    Ok(of_case.one(db).await?)
}
