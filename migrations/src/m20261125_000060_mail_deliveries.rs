//! Which of our addresses a message was delivered to, and through which door: one message, many deliveries.

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
        let mut deliveries = table("mail_deliveries");
        deliveries
            .col(uuid("mail_id"))
            .col(text("recipient"))
            .col(text("source"))
            .col(text_null("envelope_from"))
            .col(timestamp_with_time_zone("received_at"))
            .primary_key(Index::create().col("mail_id").col("recipient"))
            .foreign_key(&mut refers("mail_id", "mails", "id"));
        create(manager, vec![deliveries], Vec::new()).await?;
        let first = "INSERT INTO mail_deliveries (mail_id, recipient, source, received_at) \
                     SELECT id, recipient, source, received_at FROM mails";
        manager.get_connection().execute_unprepared(first).await.map(drop)
    }
}
