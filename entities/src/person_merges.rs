//! Two records found to be one person, and perhaps found not to be after all.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person_merges")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kept_id: Uuid,
    pub merged_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    pub merged_by: Uuid,
    pub merged_at: DateTimeUtc,
    pub reversed_by: Option<Uuid>,
    pub reversed_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub reversal_reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
