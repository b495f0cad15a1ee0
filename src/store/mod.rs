//! Floor 1: the only place that knows SQL and `entities`. One file a noun.
//!
//! Writing has one door, [`Store::write`]: one call a use case, events, read tables and jobs together. Reading has its
//! own connections, [`Store::reader`]. Functions on a noun take either (`&impl ConnectionTrait`), so a decision that
//! depends on what it reads passes its `tx`, and a page that only shows passes the reader.

// How it is kept.
mod canonical;
mod checkpoint;
mod connect;
mod dialect;
mod error;
mod feed;
mod file;
mod page;
mod together;
mod writer;

// What happened, and what is to be done about it.
pub mod dead_letters;
pub mod events;
pub mod jobs;

// What can be proved afterwards, and what is left after a fire.
pub mod access_log;
pub mod backup;
pub mod disposal;
pub mod seals;
pub mod table_copy;
pub mod verify;

// Who signs in, and what was answered them.
pub mod clients;
pub mod covers;
pub mod credentials;
pub mod delegations;
pub mod idempotency;
pub mod keys;
pub mod officers;

// What is decided.
pub mod agenda;
pub mod broken_glass;
pub mod case_facts;
pub mod case_states;
pub mod case_steps;
pub mod cases;
pub mod drafts;
pub mod mail_references;
pub mod mailbox_folders;
pub mod mails;
pub mod meetings;
pub mod notices;
pub mod register_texts;
pub mod tasks;

// What is coordinated about repeat callers.
pub mod caller_months;
pub mod desk_notes;
pub mod nominated_callers;
pub mod partner_contacts;
pub mod programme_costs;
pub mod programme_meetings;

// The people, what they sent, and what binds them.
pub mod adjustments;
pub mod call_imports;
pub mod call_records;
pub mod caller_markers;
pub mod callers;
pub mod calls;
pub mod complaints_about;
pub mod contacts;
pub mod delivery_reports;
pub mod equality_monitoring;
pub mod identifiers;
pub mod nominations;
pub mod outbox;
pub mod outgoing;
pub mod outgoing_attempts;
pub mod people;
pub mod report_counts;
pub mod screener;
pub mod sending_stops;
pub mod strategies;
pub mod undeliverable;

// Who is told what happens.
pub mod webhook_deliveries;
pub mod webhooks;

pub use canonical::{json_without_nul, without_nul};
pub use connect::StoreSettings;
pub use error::{Cause, StoreError, WriteError};
pub use together::Together;

use access_log::AccessLog;
use connect::{Place, Use, open};
use futures_util::FutureExt;
use migrations::{AccessLogMigrator, Migrator, MigratorTrait};
use sea_orm::{DatabaseConnection, DbErr, TransactionTrait};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use tokio::sync::watch;
use uuid::Uuid;
use writer::{Writer, in_time};

/// What a write is done through. It sees what it has written so far; nobody else does before the commit.
pub type Tx = sea_orm::DatabaseTransaction;

/// The database. Cheap to clone; all clones are closed together.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    place: Place,
    settings: StoreSettings,
    door: Door,
    reader: DatabaseConnection,
    access_log: AccessLog,
    /// How many writes this process has done.
    written: watch::Sender<u64>,
}

enum Door {
    /// SQLite: one pen, and what is waiting shares a commit.
    Grouped(Writer),
    /// PostgreSQL: a transaction each.
    Own(DatabaseConnection),
}

impl Store {
    /// Opens the database that `url` names (`sqlite://…` or `postgres://…`) and brings its schema up to date; a SQLite
    /// file is made if there is none.
    ///
    /// # Errors
    /// `Unavailable` when it cannot be reached.
    pub async fn connect(url: &str, settings: StoreSettings) -> Result<Self, StoreError> {
        let place = Place::parse(url)?;
        migrate(&place, &place.of_access_log(), &settings).await?;
        Self::open(place, settings).await
    }

    /// On a schema that is up to date.
    async fn open(place: Place, settings: StoreSettings) -> Result<Self, StoreError> {
        let reader = open(&place, Use::Read, &settings).await?;
        let door = match &place {
            Place::Sqlite(_) => Door::Grouped(Writer::start("store-writer", place.clone(), settings.clone())?),
            Place::Postgres { .. } => Door::Own(open(&place, Use::Write, &settings).await?),
        };
        let access_log = AccessLog::open(&place.of_access_log(), &settings).await?;
        let written = watch::Sender::new(0);
        Ok(Self(Arc::new(Inner { place, settings, door, reader, access_log, written })))
    }

