//! That somebody looked through the repeat callers of a month, and what they found.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "month_checks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub month: String,
    /// The whole county where there is none.
    #[sea_orm(column_type = "Text", nullable)]
    pub area: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub found: String,
    pub checked_by: Uuid,
    pub checked_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
