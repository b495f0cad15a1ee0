//! Opening: which database a URL names, and the pools on it.
//!
//! Every SQLite pool made here refuses to lend a connection that is still inside a transaction: after a COMMIT that
//! failed on a full disk such a connection would acknowledge writes and never store them.

use super::checkpoint;
use super::error::{Cause, StoreError};
use super::file::{DatabaseFile, FileIdentity};
use sea_orm::sqlx;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// How much the store may take and how long it may wait. The default suits one machine.
#[derive(Clone, Debug)]
pub struct StoreSettings {
    /// Connections for reading.
    pub readers: u32,
    /// Connections for writing; PostgreSQL only, SQLite has one pen.
    pub writers: u32,
    /// Writes that may share one commit; SQLite only.
    pub most_in_a_commit: usize,
    /// How long one write may run before it is undone.
    pub write_limit: Duration,
    /// How long one question may run before the server gives it up; PostgreSQL only.
    pub read_limit: Duration,
    /// How long to wait for a connection, or for another process to put down the pen, before giving up.
    pub patience: Duration,
}

impl Default for StoreSettings {
    fn default() -> Self {
        Self {
            readers: 8,
            writers: 16,
            most_in_a_commit: 64,
            write_limit: Duration::from_secs(20),
            read_limit: Duration::from_secs(120),
            patience: Duration::from_secs(10),
        }
    }
}

impl StoreSettings {
    /// How long beginning and ending a transaction may take: as long as waiting for the pen and the longest write.
    pub(super) fn answer_limit(&self) -> Duration {
        self.patience + self.write_limit
    }
}

/// Where the data are.
#[derive(Clone, Debug)]
pub(super) enum Place {
    Sqlite(DatabaseFile),
    Postgres { url: String },
}

impl Place {
    /// # Errors
    /// `Unavailable` when the URL names neither a SQLite file nor a PostgreSQL database.
    pub(super) fn parse(url: &str) -> Result<Self, StoreError> {
        let not_usable = |why: &str| StoreError::Unavailable(Cause::new(format!("the database URL {why}")));
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Place::Postgres { url: url.to_owned() });
        }
        if !url.starts_with("sqlite:") {
            return Err(not_usable("must start with sqlite:// or postgres://"));
        }
        if url.contains(":memory:") || url.contains("mode=memory") {
            return Err(not_usable("names a database in memory, which keeps nothing"));
        }
        let options =
            SqliteConnectOptions::from_str(url).map_err(|error| not_usable(&format!("is not valid: {error}")))?;
        match options.get_filename() {
            path if path.as_os_str().is_empty() => Err(not_usable("names no file")),
            path => Ok(Place::Sqlite(DatabaseFile::new(path.to_owned()))),
        }
    }

    /// Which file is in the place; none on PostgreSQL.
    ///
    /// # Errors
    /// `Unavailable` when the file is gone.
    pub(super) fn file_identity(&self) -> Result<Option<FileIdentity>, StoreError> {
        match self {
            Place::Sqlite(file) => file.identity().map(Some),
            Place::Postgres { .. } => Ok(None),
        }
    }

    /// # Errors
    /// `Unavailable` when the file that was opened is not in the place any more.
    pub(super) fn must_still_hold(&self, opened: Option<FileIdentity>) -> Result<(), StoreError> {
        if self.file_identity()? == opened {
            return Ok(());
        }
        Err(StoreError::Unavailable(Cause::new("another database file was put into the place of ours")))
    }

    /// The log of who looked: beside the database on SQLite, inside it on PostgreSQL.
    pub(super) fn of_access_log(&self) -> Place {
        match self {
            Place::Postgres { url } => Place::Postgres { url: url.clone() },
            Place::Sqlite(file) => {
                let mut path = file.path().as_os_str().to_owned();
                path.push(".access.db");
                Place::Sqlite(DatabaseFile::new(PathBuf::from(path)))
            }
        }
    }
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// Changing the schema: one connection, makes the SQLite file if there is none. To be closed afterwards.
    Schema,
    Write,
    /// The database itself refuses to write through these.
    Read,
    /// Copying SQLite's log into the file.
    Checkpoint,
}

