//! A case as its events leave it.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cases")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub workflow: String,
    #[sea_orm(column_type = "Text")]
    pub workflow_version: String,
    #[sea_orm(column_type = "Text")]
    pub content_hash: String,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    /// The `seq` of its last event.
    pub version: i64,
    pub person_id: Option<Uuid>,
    pub parent_id: Option<Uuid>,
    pub spoc_id: Option<Uuid>,
    #[sea_orm(column_type = "JsonBinary")]
    pub data: Json,
    pub opened_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub state_since: DateTimeUtc,
    pub due_at: Option<DateTimeUtc>,
    /// When a clock of its state runs out.
    pub timer_at: Option<DateTimeUtc>,
    /// When somebody is next to be told something.
    pub next_alert_at: Option<DateTimeUtc>,
    /// The day from which its deadline, which stands, goes on.
    pub paused_until: Option<Date>,
    /// Its own protective marking, as it is printed.
    #[sea_orm(column_type = "Text")]
    pub marking: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
