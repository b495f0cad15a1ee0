//! One attempt to hand a mail of ours over.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outgoing_attempts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub outgoing_id: Uuid,
    /// 1 is the first.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    pub began_at: DateTimeUtc,
    /// Null: it is being made, or was cut off.
    pub ended_at: Option<DateTimeUtc>,
    /// sent, or why not: connection, credentials, greylisted, quota, busy, uncertain or refused.
    #[sea_orm(column_type = "Text", nullable)]
    pub outcome: Option<String>,
    /// The answer of the server: 451.
    pub code: Option<i32>,
    /// Enhanced (RFC 3463): 4.7.1.
    #[sea_orm(column_type = "Text", nullable)]
    pub status: Option<String>,
    /// The server's words.
    #[sea_orm(column_type = "Text", nullable)]
    pub words: Option<String>,
    /// After it the mail was given up; a person may have it tried again.
    pub gave_up: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
