//! A power lent by one officer to another for some days.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delegations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who may act.
    pub officer_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub workflow: String,
    pub from_date: Date,
    /// The last day, inclusive.
    pub to_date: Date,
    pub granted_by: Uuid,
    pub granted_at: DateTimeUtc,
    pub revoked_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
