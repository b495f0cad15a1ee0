//! Who is signed in to the pages.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    /// Of the token in their cookie.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub token_sha256: String,
    pub officer_id: Uuid,
    pub began_at: DateTimeUtc,
    pub seen_at: DateTimeUtc,
    /// However busy they are.
    pub ends_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
