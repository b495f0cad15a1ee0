//! What comes in.

use crate::draw::{index, refers, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

pub(crate) fn tables() -> Vec<TableCreateStatement> {
    vec![
        table("mails")
            .col(uuid("id").primary_key())
            .col(text_uniq("sha256"))
            .col(big_integer("size_bytes"))
            .col(timestamp_with_time_zone("received_at"))
            .col(text("recipient"))
            .col(text("source"))
            .col(text_null("message_id"))
            .take(),
        table("mail_bodies")
            .col(uuid("mail_id").primary_key())
            .col(blob("raw"))
            .foreign_key(&mut refers("mail_id", "mails", "id"))
            .take(),
        table("contacts")
            .col(uuid("id").primary_key())
            .col(uuid_null("mail_id"))
            .col(text("channel"))
            .col(timestamp_with_time_zone("received_at"))
            .col(timestamp_with_time_zone("recorded_at"))
            .col(text_null("addressee"))
            .col(text_null("presented"))
            .col(text_null("subject"))
            .col(text_null("words"))
            .col(text_null("automatic"))
            .col(text_null("external_system"))
            .col(text_null("external_ref"))
            .col(uuid_null("person_id"))
            .col(uuid_null("counts_for_id"))
            .col(text("attribution"))
            .col(json_binary("attribution_evidence"))
            .col(boolean("counted"))
            .col(text_null("not_counted_because"))
            .col(boolean("exempt"))
            .col(json_binary("flags"))
            .col(text_null("verdict"))
            .col(json_binary_null("verdict_detail"))
            .col(uuid_null("strategy_id"))
            .col(text("place"))
            .col(text_null("place_because"))
            .col(timestamp_with_time_zone_null("read_due_at"))
            .col(text("handling"))
            .col(big_integer("version"))
            .foreign_key(&mut refers("mail_id", "mails", "id"))
            .foreign_key(&mut refers("person_id", "people", "id"))
            .foreign_key(&mut refers("counts_for_id", "people", "id"))
            .foreign_key(&mut refers("strategy_id", "cases", "id"))
            .take(),
        table("mail_routes")
            .col(uuid("id").primary_key())
            .col(uuid("mail_id"))
            .col(integer("seq"))
            .col(timestamp_with_time_zone("at"))
            .col(text("state"))
            .col(uuid_null("contact_id"))
            .col(json_binary("evidence"))
            .col(json_binary("by"))
            .foreign_key(&mut refers("mail_id", "mails", "id"))
            .foreign_key(&mut refers("contact_id", "contacts", "id"))
            .take(),
    ]
}

pub(crate) fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("contacts", &["external_system", "external_ref"]).unique().take(),
        index("contacts", &["counts_for_id", "received_at"]),
        index("contacts", &["person_id"]),
        index("contacts", &["place"]),
        index("contacts", &["mail_id"]),
        index("mail_routes", &["mail_id", "seq"]).unique().take(),
        index("mail_routes", &["contact_id"]),
    ]
}
