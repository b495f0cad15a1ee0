//! What a mail server reported of one mail of ours and one of its recipients. Append-only.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delivery_reports")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub outgoing_id: Uuid,
    /// The mail that reports it.
    pub mail_id: Uuid,
    /// Normalised.
    #[sea_orm(column_type = "Text")]
    pub recipient: String,
    /// failed_permanently, failed_for_now, delayed, delivered or relayed.
    #[sea_orm(column_type = "Text")]
    pub outcome: String,
    /// Enhanced (RFC 3463): 5.1.1.
    #[sea_orm(column_type = "Text", nullable)]
    pub status: Option<String>,
    /// The server's words.
    #[sea_orm(column_type = "Text", nullable)]
    pub diagnostic: Option<String>,
    /// When the report was received.
    pub reported_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
