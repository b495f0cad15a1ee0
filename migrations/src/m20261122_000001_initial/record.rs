//! What is never changed.

use crate::draw::{index, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

pub(crate) fn tables() -> Vec<TableCreateStatement> {
    vec![
        table("events")
            .col(big_pk_auto("position"))
            .col(uuid_uniq("id"))
            .col(text("stream"))
            .col(uuid("stream_id"))
            .col(big_integer("seq"))
            .col(timestamp_with_time_zone("at"))
            .col(json_binary("actor"))
            .col(text("kind"))
            .col(json_binary("data"))
            .col(text("prev_hash"))
            .col(text("hash"))
            .take(),
        table("seals")
            .col(uuid("id").primary_key())
            .col(timestamp_with_time_zone("at"))
            .col(big_integer("up_to_position"))
            .col(text("root"))
            .col(big_integer("leaves"))
            .take(),
    ]
}

pub(crate) fn indexes() -> Vec<IndexCreateStatement> {
    vec![index("events", &["stream_id", "seq"]).unique().take()]
}

/// PostgreSQL commits in another order than it numbers: the feed of events goes by the transaction that wrote each.
/// SQLite has one writer, whose order is the commits' order, and needs none of this.
pub(crate) const WHO_WROTE_IT: &str = "
    ALTER TABLE events ADD COLUMN txid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint);
    CREATE INDEX events_by_txid_and_position ON events (txid, position)";
