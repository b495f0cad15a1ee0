//! Copies of everything in one file, and the way back. The same file serves both databases: it is a SQLite file with
//! our own tables, so a force can move from one to the other by a backup and a restore.
//!
//! Keys of the token issuer are in it, and everything about everybody: only its owner may read the file.

use super::access_log::{self, LastEntry};
use super::connect::{Place, StoreSettings, Use, open};
use super::file::DatabaseFile;
use super::table_copy::{Copied, TABLES, copy_access_log, copy_tables};
use super::{Cause, Store, StoreError, close, dialect, migrate};
use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Why there is no backup, or why nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the file cannot be used")]
    File(#[from] io::Error),
    #[error("the file is not a backup of ours")]
    NotABackup,
    /// The file is the database in use, or its access log.
    #[error("the file is the database itself, or part of it")]
    TheDatabaseItself,
    /// The seals in the backup vouch for another log of who looked than the one in place, which is never deleted.
    #[error("the access log in place is not the one that the backup knows")]
    AnotherAccessLog,
    /// Restoring would mix two histories.
    #[error("the database is not empty")]
    NotEmpty,
}

/// What becomes of what is in the database that is restored into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Present {
    /// Nothing may be there.
    MustBeEmpty,
    /// It is deleted; the access log stays if there is one.
    IsReplaced,
}

/// Writes everything, as it is at this moment, into `file`: at once and whole, or not at all. Whatever `file` was
/// before is replaced. Others may read and write meanwhile.
pub async fn backup(store: &Store, file: &Path) -> Result<Copied, BackupError> {
    must_be_another_file(store, file)?;
    let part = PartFile::beside(file)?;
    let place = Place::Sqlite(DatabaseFile::new(part.path.clone()));
    let alone = StoreSettings::default();
    migrate(&place, &place, &alone).await?;
    let target = open(&place, Use::Schema, &alone).await?;
    let copied = fill(store, &target).await;
    // One file, without a log beside it.
    let joined = target.execute_unprepared("PRAGMA journal_mode = DELETE").await.map_err(StoreError::from);
    close(&target).await;
    let copied = copied.and_then(|copied| joined.map(|_| copied))?;
    part.become_file(file)?;
    Ok(copied)
}

/// # Errors
/// `TheDatabaseItself` when `file`, by whatever name, is one of the files that the database is made of.
fn must_be_another_file(store: &Store, file: &Path) -> Result<(), BackupError> {
    for place in [store.0.place.clone(), store.0.place.of_access_log()] {
        let Place::Sqlite(database) = place else { continue };
        if database.is_made_of(file) {
            return Err(BackupError::TheDatabaseItself);
        }
    }
    Ok(())
}

async fn fill(store: &Store, target: &DatabaseConnection) -> Result<Copied, StoreError> {
    let tx = dialect::begin_write(target).await?;
    let snapshot = dialect::snapshot(store.reader()).await?;
    let mut copied = copy_tables(&snapshot, &tx).await?;
    snapshot.rollback().await.map_err(StoreError::from)?;
    let snapshot = dialect::snapshot(store.access_log().reader()).await?;
    copied.extend(copy_access_log(&snapshot, &tx).await?);
    snapshot.rollback().await.map_err(StoreError::from)?;
    tx.commit().await.map_err(StoreError::from)?;
    Ok(copied)
}

/// Puts what is in the backup `file` into the database: all of it in one transaction, or none. The access log is a
/// second transaction, and one that has entries is never touched: it says who looked since.
///
/// Stop the server first; it would go on with what it has read before. Whoever calls this verifies the history after.
pub async fn restore(store: &Store, file: &Path, present: Present) -> Result<Copied, BackupError> {
    must_be_another_file(store, file)?;
    if present == Present::MustBeEmpty && !is_empty(store.reader(), &TABLES).await? {
        return Err(BackupError::NotEmpty);
    }
    fs::File::open(file)?;
    let (source, _upgraded) = open_backup(file).await?;
    let copied = pour(store, &source, present).await;
    close(&source).await;
    copied
}

