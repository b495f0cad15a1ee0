//! Who read, searched, disclosed or exported personal data (DPA 2018 s62). Never changed, never deleted.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "access_log")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub position: i64,
    pub at: DateTimeUtc,
    #[sea_orm(column_type = "JsonBinary")]
    pub actor: Json,
    /// read, search, disclose or export.
    #[sea_orm(column_type = "Text")]
    pub action: String,
    #[sea_orm(column_type = "Text")]
    pub object: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub object_id: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub recipient: Option<String>,
    #[sea_orm(column_type = "JsonBinary")]
    pub detail: Json,
    /// The hash of the entry before it; empty for the first.
    #[sea_orm(column_type = "Text")]
    pub prev_hash: String,
    #[sea_orm(column_type = "Text")]
    pub hash: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
