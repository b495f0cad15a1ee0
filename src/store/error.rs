//! How the store can fail, in words a use case can act on. `DbErr` stays behind these.

use sea_orm::sqlx;
use sea_orm::{DbErr, RuntimeErr};
use std::fmt;

/// Why the database did not do what it was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// Not there, not answering, or locked for longer than we wait. Try again. When the connection broke just as a
    /// write was being committed nobody can say whether it was stored: so whatever tries again must be idempotent.
    #[error("the database cannot be reached")]
    Unavailable(#[source] Cause),
    /// No room left on the disk. What was acknowledged before is stored; this was not.
    #[error("the disk is full")]
    Full(#[source] Cause),
    /// Somebody else wrote first. Load again and decide again.
    #[error("the row moved on")]
    StaleVersion,
    /// A unique key is taken.
    #[error("there is one already")]
    Duplicate(#[source] Cause),
    /// The row names another one that is not there, or is still named by one.
    #[error("a row it refers to is not there")]
    Dangling(#[source] Cause),
    /// What is stored cannot be what we wrote.
    #[error("{what} in the database cannot be read")]
    Corrupt { what: &'static str },
    /// There is a database, but not the file in which is written down who looked.
    #[error("the access log is gone: the file beside the database is not there")]
    NoAccessLog,
    /// The schema is behind this program, and was asked to be left as it is.
    #[error("the database is of an older release; `evenhand migrate` brings it forward")]
    OlderSchema,
    /// The write took longer than its limit and was undone.
    #[error("the write took too long")]
    TooSlow,
    /// The write panicked and was undone.
    #[error("the write failed in an unforeseen way")]
    Panicked,
    /// A write was asked for inside a write, which would wait for itself for ever.
    #[error("a write was asked for inside a write")]
    Nested,
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    #[error("the database failed")]
    Other(#[source] Cause),
}

impl StoreError {
    /// Whether the database is not there now, and may be there again soon.
    pub fn is_away(&self) -> bool {
        matches!(self, StoreError::Unavailable(_) | StoreError::TooSlow | StoreError::Closed)
    }
}

/// What the driver said. Prints its message, never the values it was about.
#[derive(Clone)]
pub struct Cause(String);

impl Cause {
    pub(super) fn new(what: impl fmt::Display) -> Self {
        Cause(what.to_string())
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Cause {}

/// How a write ended when it did not end well. Either way nothing of it is stored.
#[derive(Debug, thiserror::Error)]
pub enum WriteError<E> {
    /// The closure itself said no.
    #[error("refused")]
    Refused(E),
    /// The store could not.
    #[error(transparent)]
    Failed(StoreError),
}

impl From<WriteError<StoreError>> for StoreError {
    fn from(error: WriteError<StoreError>) -> Self {
        match error {
            WriteError::Refused(error) | WriteError::Failed(error) => error,
        }
    }
}

impl From<DbErr> for StoreError {
    #[expect(clippy::wildcard_enum_match_arm, reason = "not our enum, and it may grow")]
    fn from(error: DbErr) -> Self {
        match &error {
            DbErr::RecordNotUpdated => StoreError::StaleVersion,
            DbErr::Type(_) | DbErr::Json(_) | DbErr::TryIntoErr { .. } => StoreError::Corrupt { what: "a row" },
            DbErr::ConnectionAcquire(_) => StoreError::Unavailable(Cause::new(&error)),
            DbErr::Conn(RuntimeErr::SqlxError(cause)) => match from_sqlx(cause) {
                StoreError::Other(cause) => StoreError::Unavailable(cause),
                told => told,
            },
            DbErr::Conn(_) => StoreError::Unavailable(Cause::new(&error)),
            DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => from_sqlx(cause),
            _ => StoreError::Other(Cause::new(&error)),
        }
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "not our enum, and it may grow")]
fn from_sqlx(error: &sqlx::Error) -> StoreError {
    use sqlx::Error;
    let cause = Cause::new(error);
    match error {
        Error::Database(told) => from_code(told.as_ref(), cause),
        Error::Io(_) | Error::Tls(_) | Error::Protocol(_) | Error::PoolTimedOut | Error::WorkerCrashed => {
            StoreError::Unavailable(cause)
        }
        Error::PoolClosed => StoreError::Closed,
        Error::ColumnDecode { .. } | Error::Decode(_) => StoreError::Corrupt { what: "a column" },
        _ => StoreError::Other(cause),
    }
}

fn from_code(told: &dyn sqlx::error::DatabaseError, cause: Cause) -> StoreError {
    let code = told.code().unwrap_or_default();
    if told.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
        from_sqlite_code(code.parse().unwrap_or(0), cause)
    } else {
        from_postgres_code(&code, cause)
    }
}

/// SQLite's extended result codes; the low byte is the kind.
fn from_sqlite_code(code: i32, cause: Cause) -> StoreError {
    match (code, code & 0xff) {
        (1555 | 2067 | 2579, _) => StoreError::Duplicate(cause),
        (787 | 1811, _) => StoreError::Dangling(cause),
        // The second is how SQLite says that its shared memory file could not grow.
        (_, 13) | (4874, _) => StoreError::Full(cause),
        (_, 11 | 26) => StoreError::Corrupt { what: "the database file" },
        // busy, locked, read-only, input or output failed, cannot open
        (_, 5 | 6 | 8 | 10 | 14) => StoreError::Unavailable(cause),
        _ => StoreError::Other(cause),
    }
}

/// SQLSTATE, where the first two characters are the class.
fn from_postgres_code(code: &str, cause: Cause) -> StoreError {
    match code {
        "23505" => StoreError::Duplicate(cause),
        "23503" => StoreError::Dangling(cause),
        "40001" | "40P01" => StoreError::StaleVersion,
        "53100" => StoreError::Full(cause),
        "57014" => StoreError::TooSlow,
        "55P03" | "25006" => StoreError::Unavailable(cause),
        _ if ["08", "53", "57", "58"].iter().any(|class| code.starts_with(class)) => StoreError::Unavailable(cause),
        _ if code.starts_with("XX") => StoreError::Corrupt { what: "the database" },
        _ => StoreError::Other(cause),
    }
}
