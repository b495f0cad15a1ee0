//! A reason to put a person on the meeting's list.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "nominations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Option<Uuid>,
    /// Who calls, where nobody on file is known to.
    pub caller_id: Option<Uuid>,
    /// manual or rule.
    #[sea_orm(column_type = "Text")]
    pub source: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub rule: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub rule_version: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub detail: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub by: Json,
    pub at: DateTimeUtc,
    pub case_id: Option<Uuid>,
    /// What it rested on was withdrawn.
    pub withdrawn_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
