//! One event for one receiver.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_deliveries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub webhook_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub event_type: String,
    /// What it is about: case, contact, meeting.
    #[sea_orm(column_type = "Text")]
    pub object: String,
    pub object_id: Uuid,
    /// JSON as it is sent and signed, letter by letter.
    #[sea_orm(column_type = "Text")]
    pub body: String,
    /// waiting, delivered or dead.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    /// Attempts since it was made, or since somebody had it sent again.
    pub tries: i32,
    /// Every attempt: when, and the status or the fault.
    #[sea_orm(column_type = "JsonBinary")]
    pub attempts: Json,
    pub made_at: DateTimeUtc,
    /// When it is tried next; null where it is not.
    pub next_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
