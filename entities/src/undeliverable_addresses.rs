//! An address that could not be reached: nothing is sent there for a time.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "undeliverable_addresses")]
pub struct Model {
    /// Normalised.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub address: String,
    pub since: DateTimeUtc,
    pub until: DateTimeUtc,
    /// The mail of ours that came back.
    pub outgoing_id: Uuid,
    /// Enhanced (RFC 3463): 5.1.1.
    #[sea_orm(column_type = "Text", nullable)]
    pub status: Option<String>,
    /// The server's words.
    #[sea_orm(column_type = "Text", nullable)]
    pub detail: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
