//! One of our addresses that a message was delivered to: a row each, however often it came.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_deliveries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub mail_id: Uuid,
    /// Lower case.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub recipient: String,
    /// http, import, pipe, lmtp or, by the name of the mailbox, imap:psd: the first way it came to this address.
    #[sea_orm(column_type = "Text")]
    pub source: String,
    /// The sender's address of the SMTP envelope (RFC 5321); empty: the null sender. `None`: the door does not say.
    #[sea_orm(column_type = "Text", nullable)]
    pub envelope_from: Option<String>,
    pub received_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