pub(super) async fn open(
    place: &Place,
    purpose: Use,
    settings: &StoreSettings,
) -> Result<DatabaseConnection, StoreError> {
    let mut options = match place {
        Place::Sqlite(file) => {
            if purpose == Use::Schema {
                file.make_if_missing()?;
            }
            sqlite(file, purpose, settings)
        }
        Place::Postgres { url } => postgres(url, purpose, settings),
    };
    options.acquire_timeout(settings.patience).sqlx_logging(false).record_stmt_in_spans(false);
    Ok(Database::connect(options).await?)
}

fn sqlite(file: &DatabaseFile, purpose: Use, settings: &StoreSettings) -> ConnectOptions {
    let mut options = ConnectOptions::new("sqlite:evenhand.db"); // the file's name is set below, unescaped
    let (place, patience) = (file.clone(), settings.patience);
    options.map_sqlx_sqlite_opts(move |sqlite: SqliteConnectOptions| {
        let sqlite = sqlite
            .filename(place.path())
            .create_if_missing(false)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(patience)
            .row_buffer_size(200)
            .pragma("temp_store", "memory");
        match purpose {
            Use::Read => sqlite.pragma("cache_size", "-20000").pragma("query_only", "on"),
            // The one writer keeps the pages of its indexes at hand.
            Use::Schema | Use::Write => {
                let sqlite = sqlite.journal_mode(SqliteJournalMode::Wal).pragma("cache_size", "-65536");
                checkpoint::pragmas().into_iter().fold(sqlite, |sqlite, (name, value)| sqlite.pragma(name, value))
            }
            Use::Checkpoint => sqlite.pragma("query_only", "on"),
        }
    });
    let place = file.clone();
    options.map_sqlx_sqlite_before_acquire(move |connection, metadata| {
        let trusted = !sqlx::Connection::is_in_transaction(connection) && place.was_there_for(metadata.age);
        Box::pin(std::future::ready(Ok(trusted)))
    });
    match purpose {
        Use::Schema | Use::Write | Use::Checkpoint => options.max_connections(1),
        Use::Read => options.max_connections(settings.readers),
    };
    // Opening one again takes longer than keeping it: it reads the whole schema.
    options.idle_timeout(None).max_lifetime(None);
    // The file is looked at above; a thread of this process need not be asked whether it is still there.
    options.test_before_acquire(false);
    options
}

/// How long a connection that was written through may take to say that it is still there.
const SIGN_OF_LIFE: Duration = Duration::from_secs(5);

fn postgres(url: &str, purpose: Use, settings: &StoreSettings) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    let millis = |limit: Duration| limit.as_millis().to_string();
    let (write_limit, read_limit) = (millis(settings.write_limit), millis(settings.read_limit));
    options.map_sqlx_postgres_opts(move |postgres| {
        let postgres = postgres.application_name("evenhand").options([
            ("TimeZone", "UTC"),
            ("synchronous_commit", "on"),
            ("client_min_messages", "warning"),
        ]);
        match purpose {
            Use::Schema | Use::Checkpoint => postgres,
            Use::Write => postgres.options([("statement_timeout", write_limit.as_str())]),
            Use::Read => {
                postgres.options([("default_transaction_read_only", "on"), ("statement_timeout", read_limit.as_str())])
            }
        }
    });
    if purpose == Use::Write {
        // A pool waits for whatever is given back to it. One that the other side has silently left is thrown away.
        options.map_sqlx_postgres_pool_opts(|pool| {
            pool.after_release(|connection, _| {
                Box::pin(async move {
                    let there = tokio::time::timeout(SIGN_OF_LIFE, sqlx::Connection::ping(connection)).await;
                    there.unwrap_or(Err(sqlx::Error::PoolTimedOut)).map(|()| true)
                })
            })
        });
    }
    match purpose {
        Use::Schema | Use::Checkpoint => options.max_connections(1),
        Use::Write => options.max_connections(settings.writers),
        Use::Read => options.max_connections(settings.readers),
    };
    options
}
