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
    /// queued, sending, sent, failed, uncertain, dead or cancelled.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    pub attempts: i32,
    pub sent_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub last_error: Option<String>,
    pub created_at: DateTimeUtc,
    /// Who speaks: officer, program or automatic_answer.
    #[sea_orm(column_type = "Text")]
    pub origin: String,
    /// The bare address in lower case: what budgets count by.
    #[sea_orm(column_type = "Text")]
    pub recipient: String,
    /// The officer whose step asked for it.
    pub officer_id: Option<Uuid>,
    /// The mail an automatic answer answers.
    pub answers_id: Option<Uuid>,
    /// When the last attempt began.
    pub tried_at: Option<DateTimeUtc>,
    /// It is not tried before.
    pub not_before: Option<DateTimeUtc>,
    /// recipient_budget, case_budget or sending_stopped; null: nothing but its time.
    #[sea_orm(column_type = "Text", nullable)]
    pub waits_because: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
