//! A file of calls that was brought in, and how that went.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "call_imports")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub profile: String,
    pub profile_version: i32,
    #[sea_orm(column_type = "Text")]
    pub system: String,
    #[sea_orm(column_type = "Text")]
    pub file_name: String,
    /// The file's own, as a line of CSV; null while it waits.
    #[sea_orm(column_type = "Text", nullable)]
    pub headings: Option<String>,
    /// Of the whole file, in hex; null while it is read.
    #[sea_orm(column_type = "Text", nullable)]
    pub sha256: Option<String>,
    /// waiting, running, done, failed, undoing, undone or dropped.
    #[sea_orm(column_type = "Text")]
    pub status: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub trouble: Option<String>,
    pub rows_read: i64,
    pub kept: i64,
    /// Rows that were here before, by the system's own key.
    pub known: i64,
    /// Radio, and what else the profile says is no call.
    pub skipped: i64,
    pub rejected: i64,
    /// Rows that another system had recorded too.
    pub matched: i64,
    pub contacts: i64,
    pub nominations: i64,
    pub first_call_at: Option<DateTimeUtc>,
    pub last_call_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "JsonBinary")]
    pub by: Json,
    pub began_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub undone_by: Option<Json>,
    pub undone_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub undone_because: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
