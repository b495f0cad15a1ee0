//! Every table of the first release.

mod decisions;
mod intake;
mod officers;
mod outgoing;
mod people;
mod record;

use crate::draw::create;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, officers::tables(), officers::indexes()).await?;
        create(manager, people::tables(), people::indexes()).await?;
        create(manager, decisions::tables(), decisions::indexes()).await?;
        create(manager, intake::tables(), intake::indexes()).await?;
        create(manager, outgoing::tables(), outgoing::indexes()).await?;
        create(manager, record::tables(), record::indexes()).await?;
        manager.get_connection().execute_unprepared(decisions::ONE_STRATEGY_IN_FORCE).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            manager.get_connection().execute_unprepared(record::WHO_WROTE_IT).await?;
        }
        Ok(())
    }
}