async fn pour(store: &Store, source: &DatabaseConnection, present: Present) -> Result<Copied, BackupError> {
    let (place, settings) = (&store.0.place, &store.0.settings);
    let snapshot = dialect::snapshot(source).await?;
    let mut copied = Copied::new();
    let log_place = place.of_access_log();
    if is_empty(store.access_log().reader(), &["access_log"]).await? {
        let target = open(&log_place, Use::Schema, settings).await?;
        let tx = dialect::begin_write(&target).await?;
        copied.extend(copy_access_log(&snapshot, &tx).await?);
        dialect::number_on_after_restore(&tx, "access_log").await?;
        tx.commit().await.map_err(StoreError::from)?;
        close(&target).await;
    } else if !goes_on_from(store.access_log().reader(), &snapshot).await? {
        return Err(BackupError::AnotherAccessLog);
    }
    let target = open(place, Use::Schema, settings).await?;
    let tx = dialect::begin_write(&target).await?;
    match present {
        Present::MustBeEmpty => {}
        Present::IsReplaced => dialect::empty(&tx, &TABLES).await?,
    }
    dialect::begin_restoring_events(&tx).await?;
    copied.extend(copy_tables(&snapshot, &tx).await?);
    dialect::end_restoring_events(&tx).await?;
    dialect::number_on_after_restore(&tx, "events").await?;
    tx.commit().await.map_err(StoreError::from)?;
    close(&target).await;
    snapshot.rollback().await.map_err(StoreError::from)?;
    Ok(copied)
}

/// Whether the access log in place holds the last entry of the one in the backup: then it is the same, gone on since.
async fn goes_on_from(in_place: &DatabaseConnection, backup: &impl ConnectionTrait) -> Result<bool, StoreError> {
    let last = access_log::last(backup).await?;
    Ok(last == LastEntry::default() || access_log::holds(in_place, &last).await?)
}

async fn is_empty(db: &impl ConnectionTrait, tables: &[&str]) -> Result<bool, StoreError> {
    for table in tables {
        let first = format!("SELECT 1 FROM {table} LIMIT 1");
        let first = sea_orm::Statement::from_string(db.get_database_backend(), first);
        if db.query_one_raw(first).await?.is_some() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Opens a backup to read from. One of an older release is copied and brought forward first; the copy goes away with
/// the second value.
async fn open_backup(file: &Path) -> Result<(DatabaseConnection, Option<PartFile>), BackupError> {
    let alone = StoreSettings { readers: 1, ..StoreSettings::default() };
    let place = Place::Sqlite(DatabaseFile::new(file.to_owned()));
    let source = open(&place, Use::Read, &alone).await.map_err(not_a_backup)?;
    let pending = Migrator::get_pending_migrations_read_only(&source).await;
    let pending = match pending {
        Ok(pending) => pending.len(),
        Err(DbErr::Custom(_steps_we_do_not_know)) => {
            close(&source).await;
            let newer = Cause::new("the backup was made by a newer release");
            return Err(StoreError::Unavailable(newer).into());
        }
        Err(error) => {
            close(&source).await;
            return Err(not_a_backup(error.into()));
        }
    };
    if pending == 0 {
        return Ok((source, None));
    }
    close(&source).await;
    if pending == Migrator::migrations().len() {
        return Err(BackupError::NotABackup);
    }
    let copy = PartFile::beside(&std::env::temp_dir().join("evenhand-restore"))?;
    fs::copy(file, &copy.path)?;
    let place = Place::Sqlite(DatabaseFile::new(copy.path.clone()));
    migrate(&place, &place, &alone).await?;
    Ok((open(&place, Use::Read, &alone).await?, Some(copy)))
}

fn not_a_backup(error: StoreError) -> BackupError {
    if let StoreError::Corrupt { .. } = error { BackupError::NotABackup } else { error.into() }
}

/// A file in the making, readable by its owner alone. It goes away unless it is finished.
struct PartFile {
    path: PathBuf,
}

impl PartFile {
    fn beside(file: &Path) -> io::Result<Self> {
        let mut path = file.as_os_str().to_owned();
        path.push(format!(".{}.part", std::process::id()));
        let path = PathBuf::from(path);
        match fs::remove_file(&path) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        super::file::make_private(&path)?;
        Ok(Self { path })
    }

    /// Takes the place of `file` once it is on the disk.
    fn become_file(self, file: &Path) -> io::Result<()> {
        fs::File::open(&self.path)?.sync_all()?;
        fs::rename(&self.path, file)?;
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::File::open(folder)?.sync_all()
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm", "-journal"] {
            let mut path = self.path.as_os_str().to_owned();
            path.push(suffix);
            // Most of them are not there: it was renamed, or never needed.
            let _nothing_there = fs::remove_file(path);
        }
    }
}
