//! What the people who read contacts need to find: tick lists owed, queues, the case a mail answers, folded names.

use crate::draw::index;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::prelude::Uuid;
use sea_orm_migration::sea_orm::{DbBackend, TryGetable};
use unicode_normalization::UnicodeNormalization;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            ("contacts", boolean("ticks_owed").default(false).take()),
            ("contacts", boolean("flagged").default(false).take()),
            ("contacts", text_null("queues").take()),
            ("people", text("name_key").default("").take()),
        ];
        for (table, mut column) in columns {
            manager.alter_table(Table::alter().table(table).add_column(&mut column).take()).await?;
        }
        let db = manager.get_connection();
        db.execute_unprepared(&answered_case(manager.get_database_backend())).await?;
        manager.create_index(index("contacts", &["case_id"])).await?;
        manager.create_index(index("tasks", &["contact_id"])).await?;
        db.execute_unprepared(OWED).await?;
        db.execute_unprepared(FLAGGED).await?;
        fold_names(manager).await
    }
}

/// The reference is written out, because SQLite takes one with a new column and in no other way.
fn answered_case(backend: DbBackend) -> String {
    let uuid = if backend == DbBackend::Postgres { "uuid" } else { "uuid_text" };
    format!("ALTER TABLE contacts ADD COLUMN case_id {uuid} REFERENCES cases (id)")
}

const OWED: &str = "UPDATE contacts SET ticks_owed = TRUE WHERE place IN ('held', 'quarantine') AND handling = 'open'";
const FLAGGED: &str = "UPDATE contacts SET flagged = TRUE WHERE CAST(flags AS TEXT) <> '[]'";

/// In Rust, because the two databases lower letters beyond ASCII differently.
async fn fold_names(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let db = manager.get_connection();
    let names = Query::select().columns(["id", "full_name"]).from("people").take();
    for row in db.query_all(&names).await? {
        let id = Uuid::try_get_by(&row, "id")?;
        let name = String::try_get_by(&row, "full_name")?;
        let change =
            Query::update().table("people").value("name_key", folded(&name)).and_where(Expr::col("id").eq(id)).take();
        db.execute(&change).await?;
    }
    Ok(())
}

fn folded(name: &str) -> String {
    let name: String = name.nfkc().collect();
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
