//! Receivers of other systems, and what each was told.

use crate::draw::{create, index, refers, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let webhooks = table("webhooks")
            .col(uuid("id").primary_key())
            .col(uuid("client_id"))
            .col(text("url"))
            .col(json_binary("types"))
            .col(json_binary("areas"))
            .col(integer("secret_number"))
            .col(timestamp_with_time_zone_null("old_secret_until"))
            .col(text("feed_cursor"))
            .col(uuid("added_by"))
            .col(timestamp_with_time_zone("added_at"))
            .col(timestamp_with_time_zone_null("confirmed_at"))
            .col(timestamp_with_time_zone_null("ended_at"))
            .col(timestamp_with_time_zone_null("trouble_since"))
            .col(text_null("trouble"))
            .foreign_key(&mut refers("client_id", "clients", "id"))
            .take();
        let deliveries = table("webhook_deliveries")
            .col(uuid("webhook_id"))
            .col(uuid("event_id"))
            .col(text("event_type"))
            .col(text("object"))
            .col(uuid("object_id"))
            .col(text("body"))
            .col(text("state"))
            .col(integer("tries"))
            .col(json_binary("attempts"))
            .col(timestamp_with_time_zone("made_at"))
            .col(timestamp_with_time_zone_null("next_at"))
            .primary_key(Index::create().col("webhook_id").col("event_id"))
            .foreign_key(&mut refers("webhook_id", "webhooks", "id"))
            .take();
        let indexes = vec![
            index("webhooks", &["client_id"]),
            index("webhook_deliveries", &["webhook_id", "state"]),
            index("webhook_deliveries", &["state", "made_at"]),
        ];
        create(manager, vec![webhooks, deliveries], indexes).await
    }
}
