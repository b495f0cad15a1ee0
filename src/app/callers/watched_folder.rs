//! A folder that other systems put their files in: a folder a profile below it. A file that lies still is taken, read and
//! put aside with what was read before; one that cannot be read is put aside with the reason.

use super::file_rows::FileRows;
use super::import_calls::{CallFileOf, import_calls, profile};
use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::store::call_imports::{CallImport, ImportStatus};
use std::fs;
use std::io::{self, BufReader, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A file is still being written while it was changed less than so long ago.
const STILL: Duration = Duration::from_secs(10);

/// While it is read; several programs may look into one folder, and one of them takes each file.
const IN_WORK: &str = "in-work";
const DONE: &str = "done";
const REFUSED: &str = "refused";

/// Takes every file that lies still in the watched folder, where there is one. Answers the imports.
///
/// # Errors
/// What the store says: the file stays in work and is taken up again.
pub async fn look_into_folder(app: &App) -> Result<Vec<CallImport>, AppError> {
    let Some(folder) = &app.settings.imports.folder else { return Ok(Vec::new()) };
    if let Err(error) = fs::read_dir(folder) {
        tracing::error!(%error, "the watched folder for files of calls cannot be read");
    }
    let mut imports = Vec::new();
    for name in app.catalog.import_profiles().iter().map(|profile| profile.profile.clone()) {
        let of_profile = folder.join(&name);
        for found in [left_in_work(&of_profile), waiting(&of_profile)].into_iter().flatten() {
            let Some(taken) = take(app, &of_profile, &found) else { continue };
            match import(app, &name, &taken).await? {
                Ok(import) if import.status == ImportStatus::Failed => {
                    put_aside(&taken, &of_profile.join(REFUSED), import.trouble.as_deref());
                    imports.push(import);
                }
                Ok(import) => {
                    put_aside(&taken, &of_profile.join(DONE), None);
                    imports.push(import);
                }
                Err(fault) => put_aside(&taken, &of_profile.join(REFUSED), Some(&fault)),
            }
        }
    }
    Ok(imports)
}

/// Files that nobody writes to any more, by name.
fn waiting(folder: &Path) -> Vec<PathBuf> {
    files(folder, STILL)
}

/// Files that a program which ended took; one that still reads touches nothing, so they wait for an hour.
fn left_in_work(folder: &Path) -> Vec<PathBuf> {
    files(&folder.join(IN_WORK), Duration::from_secs(3_600))
}

fn files(folder: &Path, still_for: Duration) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let lies_still = |entry: &fs::DirEntry| {
        let data = entry.metadata().ok().filter(fs::Metadata::is_file);
        let changed = data.and_then(|data| data.modified().ok()).and_then(|changed| changed.elapsed().ok());
        changed.is_some_and(|ago| ago >= still_for)
    };
    let hidden = |path: &Path| path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
    let mut found: Vec<PathBuf> =
        entries.flatten().filter(lies_still).map(|entry| entry.path()).filter(|path| !hidden(path)).collect();
    found.sort();
    found
}

/// Moves it where only we look. `None`: somebody else took it, or it is not ours to move, which is said.
fn take(app: &App, folder: &Path, path: &Path) -> Option<PathBuf> {
    let target = folder.join(IN_WORK).join(path.file_name()?);
    if path != target {
        match fs::create_dir_all(folder.join(IN_WORK)).and_then(|()| fs::rename(path, &target)) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            Err(error) => {
                tracing::error!(%error, "a file of calls cannot be taken out of the watched folder");
                return None;
            }
        }
    }
    // Its time says that it is in work from now on.
    let opened = fs::File::options().append(true).open(&target);
    let _touched = opened.and_then(|file| file.set_modified(app.now().into()));
    Some(target)
}

async fn import(app: &App, name: &str, path: &Path) -> Result<Result<CallImport, String>, AppError> {
    let bytes = match fs::File::open(path) {
        Ok(file) => BufReader::new(file),
        Err(error) => return Ok(Err(format!("it cannot be opened: {error}"))),
    };
    let rows = match FileRows::open(bytes, profile(app, name)?, app.now(), app.settings.imports.most_bytes) {
        Ok(rows) => rows,
        Err(fault) => return Ok(Err(fault.to_string())),
    };
    let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let file = CallFileOf { profile: name.to_owned(), file_name };
    Box::pin(import_calls(app, &Actor::Software, file, rows, |_: &_| {})).await.map(Ok)
}

/// Puts it where nobody looks again, never over another file; with the reason beside it where it was refused.
fn put_aside(path: &Path, folder: &Path, reason: Option<&str>) {
    let Some(name) = path.file_name().map(|name| name.to_string_lossy().into_owned()) else { return };
    let free = (0..1_000).map(|n| if n == 0 { name.clone() } else { format!("{n}-{name}") });
    let moved = fs::create_dir_all(folder).and_then(|()| {
        let target = free.map(|name| folder.join(name)).find(|target| !target.exists());
        let target = target.ok_or_else(|| io::Error::other("a thousand files of this name are there"))?;
        fs::rename(path, &target)?;
        match reason {
            Some(reason) => writeln!(fs::File::create(target.with_extension("reason.txt"))?, "{reason}"),
            None => Ok(()),
        }
    });
    if let Err(error) = moved {
        tracing::error!(%error, "a file of calls that was read cannot be put aside");
    }
    if reason.is_some() {
        tracing::warn!("a file of calls in the watched folder was refused; the reason lies beside it");
    }
}
