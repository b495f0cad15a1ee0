//! The public.

use crate::draw::{index, refers, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

pub(crate) fn tables() -> Vec<TableCreateStatement> {
    vec![
        table("people")
            .col(uuid("id").primary_key())
            .col(text_uniq("reference"))
            .col(text("full_name"))
            .col(date_null("date_of_birth"))
            .col(boolean("targeted_victim"))
            .col(json_binary("vulnerability"))
            .col(uuid_null("merged_into"))
            .col(big_integer("version"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut refers("merged_into", "people", "id"))
            .take(),
        table("identifiers")
            .col(uuid("id").primary_key())
            .col(uuid("person_id"))
            .col(text("kind"))
            .col(text("value"))
            .col(text("presented"))
            .col(text("role"))
            .col(text("confidence"))
            .col(text("source"))
            .col(json_binary_null("recorded_by"))
            .col(timestamp_with_time_zone("recorded_at"))
            .col(timestamp_with_time_zone_null("ended_at"))
            .foreign_key(&mut refers("person_id", "people", "id"))
            .take(),
        table("adjustments")
            .col(uuid("id").primary_key())
            .col(uuid("person_id"))
            .col(text("kind"))
            .col(text("detail"))
            .col(date("since"))
            .col(date_null("review_on"))
            .col(date_null("ended_on"))
            .col(json_binary("recorded_by"))
            .col(timestamp_with_time_zone("recorded_at"))
            .foreign_key(&mut refers("person_id", "people", "id"))
            .take(),
        table("person_merges")
            .col(uuid("id").primary_key())
            .col(uuid("kept_id"))
            .col(uuid("merged_id"))
            .col(text("reason"))
            .col(uuid("merged_by"))
            .col(timestamp_with_time_zone("merged_at"))
            .col(uuid_null("reversed_by"))
            .col(timestamp_with_time_zone_null("reversed_at"))
            .col(text_null("reversal_reason"))
            .foreign_key(&mut refers("kept_id", "people", "id"))
            .foreign_key(&mut refers("merged_id", "people", "id"))
            .take(),
        table("complaints_about")
            .col(uuid("person_id"))
            .col(uuid("officer_id"))
            .col(text_null("reference"))
            .col(timestamp_with_time_zone("recorded_at"))
            .primary_key(Index::create().col("person_id").col("officer_id"))
            .foreign_key(&mut refers("person_id", "people", "id"))
            .foreign_key(&mut refers("officer_id", "officers", "id"))
            .take(),
    ]
}

pub(crate) fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("people", &["merged_into"]),
        index("identifiers", &["kind", "value"]),
        index("identifiers", &["person_id"]),
        index("adjustments", &["person_id"]),
        index("person_merges", &["kept_id"]),
        index("person_merges", &["merged_id"]),
    ]
}
