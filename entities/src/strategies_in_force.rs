//! Limits that bind a person now or did once. At most one in force a person.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "strategies_in_force")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: Uuid,
    /// After merges.
    pub person_id: Uuid,
    pub spoc_id: Option<Uuid>,
    pub effective_from: DateTimeUtc,
    pub ends_at: DateTimeUtc,
    #[sea_orm(column_type = "JsonBinary")]
    pub limits: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub blocked: Json,
    pub put_in_force_at: DateTimeUtc,
    pub lifted_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub lifted_because: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
