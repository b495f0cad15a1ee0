//! `evenhand restore`: put a copy in the place of an empty database, of either kind.

use super::context::Context;
use super::exit::{Exit, Failure};
use crate::boot;
use crate::store::backup::{BackupError, Present, restore};
use crate::store::table_copy::Copied;
use crate::store::verify::verify;
use serde::Serialize;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub(super) struct Args {
    /// A file that `evenhand backup` wrote
    file: PathBuf,
    /// Delete what is in the database first; its access log stays
    #[arg(long)]
    replace: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Copy {
    file: PathBuf,
    rows: u64,
    tables: Copied,
}

impl Copy {
    pub(super) fn of(file: &Path, tables: Copied) -> Self {
        Self { file: file.to_owned(), rows: tables.values().sum(), tables }
    }
}

pub(super) fn copy_words(what: &str, copy: &Copy) -> String {
    let tables = copy.tables.values().filter(|rows| **rows > 0).count();
    format!("{what} {} rows of {tables} tables: {}", copy.rows, copy.file.display())
}

pub(super) async fn run(args: Args, cx: &Context) -> Result<Exit, Failure> {
    let store = boot::store(&cx.config()?).await?;
    let present = if args.replace { Present::IsReplaced } else { Present::MustBeEmpty };
    let copied = restore(&store, &args.file, present).await?;
    let found = verify(&store).await?;
    store.close().await;
    cx.output.print(&Copy::of(&args.file, copied), |copy| copy_words("Restored", copy))?;
    if let Some(broken) = found.broken {
        cx.output.say(&format!("The history that was restored is broken. The first broken place is {broken}."))?;
        return Ok(Exit::Wrong);
    }
    Ok(Exit::Done)
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        match error {
            BackupError::Store(error) => error.into(),
            BackupError::File(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Failure::new(Exit::NoInput, "there is no such file or folder")
            }
            BackupError::File(error) => error.into(),
            BackupError::TheDatabaseItself => {
                Failure::new(Exit::Usage, "the file is the database itself, or part of it; name another file")
            }
            BackupError::NotABackup => Failure::new(Exit::Data, "the file is not a backup of ours"),
            BackupError::AnotherAccessLog => Failure::new(
                Exit::Data,
                "the access log in place is not the one that the backup knows, and who looked is never deleted; \
                 restore into a new database",
            ),
            BackupError::NotEmpty => {
                Failure::new(Exit::Data, "the database is not empty; --replace deletes what is in it first")
            }
        }
    }
}
