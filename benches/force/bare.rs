//! The database itself, without the house: what the machine gives today.

use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use std::time::Duration;

/// One connection on SQLite, which has one writer anyway; sixteen on PostgreSQL.
pub async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(if url.starts_with("sqlite") { 1 } else { 16 }).sqlx_logging(false);
    options.map_sqlx_sqlite_opts(|sqlite| {
        use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
        sqlite
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10))
    });
    Database::connect(options).await.unwrap()
}

/// Immediate on SQLite: who writes waits at the door and not in the middle.
pub async fn begin(db: &DatabaseConnection) -> DatabaseTransaction {
    let mut immediate = TransactionOptions::default();
    if db.get_database_backend() == sea_orm::DbBackend::Sqlite {
        immediate.sqlite_transaction_mode = Some(SqliteTransactionMode::Immediate);
    }
    db.begin_with_options(immediate).await.unwrap()
}
