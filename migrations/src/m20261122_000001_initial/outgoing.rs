//! What goes out.

use crate::draw::{index, refers, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

pub(crate) fn tables() -> Vec<TableCreateStatement> {
    vec![
        table("jobs")
            .col(uuid("id").primary_key())
            .col(text("kind"))
            .col(json_binary("payload"))
            .col(text_uniq("key"))
            .col(timestamp_with_time_zone("run_at"))
            .col(integer("attempts"))
            .col(text("state"))
            .col(timestamp_with_time_zone_null("locked_until"))
            .col(text_null("last_error"))
            .col(timestamp_with_time_zone("created_at"))
            .take(),
        table("outgoing")
            .col(uuid("id").primary_key())
            .col(text_uniq("message_id"))
            .col(uuid_null("person_id"))
            .col(uuid_null("case_id"))
            .col(uuid("cause_event_id"))
            .col(text("to_address"))
            .col(text("subject"))
            .col(blob("mime"))
            .col(text("sha256"))
            .col(text("state"))
            .col(integer("attempts"))
            .col(timestamp_with_time_zone_null("sent_at"))
            .col(text_null("last_error"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut refers("person_id", "people", "id"))
            .foreign_key(&mut refers("case_id", "cases", "id"))
            .take(),
        table("notices")
            .col(uuid("id").primary_key())
            .col(uuid("case_id"))
            .col(text("content_hash"))
            .col(text("html"))
            .col(text("text"))
            .col(text("sha256"))
            .col(timestamp_with_time_zone("created_at"))
            .col(json_binary("composed_by"))
            .foreign_key(&mut refers("case_id", "cases", "id"))
            .take(),
        table("tasks")
            .col(uuid("id").primary_key())
            .col(text("kind"))
            .col(text("title"))
            .col(text_null("role"))
            .col(uuid_null("officer_id"))
            .col(uuid_null("case_id"))
            .col(uuid_null("contact_id"))
            .col(uuid_null("person_id"))
            .col(timestamp_with_time_zone_null("due_at"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("done_at"))
            .col(uuid_null("done_by"))
            .col(text("cause").unique_key())
            .foreign_key(&mut refers("officer_id", "officers", "id"))
            .foreign_key(&mut refers("case_id", "cases", "id"))
            .foreign_key(&mut refers("contact_id", "contacts", "id"))
            .foreign_key(&mut refers("person_id", "people", "id"))
            .foreign_key(&mut refers("done_by", "officers", "id"))
            .take(),
    ]
}

pub(crate) fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("tasks", &["done_at", "due_at"]),
        index("tasks", &["case_id"]),
        index("jobs", &["state", "run_at"]),
        index("outgoing", &["state"]),
        index("outgoing", &["case_id"]),
        index("notices", &["case_id"]),
    ]
}
