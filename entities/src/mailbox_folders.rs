//! How far a folder of a mailbox that we read over IMAP is read.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mailbox_folders")]
pub struct Model {
    /// As in the settings.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub mailbox: String,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub folder: String,
    /// UIDVALIDITY (RFC 3501 §2.3.1.1) that the numbers below are of; 0: the folder was never opened.
    pub uid_validity: i64,
    /// The highest UID that is kept, or left behind.
    pub kept_uid: i64,
    /// The highest UID that was marked or moved afterwards, as the settings ask.
    pub settled_uid: i64,
    /// Messages that could not be taken out of the folder and still lie there.
    pub left_behind: i64,
    /// When it was last seen that everything in it is kept.
    pub checked_at: Option<DateTimeUtc>,
    /// Why it cannot be read at present.
    #[sea_orm(column_type = "Text", nullable)]
    pub trouble: Option<String>,
    pub trouble_since: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
