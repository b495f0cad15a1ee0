//! How far the folders that we read over IMAP are read, and what finds mail in trouble.

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
        let folders = table("mailbox_folders")
            .col(text("mailbox"))
            .col(text("folder"))
            .col(big_integer("uid_validity"))
            .col(big_integer("kept_uid"))
            .col(big_integer("settled_uid"))
            .col(big_integer("left_behind"))
            .col(timestamp_with_time_zone_null("checked_at"))
            .col(text_null("trouble"))
            .col(timestamp_with_time_zone_null("trouble_since"))
            .primary_key(Index::create().col("mailbox").col("folder"))
            .take();
        // What is counted every minute is found without reading every row.
        let indexes = vec![index("mail_routes", &["state"]), index("outgoing", &["state", "created_at"])];
        create(manager, vec![folders], indexes).await
    }
}