    /// Opens a database that is there, to look at it as it is: nothing is made and no schema is brought forward.
    ///
    /// # Errors
    /// `Unavailable` when there is no database, or it cannot be reached; `NoAccessLog`; `OlderSchema`.
    pub async fn connect_existing(url: &str, settings: StoreSettings) -> Result<Self, StoreError> {
        let place = Place::parse(url)?;
        place.file_identity()?;
        place.of_access_log().file_identity().map_err(|_gone| StoreError::NoAccessLog)?;
        let store = Self::open(place, settings).await?;
        let pending = pending(store.reader(), store.access_log().reader()).await;
        match pending {
            Ok(0) => Ok(store),
            Ok(_) => {
                store.close().await;
                Err(StoreError::OlderSchema)
            }
            Err(error) => {
                store.close().await;
                Err(error)
            }
        }
    }

    /// Whether `url` names a database of a kind that we can use; asks nobody.
    ///
    /// # Errors
    /// `Unavailable`, with what is wrong with it; never a password.
    pub fn can_be_named(url: &str) -> Result<(), StoreError> {
        Place::parse(url).map(drop)
    }

    /// For reading what is shown. Decisions read through the `tx` of their write.
    pub fn reader(&self) -> &DatabaseConnection {
        &self.0.reader
    }

