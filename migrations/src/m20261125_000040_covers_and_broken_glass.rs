//! Who stands in for a point of contact, and who reads a case that is not theirs to see.

use crate::draw::{create, index, refers, table};
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
        let covers = table("covers")
            .col(uuid("id").primary_key())
            .col(uuid("spoc_id"))
            .col(uuid("by_id"))
            .col(date("from_date"))
            .col(date("to_date"))
            .col(text("reason"))
            .col(uuid("recorded_by"))
            .col(timestamp_with_time_zone("recorded_at"))
            .col(timestamp_with_time_zone_null("ended_at"))
            .foreign_key(&mut refers("spoc_id", "officers", "id"))
            .foreign_key(&mut refers("by_id", "officers", "id"))
            .take();
        let broken_glass = table("broken_glass")
            .col(uuid("id").primary_key())
            .col(uuid("case_id"))
            .col(uuid("officer_id"))
            .col(timestamp_with_time_zone("at"))
            .col(timestamp_with_time_zone("until"))
            .foreign_key(&mut refers("case_id", "cases", "id"))
            .foreign_key(&mut refers("officer_id", "officers", "id"))
            .take();
        let indexes = vec![index("covers", &["by_id"]), index("broken_glass", &["officer_id", "case_id"])];
        create(manager, vec![covers, broken_glass], indexes).await
    }
}
