//! A computer system with credentials of its own.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "clients")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(unique, column_type = "Text")]
    pub name: String,
    #[sea_orm(column_type = "Text")]
    pub secret_sha256: String,
    /// The scopes as a JSON array of texts.
    #[sea_orm(column_type = "JsonBinary")]
    pub scopes: Json,
    pub active: bool,
    pub created_at: DateTimeUtc,
    /// Keys of the register of areas as a JSON array; none or null: the whole county.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub areas: Option<Json>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
