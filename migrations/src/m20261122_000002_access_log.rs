//! Who looked.

use crate::draw::{create, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

fn tables() -> Vec<TableCreateStatement> {
    vec![
        table("access_log")
            .col(big_pk_auto("position"))
            .col(timestamp_with_time_zone("at"))
            .col(json_binary("actor"))
            .col(text("action"))
            .col(text("object"))
            .col(text_null("object_id"))
            .col(text_null("recipient"))
            .col(json_binary("detail"))
            .col(text("prev_hash"))
            .col(text("hash"))
            .take(),
    ]
}

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, tables(), Vec::new()).await
    }
}
