//! What servers report of our mails, the addresses they cannot reach, and what each mail refers to.

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
        let delivery_reports = table("delivery_reports")
            .col(uuid("id").primary_key())
            .col(uuid("outgoing_id"))
            .col(uuid("mail_id"))
            .col(text("recipient"))
            .col(text("outcome"))
            .col(text_null("status"))
            .col(text_null("diagnostic"))
            .col(timestamp_with_time_zone("reported_at"))
            .foreign_key(&mut refers("outgoing_id", "outgoing", "id"))
            .take();
        let undeliverable_addresses = table("undeliverable_addresses")
            .col(text("address").primary_key())
            .col(timestamp_with_time_zone("since"))
            .col(timestamp_with_time_zone("until"))
            .col(uuid("outgoing_id"))
            .col(text_null("status"))
            .col(text_null("detail"))
            .foreign_key(&mut refers("outgoing_id", "outgoing", "id"))
            .take();
        let mail_references = table("mail_references")
            .col(uuid("mail_id"))
            .col(text("reference"))
            .primary_key(Index::create().col("mail_id").col("reference"))
            .foreign_key(&mut refers("mail_id", "mails", "id"))
            .take();
        let indexes = vec![
            index("delivery_reports", &["outgoing_id"]),
            index("undeliverable_addresses", &["outgoing_id"]),
            index("mail_references", &["reference"]),
        ];
        create(manager, vec![delivery_reports, undeliverable_addresses, mail_references], indexes).await
    }
}
