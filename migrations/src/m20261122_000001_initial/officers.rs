//! Who signs in, and what was answered them.

use crate::draw::{index, refers, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

pub(crate) fn tables() -> Vec<TableCreateStatement> {
    vec![
        table("officers")
            .col(uuid("id").primary_key())
            .col(text_uniq("username"))
            .col(text("display_name"))
            .col(json_binary("roles"))
            .col(boolean("active"))
            .col(timestamp_with_time_zone("created_at"))
            .take(),
        table("delegations")
            .col(uuid("id").primary_key())
            .col(uuid("officer_id"))
            .col(text("workflow"))
            .col(date("from_date"))
            .col(date("to_date"))
            .col(uuid("granted_by"))
            .col(timestamp_with_time_zone("granted_at"))
            .col(timestamp_with_time_zone_null("revoked_at"))
            .foreign_key(&mut refers("officer_id", "officers", "id"))
            .take(),
        table("clients")
            .col(uuid("id").primary_key())
            .col(text_uniq("name"))
            .col(text("secret_sha256"))
            .col(json_binary("scopes"))
            .col(boolean("active"))
            .col(timestamp_with_time_zone("created_at"))
            .take(),
        table("signing_keys")
            .col(text("id").primary_key())
            .col(text("private_pem"))
            .col(text("public_pem"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("retired_at"))
            .take(),
        table("idempotency_keys")
            .col(text("scope"))
            .col(text("key"))
            .col(text("request_sha256"))
            .col(integer("status"))
            .col(json_binary("headers"))
            .col(text("body"))
            .col(timestamp_with_time_zone("created_at"))
            .primary_key(Index::create().col("scope").col("key"))
            .take(),
    ]
}

pub(crate) fn indexes() -> Vec<IndexCreateStatement> {
    vec![index("delegations", &["officer_id"])]
}