    /// For reading several things at once while somebody waits on the line.
    pub fn together(&self) -> Together<'_> {
        Together::on(&self.0.reader)
    }

    /// Opens all connections for reading, so that nobody who asks first waits for it.
    ///
    /// # Errors
    /// `Unavailable` when the database cannot be reached.
    pub async fn warm_up(&self) -> Result<(), StoreError> {
        let ask = |_: u32| events::last_position(self.reader());
        futures_util::future::try_join_all((0..self.0.settings.readers).map(ask)).await.map(drop)
    }

    /// Where looks at personal data are written down.
    pub fn access_log(&self) -> &AccessLog {
        &self.0.access_log
    }

    /// Runs `closure` in a transaction and answers after its commit is on the disk. The closure owns what it needs,
    /// does nothing slow (no network, no parsing, no hashing of mail: on SQLite everybody waits for it) and returns at
    /// the first error it does not expect.
    ///
    /// A write may be tried again by whoever asked, so it is keyed by what caused it. On SQLite it runs to its end even
    /// when whoever asked goes away; on PostgreSQL it is undone then.
    ///
    /// # Errors
    /// `Refused` with the closure's own error, `Failed` when the store could not; nothing of it is stored then.
    pub async fn write<T, E, F>(&self, closure: F) -> Result<T, WriteError<E>>
    where
        T: Send + 'static,
        E: Send + 'static,
        F: AsyncFnOnce(&Tx) -> Result<T, E> + Send + 'static,
    {
        let Some(request) = idempotency::current() else { return self.write_unmarked(closure).await };
        let marked = self.write_unmarked(async move |tx: &Tx| {
            let value = closure(tx).await.map_err(WriteError::Refused)?;
            request.mark_acted_on(tx).await.map_err(WriteError::Failed)?;
            Ok(value)
        });
        marked.await.map_err(|error| match error {
            WriteError::Refused(inner) => inner,
            WriteError::Failed(error) => WriteError::Failed(error),
        })
    }

    async fn write_unmarked<T, E, F>(&self, closure: F) -> Result<T, WriteError<E>>
    where
        T: Send + 'static,
        E: Send + 'static,
        F: AsyncFnOnce(&Tx) -> Result<T, E> + Send + 'static,
    {
        if is_inside_a_write() {
            return Err(WriteError::Failed(StoreError::Nested));
        }
        let written = match &self.0.door {
            Door::Grouped(writer) => writer.write(closure).await,
            Door::Own(database) => write_alone(database, &self.0.settings, closure).await,
        };
        if written.is_ok() {
            page::forget();
            self.0.written.send_modify(|count| *count = count.wrapping_add(1));
        }
        written
    }

    /// Changes whenever this process has written something: work may be waiting.
    pub fn written(&self) -> watch::Receiver<u64> {
        self.0.written.subscribe()
    }

    /// Brings the schema up to date. Does nothing when it is.
    ///
    /// # Errors
    /// `Unavailable` when the database cannot be reached; a step that fails leaves nothing behind.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        migrate(&self.0.place, &self.0.place.of_access_log(), &self.0.settings).await
    }

    /// Whether the schema is the one this program was built for, neither older nor newer.
    ///
    /// # Errors
    /// `Unavailable` when the database cannot be reached.
    pub async fn is_current(&self) -> Result<bool, StoreError> {
        match Migrator::get_pending_migrations_read_only(self.reader()).await {
            Ok(pending) => Ok(pending.is_empty()),
            Err(DbErr::Custom(_it_is_newer)) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Lets the writes that are waiting finish and closes every connection, of all clones.
    pub async fn close(&self) {
        match &self.0.door {
            Door::Grouped(writer) => writer.close().await,
            Door::Own(database) => close(database).await,
        }
        self.0.access_log.close().await;
        close(&self.0.reader).await;
    }
}

tokio::task_local! {
    static INSIDE_A_WRITE: ();
}

/// Whether a closure of [`Store::write`] is asking.
fn is_inside_a_write() -> bool {
    INSIDE_A_WRITE.try_with(|()| ()).is_ok()
}

/// Keeps everybody else who asks for one of these things from going on until this write ends, and waits for whoever asked
/// before. For decisions that rest on more rows than one and are written into others, such as a person's verdicts, which
/// rest on all of the person's contacts: two at once on PostgreSQL would each miss what the other writes. Ask before
/// reading, and for all of them at once. On SQLite one writes at a time anyway.
pub async fn hold(tx: &Tx, ids: &[Uuid]) -> Result<(), StoreError> {
    dialect::hold(tx, ids).await
}

/// Runs a closure's future so that a write asked for inside it is refused instead of waiting for itself for ever.
async fn inside<F: Future>(closure: F) -> F::Output {
    INSIDE_A_WRITE.scope((), closure).await
}

/// A transaction for one write alone, on PostgreSQL.
async fn write_alone<T, E, F>(
    database: &DatabaseConnection,
    settings: &StoreSettings,
    closure: F,
) -> Result<T, WriteError<E>>
where
    F: AsyncFnOnce(&Tx) -> Result<T, E>,
{
    #[expect(clippy::disallowed_methods, reason = "this is the write door of PostgreSQL")]
    let tx = in_time(settings.answer_limit(), database.begin()).await.map_err(WriteError::Failed)?;
    let run = AssertUnwindSafe(tokio::time::timeout(settings.write_limit, inside(closure(&tx))));
    let ended = match run.catch_unwind().await {
        Ok(Ok(Ok(value))) => {
            return in_time(settings.answer_limit(), tx.commit()).await.map_err(WriteError::Failed).map(|()| value);
        }
        Ok(Ok(Err(refused))) => WriteError::Refused(refused),
        Ok(Err(_elapsed)) => WriteError::Failed(StoreError::TooSlow),
        Err(_panic) => WriteError::Failed(StoreError::Panicked),
    };
    if let Err(error) = in_time(settings.answer_limit(), tx.rollback()).await {
        tracing::warn!(%error, "a write was not undone by us; the server undoes it when the connection closes");
    }
    Err(ended)
}

/// How many steps the schema of database and access log is behind this program.
async fn pending(database: &DatabaseConnection, access_log: &DatabaseConnection) -> Result<usize, StoreError> {
    let of_database = Migrator::get_pending_migrations_read_only(database).await.map_err(newer_or_failed)?;
    let of_log = AccessLogMigrator::get_pending_migrations_read_only(access_log).await.map_err(newer_or_failed)?;
    Ok(of_database.len() + of_log.len())
}

/// On connections of its own that are closed afterwards: changing the schema leaves settings behind on them.
async fn migrate(place: &Place, access_log: &Place, settings: &StoreSettings) -> Result<(), StoreError> {
    let schema = open(place, Use::Schema, settings).await?;
    dialect::hold_the_schema(&schema).await?;
    let migrated = Migrator::up(&schema, None).await.map_err(newer_or_failed);
    let adopted = dialect::adopt_events(&schema).await;
    close(&schema).await;
    migrated.and(adopted)?;
    let schema = open(access_log, Use::Schema, settings).await?;
    dialect::hold_the_schema(&schema).await?;
    let migrated = AccessLogMigrator::up(&schema, None).await;
    close(&schema).await;
    migrated.map_err(newer_or_failed)
}

fn newer_or_failed(error: DbErr) -> StoreError {
    if let DbErr::Custom(_steps_we_do_not_know) = error {
        return StoreError::Unavailable(Cause::new("a newer release has changed the schema of this database"));
    }
    error.into()
}

async fn close(database: &DatabaseConnection) {
    if let Err(error) = database.close_by_ref().await {
        tracing::warn!(%error, "a connection did not close");
    }
}
