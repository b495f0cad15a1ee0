//! `evenhand contacts`: calls from the files of other systems, and contacts of any channel from lines of JSON.

use super::context::Context;
use super::exit::{Exit, Failure};
use crate::app::callers::{self, CallFileOf, CallImport, FileRows, ImportCounts, Preview, profile};
use crate::app::contacts::{ContactFacts, LineResult, record_contacts};
use crate::app::{App, FieldFault};
use crate::domain::access::Actor;
use crate::domain::ids::CallImportId;
use serde::Serialize;
use std::fs::File;
use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Lines as `POST /api/v1/contacts` takes them; every other profile is a file below `workflows/imports`.
const OF_ANY_CHANNEL: &str = "contacts";

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Bring a file in; bringing it in again keeps nothing twice
    Import {
        file: PathBuf,
        /// How the file is read: a name below workflows/imports, or `contacts` for a line of JSON a contact
        #[arg(long, value_name = "NAME")]
        profile: String,
        /// Say what would be kept, and keep nothing
        #[arg(long)]
        preview: bool,
        /// Where rejected rows are written, with the reasons, as the profile reads them [default: FILE with
        /// .rejected.csv, or .rejected.ndjson]
        #[arg(long, value_name = "FILE")]
        rejects: Option<PathBuf>,
    },
    /// The files that were brought in, newest first
    Imports,
    /// Withdraw what a file brought: it stays on the record and counts for nobody
    Undo {
        import: CallImportId,
        #[arg(long, value_name = "WORDS")]
        reason: String,
    },
}

pub(super) async fn run(command: Command, cx: &Context) -> Result<Exit, Failure> {
    match command {
        Command::Import { file, profile, .. } if profile == OF_ANY_CHANNEL => contacts(&file, cx).await,
        Command::Import { file, profile, preview: true, .. } => preview(&file, profile, cx).await,
        Command::Import { file, profile, rejects, .. } => Box::pin(import(&file, profile, rejects, cx)).await,
        Command::Imports => imports(cx).await,
        Command::Undo { import, reason } => undo(import, reason, cx).await,
    }
}

/// A file that is read, and what it is called.
fn opened<'a>(app: &'a App, path: &Path, name: &str) -> Result<(FileRows<'a, BufReader<File>>, CallFileOf), Failure> {
    let no_input = |error: std::io::Error| Failure::new(Exit::NoInput, format!("{}: {error}", path.display()));
    let bytes = BufReader::new(File::open(path).map_err(no_input)?);
    let rows = FileRows::open(bytes, profile(app, name)?, app.now(), app.settings.imports.most_bytes)
        .map_err(|fault| Failure::new(Exit::Data, format!("{}: {fault}", path.display())))?;
    let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok((rows, CallFileOf { profile: name.to_owned(), file_name }))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    id: CallImportId,
    profile: String,
    file_name: String,
    status: &'static str,
    #[serde(flatten)]
    counts: ImportCounts,
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
    /// Where the rejected rows are; absent when there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    rejected_file: Option<String>,
}

impl From<CallImport> for Shown {
    fn from(import: CallImport) -> Self {
        Self {
            id: import.id,
            status: import.status.as_str(),
            profile: import.profile,
            file_name: import.file_name,
            counts: import.counts,
            trouble: import.trouble,
            rejected_file: None,
        }
    }
}

impl Shown {
    fn words(&self) -> String {
        let ImportCounts { read, kept, known, skipped, rejected, matched, contacts, nominations } = self.counts;
        format!(
            "{read} rows read: {kept} calls kept, {known} there already, {skipped} passed over, {rejected} rejected; \
             {matched} recorded by another system too, {contacts} of people on file, {nominations} nominations"
        )
    }
}

async fn import(path: &Path, name: String, rejects: Option<PathBuf>, cx: &Context) -> Result<Exit, Failure> {
    let app = cx.app().await?;
    let (rows, file) = opened(&app, path, &name)?;
    let imported = Box::pin(callers::import_calls(&app, &Actor::Software, file, rows, show_progress)).await?;
    if std::io::stderr().is_terminal() {
        cx.output.say("")?;
    }
    let mut shown = Shown::from(imported);
    if shown.counts.rejected > 0 {
        let (file, written) = write_rejects(&app, shown.id, path, rejects).await?;
        let counted = match shown.counts.rejected - written.min(shown.counts.rejected) {
            0 => String::new(),
            more => format!(" (without {more} that are only counted)"),
        };
        cx.output.say(&format!("{} rows were rejected: see {}{counted}", shown.counts.rejected, file.display()))?;
        shown.rejected_file = Some(file.display().to_string());
    }
    app.store.close().await;
    if let Some(trouble) = &shown.trouble {
        cx.output.say(&format!("{}: {trouble}; what was read before it is kept", path.display()))?;
    }
    cx.output.print(&shown, Shown::words)?;
    Ok(if shown.trouble.is_some() { Exit::Data } else { Exit::Done })
}

fn show_progress(counts: &ImportCounts) {
    let mut stderr = std::io::stderr();
    if stderr.is_terminal() {
        // A progress line that cannot be shown stops nothing.
        let _shown = write!(stderr, "\r{} rows", counts.read);
    }
}

