//! What the pages keep: how officers sign in, who is signed in, drafts, and what was prepared and declared for a meeting.

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
        let mut tables = of_signing_in();
        tables.extend(of_work());
        let mut once = index("drafts", &["officer_id", "place"]);
        let indexes = vec![
            index("sessions", &["officer_id"]),
            index("sessions", &["ends_at"]),
            index("sign_in_links", &["officer_id"]),
            once.unique().take(),
            index("drafts", &["place"]),
            index("drafts", &["subject_id"]),
            index("drafts", &["saved_at"]),
            index("declared_interests", &["case_id"]),
        ];
        create(manager, tables, indexes).await
    }
}

fn of_signing_in() -> Vec<TableCreateStatement> {
    vec![
        table("credentials")
            .col(uuid("officer_id").primary_key())
            .col(text_null("password_hash"))
            .col(text_null("totp_secret"))
            .col(big_integer("totp_step"))
            .col(integer("failures"))
            .col(timestamp_with_time_zone_null("locked_until"))
            .col(boolean("shortcuts"))
            .foreign_key(&mut refers("officer_id", "officers", "id"))
            .take(),
        table("sign_in_links")
            .col(text("token_sha256").primary_key())
            .col(uuid("officer_id"))
            .col(timestamp_with_time_zone("expires_at"))
            .foreign_key(&mut refers("officer_id", "officers", "id"))
            .take(),
        table("sessions")
            .col(text("token_sha256").primary_key())
            .col(uuid("officer_id"))
            .col(timestamp_with_time_zone("began_at"))
            .col(timestamp_with_time_zone("seen_at"))
            .col(timestamp_with_time_zone("ends_at"))
            .foreign_key(&mut refers("officer_id", "officers", "id"))
            .take(),
    ]
}

fn of_work() -> Vec<TableCreateStatement> {
    vec![
        table("drafts")
            .col(uuid("id").primary_key())
            .col(uuid("officer_id"))
            .col(text("place"))
            .col(uuid_null("subject_id"))
            .col(json_binary("fields"))
            .col(timestamp_with_time_zone("began_at"))
            .col(timestamp_with_time_zone("saved_at"))
            .foreign_key(&mut refers("officer_id", "officers", "id"))
            .take(),
        table("item_preparations")
            .col(uuid("case_id").primary_key())
            .col(text("summary"))
            .col(text_null("outcome"))
            .col(json_binary("input"))
            .col(uuid("prepared_by"))
            .col(timestamp_with_time_zone("prepared_at"))
            .foreign_key(&mut refers("case_id", "cases", "id"))
            .take(),
        table("declared_interests")
            .col(uuid("id").primary_key())
            .col(uuid("meeting_id"))
            .col(uuid("case_id"))
            .col(uuid_null("officer_id"))
            .col(text("name"))
            .col(text("reason"))
            .col(uuid("declared_by"))
            .col(timestamp_with_time_zone("declared_at"))
            .foreign_key(&mut refers("meeting_id", "meetings", "id"))
            .foreign_key(&mut refers("case_id", "cases", "id"))
            .take(),
    ]
}
