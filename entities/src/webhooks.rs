//! A receiver of a system that is told what happens.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhooks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    pub client_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub url: String,
    /// Types of events: `psd.nomination.made.v1`.
    #[sea_orm(column_type = "JsonBinary")]
    pub types: Json,
    /// Empty: all.
    #[sea_orm(column_type = "JsonBinary")]
    pub areas: Json,
    /// The secret is derived from it; 1 is the first.
    pub secret_number: i32,
    /// Until then the secret before counts too.
    pub old_secret_until: Option<DateTimeUtc>,
    /// How far the feed of events was read for it.
    #[sea_orm(column_type = "Text")]
    pub feed_cursor: String,
    pub added_by: Uuid,
    pub added_at: DateTimeUtc,
    /// Null: the receiver has not said yet that it wants to be told.
    pub confirmed_at: Option<DateTimeUtc>,
    pub ended_at: Option<DateTimeUtc>,
    /// Null: it took what it was last sent.
    pub trouble_since: Option<DateTimeUtc>,
    /// The last status or fault.
    #[sea_orm(column_type = "Text", nullable)]
    pub trouble: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
