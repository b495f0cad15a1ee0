//! What is decided.

use crate::draw::{index, refers, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

pub(crate) fn tables() -> Vec<TableCreateStatement> {
    cases().into_iter().chain(meetings()).collect()
}

fn cases() -> Vec<TableCreateStatement> {
    vec![
        table("workflow_definitions")
            .col(text("content_hash").primary_key())
            .col(text("key"))
            .col(text("version"))
            .col(json_binary("bundle"))
            .col(timestamp_with_time_zone("stored_at"))
            .take(),
        table("cases")
            .col(uuid("id").primary_key())
            .col(text("workflow"))
            .col(text("workflow_version"))
            .col(text("content_hash"))
            .col(text("state"))
            .col(big_integer("version"))
            .col(uuid_null("person_id"))
            .col(uuid_null("parent_id"))
            .col(uuid_null("spoc_id"))
            .col(json_binary("data"))
            .col(timestamp_with_time_zone("opened_at"))
            .col(timestamp_with_time_zone("updated_at"))
            .col(timestamp_with_time_zone("state_since"))
            .col(timestamp_with_time_zone_null("due_at"))
            .col(timestamp_with_time_zone_null("timer_at"))
            .foreign_key(&mut refers("content_hash", "workflow_definitions", "content_hash"))
            .foreign_key(&mut refers("person_id", "people", "id"))
            .foreign_key(&mut refers("parent_id", "cases", "id"))
            .take(),
        table("strategies_in_force")
            .col(uuid("case_id").primary_key())
            .col(uuid("person_id"))
            .col(uuid_null("spoc_id"))
            .col(timestamp_with_time_zone("effective_from"))
            .col(timestamp_with_time_zone("ends_at"))
            .col(json_binary("limits"))
            .col(json_binary("blocked"))
            .col(timestamp_with_time_zone("put_in_force_at"))
            .col(timestamp_with_time_zone_null("lifted_at"))
            .col(text_null("lifted_because"))
            .foreign_key(&mut refers("case_id", "cases", "id"))
            .foreign_key(&mut refers("person_id", "people", "id"))
            .take(),
        table("nominations")
            .col(uuid("id").primary_key())
            .col(uuid_null("person_id"))
            .col(text("source"))
            .col(text_null("rule"))
            .col(text_null("rule_version"))
            .col(text("reason"))
            .col(json_binary("detail"))
            .col(json_binary("by"))
            .col(timestamp_with_time_zone("at"))
            .col(uuid_null("case_id"))
            .foreign_key(&mut refers("person_id", "people", "id"))
            .foreign_key(&mut refers("case_id", "cases", "id"))
            .take(),
    ]
}

fn meetings() -> Vec<TableCreateStatement> {
    vec![
        table("meetings")
            .col(uuid("id").primary_key())
            .col(date("held_on"))
            .col(text("state"))
            .col(uuid_null("chair_id"))
            .col(json_binary("attendees"))
            .col(timestamp_with_time_zone_null("opened_at"))
            .col(timestamp_with_time_zone_null("closed_at"))
            .col(big_integer("version"))
            .take(),
        table("meeting_items")
            .col(uuid("id").primary_key())
            .col(uuid("meeting_id"))
            .col(integer("n"))
            .col(uuid("case_id"))
            .col(text_null("outcome"))
            .col(json_binary_null("decision"))
            .col(uuid_null("decided_by"))
            .col(timestamp_with_time_zone_null("decided_at"))
            .foreign_key(&mut refers("meeting_id", "meetings", "id"))
            .foreign_key(&mut refers("case_id", "cases", "id"))
            .take(),
    ]
}

pub(crate) fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("workflow_definitions", &["key", "version", "content_hash"]).unique().take(),
        index("cases", &["parent_id"]),
        index("cases", &["person_id"]),
        index("cases", &["workflow", "state"]),
        index("cases", &["timer_at"]),
        index("strategies_in_force", &["person_id"]),
        index("nominations", &["person_id"]),
        index("meetings", &["held_on"]),
        index("meeting_items", &["meeting_id", "n"]).unique().take(),
        index("meeting_items", &["case_id"]),
    ]
}

/// At most one strategy binds a person at a time.
pub(crate) const ONE_STRATEGY_IN_FORCE: &str = "CREATE UNIQUE INDEX strategies_in_force_one_a_person \
     ON strategies_in_force (person_id) WHERE lifted_at IS NULL";
