//! The texts of registers that decisions were taken under, and the protective marking of cases and notices.

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
        for marked in ["cases", "notices"] {
            let mut marking = text("marking").default("OFFICIAL").take();
            manager.alter_table(Table::alter().table(marked).add_column(&mut marking).take()).await?;
        }
        let mut texts = table("register_texts");
        texts
            .col(text("content_hash"))
            .col(text("name"))
            .col(text("text"))
            .col(timestamp_with_time_zone("stored_at"))
            .primary_key(Index::create().col("content_hash").col("name"));
        create(manager, vec![texts], vec![index("register_texts", &["name"])]).await
    }
}
