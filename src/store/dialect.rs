//! Where SQLite and PostgreSQL differ: the only place that asks which of the two it is talking to.

use super::Tx;
use super::error::StoreError;
use super::events::Cursor;
use entities::events;
use sea_orm::sea_query::{LockBehavior, LockType, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait, FromQueryResult, IsolationLevel,
    QueryFilter, QueryOrder, QuerySelect, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use uuid::Uuid;

pub(super) fn is_postgres(db: &impl ConnectionTrait) -> bool {
    db.get_database_backend() == DbBackend::Postgres
}

/// Waits until no other program changes the schema, and keeps others waiting until this connection closes.
pub(super) async fn hold_the_schema(db: &impl ConnectionTrait) -> Result<(), StoreError> {
    if is_postgres(db) {
        db.execute_unprepared("SELECT pg_advisory_lock(7305921846)").await?;
    }
    Ok(())
}

/// See [`super::hold`].
pub(super) async fn hold(tx: &Tx, ids: &[Uuid]) -> Result<(), StoreError> {
    if !is_postgres(tx) || ids.is_empty() {
        return Ok(());
    }
    // A server has room for some thousands of locks, whoever holds them: things share one by the end of their ids. Two
    // that do wait for each other without need; taken in order, nobody waits in a circle.
    let mut keys: Vec<u128> = ids.iter().map(|id| id.as_u128() % 4096).collect();
    keys.sort_unstable();
    keys.dedup();
    let keys: Vec<String> = keys.iter().map(u128::to_string).collect();
    let keys = keys.join(",");
    tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock(7305, key) FROM unnest(ARRAY[{keys}]) AS key"))
        .await?;
    Ok(())
}

/// Keeps other programs from adding to the access log until this transaction ends: each entry names the one before.
pub(super) async fn hold_the_access_log(tx: &Tx) -> Result<(), StoreError> {
    if is_postgres(tx) {
        tx.execute_unprepared("SELECT pg_advisory_xact_lock(7305921847)").await?;
    }
    Ok(())
}

/// Keeps other programs from sealing until this transaction ends: each seal names the one before.
pub(super) async fn hold_the_seals(tx: &Tx) -> Result<(), StoreError> {
    if is_postgres(tx) {
        tx.execute_unprepared("SELECT pg_advisory_xact_lock(7305921848)").await?;
    }
    Ok(())
}

/// A transaction that may write from its first statement on: one that began by reading could lose its turn on SQLite.
pub(super) async fn begin_write(db: &DatabaseConnection) -> Result<Tx, StoreError> {
    let mut options = TransactionOptions::default();
    if !is_postgres(db) {
        options.sqlite_transaction_mode = Some(SqliteTransactionMode::Immediate);
    }
    Ok(db.begin_with_options(options).await?)
}

/// Deletes every row of tables that name one another.
pub(super) async fn empty(tx: &Tx, tables: &[&str]) -> Result<(), StoreError> {
    if is_postgres(tx) {
        tx.execute_unprepared(&format!("TRUNCATE {}", tables.join(", "))).await?;
        return Ok(());
    }
    tx.execute_unprepared("PRAGMA defer_foreign_keys = ON").await?;
    for table in tables {
        tx.execute_unprepared(&format!("DELETE FROM {table}")).await?;
    }
    Ok(())
}

/// Until [`end_restoring_events`], events count as older than anything written here, as [`Cursor`] explains.
pub(super) async fn begin_restoring_events(tx: &Tx) -> Result<(), StoreError> {
    if is_postgres(tx) {
        tx.execute_unprepared("ALTER TABLE events ALTER COLUMN txid SET DEFAULT 0").await?;
    }
    Ok(())
}

pub(super) async fn end_restoring_events(tx: &Tx) -> Result<(), StoreError> {
    if is_postgres(tx) {
        let default = "ALTER TABLE events ALTER COLUMN txid SET DEFAULT (pg_current_xact_id()::text::bigint)";
        tx.execute_unprepared(default).await?;
    }
    Ok(())
}

/// Events that another tool brought over from another cluster name transactions that this one has not reached: the feed
/// would wait for them. They count as restored.
pub(super) async fn adopt_events(db: &impl ConnectionTrait) -> Result<(), StoreError> {
    if is_postgres(db) {
        let ahead = "txid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint";
        db.execute_unprepared(&format!("UPDATE events SET txid = 0 WHERE {ahead}")).await?;
    }
    Ok(())
}

/// New positions follow the restored ones. SQLite sees to it itself.
pub(super) async fn number_on_after_restore(tx: &Tx, table: &str) -> Result<(), StoreError> {
    if is_postgres(tx) {
        let next = format!("(SELECT coalesce(max(position), 0) + 1 FROM {table})");
        let set = format!("SELECT setval(pg_get_serial_sequence('{table}', 'position'), {next}, false)");
        tx.execute_unprepared(&set).await?;
    }
    Ok(())
}

/// A transaction that sees the database as it is now for as long as it lasts, and writes nothing.
pub(super) async fn snapshot(reader: &DatabaseConnection) -> Result<Tx, StoreError> {
    let mut options = TransactionOptions::default();
    if is_postgres(reader) {
        options.isolation_level = Some(IsolationLevel::RepeatableRead);
    }
    let tx = reader.begin_with_options(options).await?;
    if is_postgres(&tx) {
        tx.execute_unprepared("SET LOCAL statement_timeout = 0").await?;
    }
    Ok(tx)
}

/// The last position that no event still being written can come before.
pub(super) async fn settled_position(tx: &Tx) -> Result<i64, StoreError> {
    if is_postgres(tx) {
        // Waits for whoever is writing events, and keeps others from beginning to until this transaction ends.
        tx.execute_unprepared("LOCK TABLE events IN SHARE MODE").await?;
    }
    super::events::last_position(tx).await
}

/// Keeps two workers from waiting for each other's rows. SQLite needs nothing: one writes at a time.
pub(super) fn skip_what_others_hold(db: &impl ConnectionTrait, query: &mut SelectStatement) {
    if is_postgres(db) {
        query.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
}

/// The rows of the feed after a cursor, as [`Cursor`] explains.
pub(super) async fn feed(
    db: &impl ConnectionTrait,
    after: Cursor,
    limit: u64,
) -> Result<Vec<(Cursor, events::Model)>, StoreError> {
    if is_postgres(db) {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let values = [after.transaction.into(), after.position.into(), limit.into()];
        let rows = db.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, FEED, values)).await?;
        return rows
            .into_iter()
            .map(|row| {
                let event = events::Model::from_query_result(&row, "")?;
                Ok((Cursor { transaction: row.try_get("", "txid")?, position: event.position }, event))
            })
            .collect();
    }
    let rows = events::Entity::find()
        .filter(events::Column::Position.gt(after.position))
        .order_by_asc(events::Column::Position)
        .limit(limit)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (Cursor { transaction: 0, position: row.position }, row)).collect())
}

