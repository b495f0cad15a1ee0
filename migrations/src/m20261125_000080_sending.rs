//! What keeps our mail within bounds: when it was tried last, what it waits for, who caused it, and when sending stopped.

use crate::draw::{create, index, table};
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
        let columns = [
            text("origin").default("officer").take(),
            text("recipient").default("").take(),
            uuid_null("officer_id").take(),
            uuid_null("answers_id").take(),
            timestamp_with_time_zone_null("tried_at").take(),
            timestamp_with_time_zone_null("not_before").take(),
            text_null("waits_because").take(),
        ];
        for mut column in columns {
            manager.alter_table(Table::alter().table("outgoing").add_column(&mut column).take()).await?;
        }
        // The address alone, as budgets compare it; what was sent before is counted by when it was sent.
        let known = "UPDATE outgoing SET recipient = lower(to_address), tried_at = sent_at";
        manager.get_connection().execute_unprepared(known).await?;
        let stops = table("sending_stops")
            .col(uuid("id").primary_key())
            .col(timestamp_with_time_zone("opened_at"))
            .col(text("because"))
            .col(timestamp_with_time_zone_null("released_at"))
            .col(uuid_null("released_by"))
            .take();
        let indexes = vec![
            index("outgoing", &["tried_at"]),
            index("outgoing", &["recipient", "tried_at"]),
            index("outgoing", &["recipient", "created_at"]),
            index("sending_stops", &["released_at"]),
        ];
        create(manager, vec![stops], indexes).await
    }
}
