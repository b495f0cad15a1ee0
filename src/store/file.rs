//! Whether the database file is still the one that was opened.
//!
//! SQLite goes on writing happily to a file that was deleted or moved away, and all of it is lost when the last
//! connection closes. So whoever is about to trust a connection asks here first; it costs one `stat`.

use super::error::{Cause, StoreError};
use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The place where a database file belongs.
#[derive(Clone, Debug)]
pub(super) struct DatabaseFile {
    path: Arc<PathBuf>,
    last_seen: Arc<Mutex<Option<Seen>>>,
}

#[derive(Clone, Copy, Debug)]
struct Seen {
    identity: FileIdentity,
    since: Instant,
}

/// Tells two files apart that stood in the same place one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileIdentity {
    device: u64,
    inode: u64,
}

impl DatabaseFile {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path: Arc::new(path), last_seen: Arc::default() }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Makes an empty file in the place if there is none: SQLite would let everybody read it.
    ///
    /// # Errors
    /// `Unavailable` when there is no such folder, or nothing may be made in it.
    pub(super) fn make_if_missing(&self) -> Result<(), StoreError> {
        match make_private(self.path()) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) => {
                Err(StoreError::Unavailable(Cause::new(format!("the database file cannot be made: {error}"))))
            }
        }
    }

    /// # Errors
    /// `Unavailable` when there is no file in the place.
    pub(super) fn identity(&self) -> Result<FileIdentity, StoreError> {
        let gone =
            |error| StoreError::Unavailable(Cause::new(format!("the database file is not in its place: {error}")));
        let metadata = std::fs::metadata(self.path()).map_err(gone)?;
        Ok(FileIdentity { device: metadata.dev(), inode: metadata.ino() })
    }

    /// Whether `other` is one of the files that this database is made of: by its name, through a link, or because it is
    /// the same file under another name.
    pub(super) fn is_made_of(&self, other: &Path) -> bool {
        SIDES.iter().any(|side| {
            let mut own = self.path.as_os_str().to_owned();
            own.push(side);
            let own = PathBuf::from(own);
            place_of(&own) == place_of(other) || same_file(&own, other)
        })
    }

    /// Whether a pooled connection of this age was opened on the file that is in the place now.
    pub(super) fn was_there_for(&self, age: Duration) -> bool {
        let Ok(identity) = self.identity() else { return false };
        let mut last_seen = self.last_seen.lock().unwrap_or_else(PoisonError::into_inner);
        match *last_seen {
            Some(seen) if seen.identity == identity => age <= seen.since.elapsed(),
            Some(_) => {
                *last_seen = Some(Seen { identity, since: Instant::now() });
                false
            }
            None => {
                // The first look: every connection there is was opened on this file.
                *last_seen =
                    Some(Seen { identity, since: Instant::now().checked_sub(age).unwrap_or_else(Instant::now) });
                true
            }
        }
    }
}

/// What SQLite puts beside a file.
const SIDES: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// Where a path leads once every link is followed; the file itself need not be there.
fn place_of(path: &Path) -> PathBuf {
    if let Ok(place) = path.canonicalize() {
        return place;
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    folder.join(path.file_name().unwrap_or_default())
}

fn same_file(one: &Path, other: &Path) -> bool {
    let identity = |path: &Path| std::fs::metadata(path).map(|found| (found.dev(), found.ino())).ok();
    identity(one).is_some_and(|one| identity(other) == Some(one))
}

/// Makes an empty file that only its owner may read.
pub(super) fn make_private(path: &Path) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map(|_made| ())
}
