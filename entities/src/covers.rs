//! One officer stands in for a single point of contact for some days.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "covers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub spoc_id: Uuid,
    /// Who stands in.
    pub by_id: Uuid,
    pub from_date: Date,
    /// The last day, inclusive.
    pub to_date: Date,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    pub recorded_by: Uuid,
    pub recorded_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
