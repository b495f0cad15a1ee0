//! Forward steps of the schema, the same on SQLite and PostgreSQL.
//!
//! Each runs in a transaction of its own, so a step that fails leaves nothing behind. There is no way back: an older
//! program is given back its backup. Nothing here is DEFERRABLE and no trigger says RAISE(ROLLBACK): on SQLite either
//! would undo the writes of strangers that share a commit.

mod draw;
mod m20261122_000001_initial;
mod m20261122_000002_access_log;
mod m20261125_000003_seals_name_the_access_log;
mod m20261125_000010_desk;
mod m20261125_000020_measuring_index;
mod m20261125_000030_case_alerts;
mod m20261125_000040_covers_and_broken_glass;
mod m20261125_000041_equality_monitoring;
mod m20261125_000050_registers_and_marking;
mod m20261125_000060_mail_deliveries;
mod m20261125_000070_bounces;
mod m20261125_000080_sending;
mod m20261126_000090_mailbox_folders;
mod m20261126_000110_screener;
mod m20261126_000120_outgoing_attempts;
mod m20261126_000130_pages;
mod m20261126_000140_reading_indexes;
mod m20261127_000150_calls;
mod m20261127_000160_webhooks;
mod m20261127_000170_officer_areas;
mod m20261127_000180_call_records;
mod m20261127_000190_desk_of_callers;
mod m20261127_000230_import_headings;

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

/// The database itself.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_initial::Migration),
            Box::new(m20261125_000003_seals_name_the_access_log::Migration),
            Box::new(m20261125_000010_desk::Migration),
            Box::new(m20261125_000020_measuring_index::Migration),
            Box::new(m20261125_000030_case_alerts::Migration),
            Box::new(m20261125_000040_covers_and_broken_glass::Migration),
            Box::new(m20261125_000041_equality_monitoring::Migration),
            Box::new(m20261125_000050_registers_and_marking::Migration),
            Box::new(m20261125_000060_mail_deliveries::Migration),
            Box::new(m20261125_000070_bounces::Migration),
            Box::new(m20261125_000080_sending::Migration),
            Box::new(m20261126_000090_mailbox_folders::Migration),
            Box::new(m20261126_000110_screener::Migration),
            Box::new(m20261126_000120_outgoing_attempts::Migration),
            Box::new(m20261126_000130_pages::Migration),
            Box::new(m20261126_000140_reading_indexes::Migration),
            Box::new(m20261127_000150_calls::Migration),
            Box::new(m20261127_000160_webhooks::Migration),
            Box::new(m20261127_000170_officer_areas::Migration),
            Box::new(m20261127_000180_call_records::Migration),
            Box::new(m20261127_000190_desk_of_callers::Migration),
            Box::new(m20261127_000230_import_headings::Migration),
        ]
    }
}

/// The log of who looked: a file of its own on SQLite, one more table on PostgreSQL.
pub struct AccessLogMigrator;

#[async_trait::async_trait]
impl MigratorTrait for AccessLogMigrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(m20261122_000002_access_log::Migration)]
    }

    fn migration_table_name() -> DynIden {
        "access_log_migrations".into_iden()
    }
}