/// The rows that were not taken, under the file's own headings, so that they can be put right and brought in. Answers
/// where, and how many.
async fn write_rejects(
    app: &App,
    id: CallImportId,
    path: &Path,
    rejects: Option<PathBuf>,
) -> Result<(PathBuf, u64), Failure> {
    let mut rows = callers::rejected_rows(app, &Actor::Software, id).await?;
    let rejects = rejects.unwrap_or_else(|| path.with_extension(format!("rejected.{}", rows.ending())));
    let failed = |error: std::io::Error| Failure::new(Exit::TryAgain, format!("{}: {error}", rejects.display()));
    let mut file = super::people::own_file(&rejects).map_err(failed)?;
    while let Some(part) = rows.next().await? {
        file.write_all(part.as_bytes()).map_err(failed)?;
    }
    let written = rows.rows();
    Ok((rejects, written))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Looked {
    #[serde(flatten)]
    counts: ImportCounts,
    /// Whether the file goes on after the rows that were looked at.
    more: bool,
    faults: std::collections::BTreeMap<&'static str, u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
}

async fn preview(path: &Path, name: String, cx: &Context) -> Result<Exit, Failure> {
    let app = cx.app().await?;
    let (rows, file) = opened(&app, path, &name)?;
    let preview = callers::preview_calls(&app, &Actor::Software, &file, rows).await?;
    app.store.close().await;
    let Preview { counts, more, faults, trouble, first_faults, .. } = preview;
    for (row, fault) in first_faults {
        cx.output.say(&format!("row {row}: {}{}", fault.column.map(|it| it + ": ").unwrap_or_default(), fault.says))?;
    }
    cx.output.print(&Looked { counts, more, faults, trouble }, |looked| {
        let ImportCounts { read, kept, known, skipped, rejected, .. } = looked.counts;
        let first = if looked.more { "the first " } else { "" };
        format!("{first}{read} rows: {kept} calls would be kept, {known} are there, {skipped} passed over, {rejected} rejected")
    })?;
    Ok(Exit::Done)
}

async fn imports(cx: &Context) -> Result<Exit, Failure> {
    let app = cx.app().await?;
    let found = callers::list_imports(&app, &Actor::Software, None, 100).await?;
    app.store.close().await;
    let shown: Vec<Shown> = found.into_iter().map(Shown::from).collect();
    cx.output.print(&shown, |shown| {
        let line = |one: &Shown| {
            format!("{}  {:8}  {:20}  {}: {}", one.id, one.status, one.profile, one.file_name, one.words())
        };
        shown.iter().map(line).collect::<Vec<_>>().join("\n")
    })?;
    Ok(Exit::Done)
}

async fn undo(id: CallImportId, reason: String, cx: &Context) -> Result<Exit, Failure> {
    let app = cx.app().await?;
    let undone = Box::pin(callers::undo_import(&app, &Actor::Software, id, reason)).await?;
    app.store.close().await;
    cx.output
        .print(&Shown::from(undone), |shown| format!("undone: what {} brought counts for nobody", shown.file_name))?;
    Ok(Exit::Done)
}

#[derive(Default, Serialize)]
struct Contacts {
    read: usize,
    recorded: usize,
    duplicate: usize,
    rejected: usize,
}

/// What is wrong with a line, without repeating what is in it.
fn unreadable(error: &serde_json::Error) -> FieldFault {
    let detail = format!("column {}: this is not a contact as POST /api/v1/contacts takes it", error.column());
    FieldFault { pointer: String::new(), detail }
}

/// So many lines are held at once.
const LINES: usize = 2_000;

async fn contacts(path: &Path, cx: &Context) -> Result<Exit, Failure> {
    let no_input = |error: std::io::Error| Failure::new(Exit::NoInput, format!("{}: {error}", path.display()));
    let mut lines = BufReader::new(File::open(path).map_err(no_input)?).split(b'\n').enumerate();
    let app = cx.app().await?;
    let mut sum = Contacts::default();
    loop {
        let mut numbers = Vec::new();
        let mut facts: Vec<Result<ContactFacts, FieldFault>> = Vec::new();
        for (number, line) in lines.by_ref() {
            let line = line.map_err(no_input)?;
            if !line.trim_ascii().is_empty() {
                numbers.push(number + 1);
                facts.push(serde_json::from_slice(&line).map_err(|error| unreadable(&error)));
            }
            if facts.len() == LINES {
                break;
            }
        }
        if facts.is_empty() {
            break;
        }
        sum.read += facts.len();
        for (number, result) in numbers.into_iter().zip(record_contacts(&app, &Actor::Software, facts).await?) {
            match result {
                LineResult::Recorded(_) => sum.recorded += 1,
                LineResult::Known(_) => sum.duplicate += 1,
                LineResult::Rejected(faults) => {
                    sum.rejected += 1;
                    for fault in faults {
                        cx.output.say(&format!("line {number}: {} {}", fault.pointer, fault.detail))?;
                    }
                }
            }
        }
    }
    app.store.close().await;
    cx.output.print(&sum, |sum| {
        let Contacts { read, recorded, duplicate, rejected } = sum;
        format!("{read} lines read: {recorded} recorded, {duplicate} there already, {rejected} rejected")
    })?;
    Ok(Exit::Done)
}
