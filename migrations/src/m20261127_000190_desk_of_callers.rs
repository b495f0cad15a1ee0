//! The desk of whoever coordinates work with repeat callers: what was sent of a month and checked, whose nomination was
//! left, notes, partners, costs and meetings; and the areas a system reads of.

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
        let tables = vec![
            month_sendings(),
            month_checks(),
            nomination_looks(),
            desk_notes(),
            partner_contacts(),
            programme_costs(),
            programme_meetings(),
        ];
        let indexes = vec![
            index("month_sendings", &["month"]),
            index("month_checks", &["month"]),
            index("desk_notes", &["caller_id"]),
        ];
        create(manager, tables, indexes).await?;
        manager.alter_table(Table::alter().table("clients").add_column(json_binary_null("areas")).take()).await
    }
}

fn month_sendings() -> TableCreateStatement {
    table("month_sendings")
        .col(uuid("id").primary_key())
        .col(text("month"))
        .col(text("team"))
        .col(text_null("area"))
        .col(text_null("note"))
        .col(text("content_sha256"))
        .col(big_integer("callers"))
        .col(uuid("sent_by"))
        .col(timestamp_with_time_zone("sent_at"))
        .col(uuid_null("receipt_by"))
        .col(timestamp_with_time_zone_null("receipt_at"))
        .col(text_null("action"))
        .col(uuid_null("action_by"))
        .col(timestamp_with_time_zone_null("action_at"))
        .foreign_key(&mut refers("sent_by", "officers", "id"))
        .foreign_key(&mut refers("receipt_by", "officers", "id"))
        .foreign_key(&mut refers("action_by", "officers", "id"))
        .take()
}

fn month_checks() -> TableCreateStatement {
    table("month_checks")
        .col(uuid("id").primary_key())
        .col(text("month"))
        .col(text_null("area"))
        .col(text("found"))
        .col(uuid("checked_by"))
        .col(timestamp_with_time_zone("checked_at"))
        .foreign_key(&mut refers("checked_by", "officers", "id"))
        .take()
}

/// Which nomination is no key: what is disposed of takes its nominations with it.
fn nomination_looks() -> TableCreateStatement {
    table("nomination_looks")
        .col(uuid("nomination_id").primary_key())
        .col(text("reason"))
        .col(uuid("left_by"))
        .col(timestamp_with_time_zone("left_at"))
        .foreign_key(&mut refers("left_by", "officers", "id"))
        .take()
}

fn desk_notes() -> TableCreateStatement {
    table("desk_notes")
        .col(uuid("id").primary_key())
        .col(uuid_null("caller_id"))
        .col(text("words"))
        .col(uuid("written_by"))
        .col(timestamp_with_time_zone("written_at"))
        .foreign_key(&mut refers("caller_id", "callers", "id"))
        .foreign_key(&mut refers("written_by", "officers", "id"))
        .take()
}

fn partner_contacts() -> TableCreateStatement {
    table("partner_contacts")
        .col(uuid("id").primary_key())
        .col(text("partner"))
        .col(text("name"))
        .col(text_null("post"))
        .col(text("reached_by"))
        .col(text_null("note"))
        .col(uuid("added_by"))
        .col(timestamp_with_time_zone("added_at"))
        .col(uuid_null("ended_by"))
        .col(timestamp_with_time_zone_null("ended_at"))
        .foreign_key(&mut refers("added_by", "officers", "id"))
        .foreign_key(&mut refers("ended_by", "officers", "id"))
        .take()
}

fn programme_costs() -> TableCreateStatement {
    table("programme_costs")
        .col(uuid("id").primary_key())
        .col(text("kind"))
        .col(big_integer("amount"))
        .col(text("unit"))
        .col(date("from_date"))
        .col(date("to_date"))
        .col(text("certainty"))
        .col(text("how"))
        .col(uuid("entered_by"))
        .col(timestamp_with_time_zone("entered_at"))
        .col(uuid_null("withdrawn_by"))
        .col(timestamp_with_time_zone_null("withdrawn_at"))
        .foreign_key(&mut refers("entered_by", "officers", "id"))
        .foreign_key(&mut refers("withdrawn_by", "officers", "id"))
        .take()
}

fn programme_meetings() -> TableCreateStatement {
    table("programme_meetings")
        .col(uuid("id").primary_key())
        .col(text("kind"))
        .col(date("held_on"))
        .col(json_binary("agenda"))
        .col(json_binary("attendees"))
        .col(json_binary("shared"))
        .col(text_null("minutes"))
        .col(uuid("planned_by"))
        .col(timestamp_with_time_zone("planned_at"))
        .col(uuid_null("closed_by"))
        .col(timestamp_with_time_zone_null("closed_at"))
        .foreign_key(&mut refers("planned_by", "officers", "id"))
        .foreign_key(&mut refers("closed_by", "officers", "id"))
        .take()
}
