//! Each attempt to hand a mail of ours over: when, and what the server answered.

use crate::draw::{create, refers, table};
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
        let outgoing_attempts = table("outgoing_attempts")
            .col(uuid("outgoing_id"))
            .col(integer("number"))
            .col(timestamp_with_time_zone("began_at"))
            .col(timestamp_with_time_zone_null("ended_at"))
            .col(text_null("outcome"))
            .col(integer_null("code"))
            .col(text_null("status"))
            .col(text_null("words"))
            .col(boolean("gave_up"))
            .primary_key(Index::create().col("outgoing_id").col("number"))
            .foreign_key(&mut refers("outgoing_id", "outgoing", "id"))
            .take();
        create(manager, vec![outgoing_attempts], Vec::new()).await
    }
}
