//! The record of a call by whoever took it; what a call taker is told of numbers, people and places; callers found by name
//! and place.

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
        let mut once = index("call_records", &["cad_ref"]);
        let indexes = vec![
            once.unique().take(),
            index("call_records", &["officer_id", "begun_at"]),
            index("call_records", &["person_id", "begun_at"]),
            index("caller_markers", &["caller_id"]),
            index("caller_markers", &["person_id"]),
            index("caller_markers", &["place_key"]),
        ];
        create(manager, vec![call_records(), caller_markers()], indexes).await?;
        for column in [text_null("name_key"), text_null("place_key")] {
            manager.alter_table(Table::alter().table("callers").add_column(column).take()).await?;
        }
        manager.create_index(index("callers", &["name_key"])).await?;
        manager.create_index(index("callers", &["place_key"])).await?;
        manager.create_index(index("callers", &["person_id"])).await
    }
}

fn call_records() -> TableCreateStatement {
    table("call_records")
        .col(uuid("id").primary_key())
        .col(text("state"))
        .col(big_integer("version"))
        .col(uuid_null("caller_id"))
        .col(uuid_null("person_id"))
        .col(text_null("purpose"))
        .col(text_null("category"))
        .col(text_null("grade"))
        .col(boolean_null("genuine"))
        .col(boolean_null("crime"))
        .col(boolean("overridden"))
        .col(boolean("needs_grading"))
        .col(text_null("cad_ref"))
        .col(uuid_null("order_case_id"))
        .col(uuid("officer_id"))
        .col(json_binary("by"))
        .col(timestamp_with_time_zone("begun_at"))
        .col(timestamp_with_time_zone_null("completed_at"))
        .col(json_binary("data"))
        .foreign_key(&mut refers("id", "calls", "id"))
        .foreign_key(&mut refers("person_id", "people", "id"))
        .foreign_key(&mut refers("order_case_id", "cases", "id"))
        .foreign_key(&mut refers("officer_id", "officers", "id"))
        .take()
}

fn caller_markers() -> TableCreateStatement {
    table("caller_markers")
        .col(uuid("id").primary_key())
        .col(text("kind"))
        .col(uuid_null("caller_id"))
        .col(uuid_null("person_id"))
        .col(text_null("place"))
        .col(text_null("place_key"))
        .col(text("text"))
        .col(date_null("review_on"))
        .col(json_binary("added_by"))
        .col(timestamp_with_time_zone("added_at"))
        .col(json_binary_null("ended_by"))
        .col(timestamp_with_time_zone_null("ended_at"))
        .col(text_null("ended_because"))
        .foreign_key(&mut refers("person_id", "people", "id"))
        .take()
}
