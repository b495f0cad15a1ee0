//! A mail of ours on its way out.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outgoing")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(unique, column_type = "Text")]
    pub message_id: String,
    pub person_id: Option<Uuid>,
    pub case_id: Option<Uuid>,
    pub cause_event_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub to_address: String,
    #[sea_orm(column_type = "Text")]
    pub subject: String,
    #[sea_orm(column_type = "Blob")]
    pub mime: Vec<u8>,
    #[sea_orm(column_type = "Text")]
    pub sha256: String,
    /// queued, sending, sent, failed, uncertain or dead.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    pub attempts: i32,
    pub sent_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub last_error: Option<String>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
