//! What happened, in order: the truth that the other tables are read from. Never changed, never deleted.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "events")]
pub struct Model {
    /// Grows with every event; on PostgreSQL there may be gaps.
    #[sea_orm(primary_key)]
    pub position: i64,
    #[sea_orm(unique)]
    pub id: Uuid,
    /// What kind of thing it happened to: case, person, contact, …
    #[sea_orm(column_type = "Text")]
    pub stream: String,
    pub stream_id: Uuid,
    /// 1, 2, 3 … within the stream.
    pub seq: i64,
    pub at: DateTimeUtc,
    #[sea_orm(column_type = "JsonBinary")]
    pub actor: Json,
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub data: Json,
    /// The hash of the event before it in the stream; empty for the first.
    #[sea_orm(column_type = "Text")]
    pub prev_hash: String,
    #[sea_orm(column_type = "Text")]
    pub hash: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
