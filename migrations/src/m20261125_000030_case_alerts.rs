//! When somebody is next to be told something of a case, and until when its deadline stands.

use crate::draw::index;
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
        let columns = [timestamp_with_time_zone_null("next_alert_at").take(), date_null("paused_until").take()];
        for mut column in columns {
            manager.alter_table(Table::alter().table("cases").add_column(&mut column).take()).await?;
        }
        manager.create_index(index("cases", &["next_alert_at"])).await?;
        manager.create_index(index("cases", &["due_at"])).await?;
        // Each open case is looked at once; what its own definition does not ask for is not told.
        manager.get_connection().execute_unprepared("UPDATE cases SET next_alert_at = state_since").await?;
        Ok(())
    }
}
