//! SQLite's write-ahead log is copied into the database file beside the work, not inside the commit that fills it.
//!
//! While much is written, copying takes tens of milliseconds of a processor several times a second, and whoever reads at
//! that moment would share the machine with it. So a thread of the lowest priority does it: it holds nothing that
//! readers or the pen wait for. What was written meanwhile is little; the pen copies that between two groups of writes,
//! so that the log begins anew instead of growing for as long as writes go on (sqlite.org/wal.html, "Avoiding
//! Excessively Large WAL Files"). Where this thread gets no turn, SQLite itself copies inside a commit, as ever, when
//! the log holds [`PAGES_AT_MOST`].

use super::connect::{Place, StoreSettings, Use, open};
use super::error::StoreError;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;
use thread_priority::ThreadPriority;
use thread_priority::unix::{
    NormalThreadSchedulePolicy, ThreadSchedulePolicy, set_thread_priority_and_policy, thread_native_id,
};

/// A longer log is copied; it is cut back to this when it begins anew.
const BYTES: u64 = 16_000_000;
/// Pages in the log from which on SQLite copies them inside a commit: 160 MB.
const PAGES_AT_MOST: u32 = 40_000;

/// What the pen's connection is told of the log.
pub(super) fn pragmas() -> [(&'static str, String); 2] {
    [("journal_size_limit", BYTES.to_string()), ("wal_autocheckpoint", PAGES_AT_MOST.to_string())]
}

/// What the pen knows of the copying.
pub(super) struct Checkpoint {
    place: Place,
    settings: StoreSettings,
    log: PathBuf,
    /// Copies, or has copied and leaves the rest to the pen.
    copying: Option<JoinHandle<()>>,
}

impl Checkpoint {
    /// `None` where there is no such log: on PostgreSQL.
    pub(super) fn of(place: &Place, settings: &StoreSettings) -> Option<Self> {
        let Place::Sqlite(file) = place else { return None };
        let mut log = file.path().as_os_str().to_owned();
        log.push("-wal");
        Some(Self { place: place.clone(), settings: settings.clone(), log: log.into(), copying: None })
    }

    /// Something was committed through this connection. Has a long log copied, and copies what was left of it.
    pub(super) async fn committed(&mut self, connection: &DatabaseConnection) {
        match self.copying.take() {
            Some(copying) if copying.is_finished() => copy(connection).await,
            Some(copying) => self.copying = Some(copying),
            None if is_long(&self.log) => match start(self.place.clone(), self.settings.clone()) {
                Ok(copying) => self.copying = Some(copying),
                Err(error) => tracing::warn!(%error, "no thread copies the write-ahead log; commits do"),
            },
            None => {}
        }
    }

    /// Lets the thread finish what it copies.
    pub(super) fn close(self) {
        if let Some(copying) = self.copying {
            let _it_said_what_went_wrong = copying.join();
        }
    }
}

fn start(place: Place, settings: StoreSettings) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name("checkpoint".to_owned()).spawn(move || {
        // The thread in which SQLite works is started by this one, and is as patient.
        let when_idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
        if let Err(error) = set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, when_idle) {
            tracing::debug!(%error, "the thread that copies the write-ahead log has the priority of others");
        }
        // Made here: whoever has the pen works in a runtime already, in which no other may be dropped.
        match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime.block_on(work(place, settings)),
            Err(error) => tracing::warn!(%error, "the write-ahead log is not copied beside the work; commits copy it"),
        }
    })
}

async fn work(place: Place, settings: StoreSettings) {
    let connection = match open(&place, Use::Checkpoint, &settings).await {
        Ok(connection) => connection,
        Err(error) => {
            tracing::warn!(%error, "the write-ahead log could not be opened to be copied; the pen copies it");
            return;
        }
    };
    // The second time there is little: what was written during the first.
    copy(&connection).await;
    copy(&connection).await;
    if let Err(error) = connection.close().await {
        tracing::warn!(%error, "the connection that copied the write-ahead log did not close");
    }
}

/// Copies as much as can be copied without waiting for anybody.
async fn copy(connection: &DatabaseConnection) {
    let passive = Statement::from_string(connection.get_database_backend(), "PRAGMA wal_checkpoint(PASSIVE)");
    if let Err(error) = connection.query_one_raw(passive).await.map_err(StoreError::from) {
        // Nothing is lost by it: what is in the log is in the database.
        tracing::warn!(%error, "the write-ahead log was not copied into the database file");
    }
}

/// Whether the log has grown beyond what it is cut back to when it begins anew. It is asked for its size and not opened:
/// closing one of SQLite's files gives up every lock that this process holds on it (sqlite.org/howtocorrupt.html §2.2).
fn is_long(log: &Path) -> bool {
    std::fs::metadata(log).is_ok_and(|found| found.len() > BYTES)
}
