//! Measuring and nominating read a person's contacts from their index alone: it holds what both ask of a contact.

use crate::draw::index;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const OLD: [&str; 2] = ["counts_for_id", "received_at"];
const NEW: [&str; 6] = ["counts_for_id", "received_at", "counted", "channel", "verdict", "strategy_id"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let old = format!("contacts_by_{}", OLD.join("_and_"));
        manager.drop_index(Index::drop().table("contacts").name(old).to_owned()).await?;
        manager.create_index(index("contacts", &NEW).name("contacts_by_person_and_time").take()).await
    }
}
