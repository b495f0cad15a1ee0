//! A commitment to every stream as it stood at a position.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "seals")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub at: DateTimeUtc,
    pub up_to_position: i64,
    /// Over the seal before it, the Merkle root of the streams' last hashes, and the access log's last entry.
    #[sea_orm(column_type = "Text")]
    pub root: String,
    pub leaves: i64,
    /// The access log's last entry at that time: 0 and no hash where there was none. Empty in seals that were made
    /// before they named it.
    pub log_position: Option<i64>,
    #[sea_orm(column_type = "Text", nullable)]
    pub log_hash: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
