//! A table of repeat callers of a month that was sent to a unit, and what the unit did with it.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "month_sendings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// `2026-05`.
    #[sea_orm(column_type = "Text")]
    pub month: String,
    /// opt or snt.
    #[sea_orm(column_type = "Text")]
    pub team: String,
    /// Of the whole county where there is none.
    #[sea_orm(column_type = "Text", nullable)]
    pub area: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub note: Option<String>,
    /// Of the table as a CSV file.
    #[sea_orm(column_type = "Text")]
    pub content_sha256: String,
    pub callers: i64,
    pub sent_by: Uuid,
    pub sent_at: DateTimeUtc,
    pub receipt_by: Option<Uuid>,
    pub receipt_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub action: Option<String>,
    pub action_by: Option<Uuid>,
    pub action_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
