//! The areas of the county that an officer's callers are in; none: the whole county.

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
        let mut areas = json_binary("areas").default("[]").take();
        manager.alter_table(Table::alter().table("officers").add_column(&mut areas).take()).await
    }
}
