//! A seal also commits to the log of who looked. Older seals do not: both columns are empty there.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer_null, text_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column a statement.
        for column in [big_integer_null("log_position"), text_null("log_hash")] {
            manager.alter_table(Table::alter().table("seals").add_column(column).take()).await?;
        }
        Ok(())
    }
}
