//! A message as it was taken in: never changed, one row for the same bytes. Where else it came is in
//! `mail_deliveries`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mails")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Of the raw bytes, lower-case hex.
    #[sea_orm(unique, column_type = "Text")]
    pub sha256: String,
    pub size_bytes: i64,
    /// When our mailbox received it.
    pub received_at: DateTimeUtc,
    /// The first address of ours it was delivered to.
    #[sea_orm(column_type = "Text")]
    pub recipient: String,
    /// http, import, pipe, lmtp or, by the name of the mailbox, imap:psd.
    #[sea_orm(column_type = "Text")]
    pub source: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub message_id: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
