//! What the programme costs, or what repeat calls are estimated to.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "programme_costs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// backfill, staffing, denied_service or demand.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    pub amount: i64,
    /// pence, minutes or calls.
    #[sea_orm(column_type = "Text")]
    pub unit: String,
    pub from_date: Date,
    pub to_date: Date,
    /// estimate or known.
    #[sea_orm(column_type = "Text")]
    pub certainty: String,
    /// How it was arrived at.
    #[sea_orm(column_type = "Text")]
    pub how: String,
    pub entered_by: Uuid,
    pub entered_at: DateTimeUtc,
    pub withdrawn_by: Option<Uuid>,
    pub withdrawn_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
