//! Calls as other systems recorded them, who called, and the files they came in.

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
        let mut once = index("calls", &["system", "source_ref"]);
        let indexes = vec![
            once.unique().take(),
            index("calls", &["caller_id", "started_at"]),
            index("calls", &["started_at"]),
            index("call_import_faults", &["import_id", "row_number"]),
        ];
        create(manager, vec![call_imports(), call_import_parts(), call_import_faults(), callers(), calls()], indexes)
            .await?;
        for column in [uuid_null("caller_id"), timestamp_with_time_zone_null("withdrawn_at")] {
            manager.alter_table(Table::alter().table("nominations").add_column(column).take()).await?;
        }
        manager.create_index(index("nominations", &["caller_id"])).await
    }
}

fn call_imports() -> TableCreateStatement {
    table("call_imports")
        .col(uuid("id").primary_key())
        .col(text("profile"))
        .col(integer("profile_version"))
        .col(text("system"))
        .col(text("file_name"))
        .col(text_null("sha256"))
        .col(text("status"))
        .col(text_null("trouble"))
        .col(big_integer("rows_read"))
        .col(big_integer("kept"))
        .col(big_integer("known"))
        .col(big_integer("skipped"))
        .col(big_integer("rejected"))
        .col(big_integer("matched"))
        .col(big_integer("contacts"))
        .col(big_integer("nominations"))
        .col(timestamp_with_time_zone_null("first_call_at"))
        .col(timestamp_with_time_zone_null("last_call_at"))
        .col(json_binary("by"))
        .col(timestamp_with_time_zone("began_at"))
        .col(timestamp_with_time_zone_null("ended_at"))
        .col(json_binary_null("undone_by"))
        .col(timestamp_with_time_zone_null("undone_at"))
        .col(text_null("undone_because"))
        .take()
}

/// A file that was handed in waits here until it is read.
fn call_import_parts() -> TableCreateStatement {
    table("call_import_parts")
        .col(uuid("import_id"))
        .col(integer("ordinal"))
        .col(binary("bytes"))
        .primary_key(Index::create().col("import_id").col("ordinal"))
        .foreign_key(&mut refers("import_id", "call_imports", "id"))
        .take()
}

fn call_import_faults() -> TableCreateStatement {
    table("call_import_faults")
        .col(uuid("import_id"))
        .col(big_integer("row_number"))
        .col(integer("ordinal"))
        .col(text("code"))
        .col(text_null("column_name"))
        .col(text("says"))
        .col(text_null("row_text"))
        .primary_key(Index::create().col("import_id").col("row_number").col("ordinal"))
        .foreign_key(&mut refers("import_id", "call_imports", "id"))
        .take()
}

fn callers() -> TableCreateStatement {
    table("callers")
        .col(uuid("id").primary_key())
        .col(text("key"))
        .col(text("kind"))
        .col(text_null("number"))
        .col(text_null("name"))
        .col(text_null("location"))
        .col(uuid_null("person_id"))
        .col(timestamp_with_time_zone("noted_at"))
        .foreign_key(&mut refers("person_id", "people", "id"))
        .take()
}

/// Where the rows come in is a column and no foreign key: a million rows are not asked one by one.
fn calls() -> TableCreateStatement {
    table("calls")
        .col(uuid("id").primary_key())
        .col(text("system"))
        .col(text("source_ref"))
        .col(integer("precedence"))
        .col(uuid_null("import_id"))
        .col(uuid_null("caller_id"))
        .col(text("caller_kind"))
        .col(text("direction"))
        .col(text("channel"))
        .col(timestamp_with_time_zone("started_at"))
        .col(integer_null("seconds"))
        .col(text_null("number"))
        .col(boolean("withheld"))
        .col(text_null("caller_name"))
        .col(text_null("location"))
        .col(text_null("area"))
        .col(text_null("subject"))
        .col(text_null("details"))
        .col(text_null("actions"))
        .col(text_null("result"))
        .col(text_null("route"))
        .col(text_null("cad_ref"))
        .col(uuid("call_id"))
        .col(boolean("counts"))
        .col(uuid_null("contact_id"))
        .col(timestamp_with_time_zone("recorded_at"))
        .col(timestamp_with_time_zone_null("withdrawn_at"))
        .take()
}
