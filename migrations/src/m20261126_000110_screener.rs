//! What people decided about senders who are not on file.

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
        let decisions = table("screener_decisions")
            .col(uuid("id").primary_key())
            .col(text("address"))
            .col(text("decision"))
            .col(uuid_null("person_id"))
            .col(uuid_null("identifier_id"))
            .col(text("reason"))
            .col(uuid("decided_by"))
            .col(timestamp_with_time_zone("decided_at"))
            .col(json_binary("contacts"))
            .col(uuid_null("reversed_by"))
            .col(timestamp_with_time_zone_null("reversed_at"))
            .col(text_null("reversal_reason"))
            .foreign_key(&mut refers("person_id", "people", "id"))
            .take();
        let indexes = vec![
            index("screener_decisions", &["address", "reversed_at"]),
            index("screener_decisions", &["decided_at"]),
            index("screener_decisions", &["person_id"]),
        ];
        create(manager, vec![decisions], indexes).await
    }
}
