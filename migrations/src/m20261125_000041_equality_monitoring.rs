//! What is known of people's characteristics, apart from everything that decides.

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
        let equality_monitoring = table("equality_monitoring")
            .col(uuid("person_id").primary_key())
            .col(json_binary("answers"))
            .col(big_integer("version"))
            .col(uuid("recorded_by"))
            .col(timestamp_with_time_zone("recorded_at"))
            .foreign_key(&mut refers("person_id", "people", "id"))
            .take();
        create(manager, vec![equality_monitoring], Vec::new()).await
    }
}
