//! Where SQLite and PostgreSQL differ: the only place that asks which of the two it is talking to.

use super::error::StoreError;
use sea_orm::{ConnectionTrait, DbBackend};

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