/// The last row that [`feed`] would show now.
pub(super) async fn feed_end(db: &impl ConnectionTrait) -> Result<Cursor, StoreError> {
    if is_postgres(db) {
        let last = Statement::from_string(DbBackend::Postgres, FEED_END);
        let Some(row) = db.query_one_raw(last).await? else { return Ok(Cursor::START) };
        return Ok(Cursor { transaction: row.try_get("", "txid")?, position: row.try_get("", "position")? });
    }
    Ok(Cursor { transaction: 0, position: super::events::last_position(db).await? })
}

const FEED_END: &str = "
    SELECT txid, position FROM events WHERE txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    ORDER BY txid DESC, position DESC LIMIT 1";

/// First what came out of a backup, by position; then what was written here, by transaction and position. A cursor with
/// a transaction that this cluster has not reached was given out by another, before the backup was restored here.
const FEED: &str = "
    SELECT * FROM (
        (SELECT * FROM events WHERE txid = 0 AND position > $2 ORDER BY position LIMIT $3)
        UNION ALL
        (SELECT * FROM events
         WHERE txid > 0 AND txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
           AND (txid, position) >
               (CASE WHEN $1 < pg_snapshot_xmax(pg_current_snapshot())::text::bigint THEN $1 ELSE 0 END, $2)
         ORDER BY txid, position LIMIT $3)
    ) AS feed
    ORDER BY txid, position LIMIT $3";
