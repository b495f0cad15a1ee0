//! A member of the public who uses the service.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "people")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(unique, column_type = "Text")]
    pub reference: String,
    #[sea_orm(column_type = "Text")]
    pub full_name: String,
    /// The name for comparing: lower case in every script, single spaces. Written by the program.
    #[sea_orm(column_type = "Text")]
    pub name_key: String,
    pub date_of_birth: Option<Date>,
    pub targeted_victim: bool,
    #[sea_orm(column_type = "JsonBinary")]
    pub vulnerability: Json,
    /// The record that was kept when two turned out to be one person.
    pub merged_into: Option<Uuid>,
    pub version: i64,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
