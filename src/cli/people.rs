//! `evenhand people`: service users from a spreadsheet.

use super::context::Context;
use super::exit::{Exit, Failure};
use crate::app::people::{ImportReport, PersonRow, import_people};
use crate::domain::access::Actor;
use crate::render::spreadsheet;
use serde::Serialize;
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Put service users on file: reference, full_name, date_of_birth, email, telephone, postcode; several rows a
    /// reference for several identifiers
    Import {
        file: PathBuf,
        /// Where rejected rows are written, with the reasons [default: FILE with .rejected.csv]
        #[arg(long, value_name = "FILE")]
        rejects: Option<PathBuf>,
    },
}

#[derive(Serialize)]
struct Shown {
    read: usize,
    people: usize,
    identifiers: usize,
    rejected: usize,
    /// Where the rejected rows are; absent when there are none.
    #[serde(rename = "rejectedFile", skip_serializing_if = "Option::is_none")]
    rejected_file: Option<String>,
}

pub(super) async fn run(command: Command, cx: &Context) -> Result<Exit, Failure> {
    let Command::Import { file, rejects } = command;
    let sheet = Sheet::read(&file)?;
    let app = cx.app().await?;
    let rows = sheet.rows.iter().map(|cells| sheet.person(cells)).collect();
    let report = import_people(&app, &Actor::Software, rows).await?;
    app.store.close().await;
    let rejects = rejects.unwrap_or_else(|| file.with_extension("rejected.csv"));
    if !report.rejected.is_empty() {
        sheet.write_rejected(&rejects, &report)?;
        cx.output.say(&format!("{} rows were rejected: see {}", report.rejected.len(), rejects.display()))?;
    }
    let shown = Shown {
        read: report.read,
        people: report.people,
        identifiers: report.identifiers,
        rejected: report.rejected.len(),
        rejected_file: (!report.rejected.is_empty()).then(|| rejects.display().to_string()),
    };
    cx.output.print(&shown, |shown| {
        let Shown { read, people, identifiers, rejected, .. } = shown;
        format!("{read} rows read: {people} people and {identifiers} identifiers put on file, {rejected} rows rejected")
    })?;
    Ok(Exit::Done)
}

/// The rows of a spreadsheet of people, as `people import` reads it.
///
/// # Errors
/// What is wrong with it, in words.
pub fn people_rows(bytes: &[u8]) -> Result<Vec<PersonRow>, String> {
    let sheet = Sheet::of(bytes.to_vec())?;
    Ok(sheet.rows.iter().map(|cells| sheet.person(cells)).collect())
}

/// A spreadsheet as text. Columns are found by their names, in any order; others are left alone.
struct Sheet {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

const COLUMNS: [&str; 6] = ["reference", "full_name", "date_of_birth", "email", "telephone", "postcode"];

impl Sheet {
    fn read(file: &Path) -> Result<Self, Failure> {
        let no_input = |error: std::io::Error| Failure::new(Exit::NoInput, format!("{}: {error}", file.display()));
        let bytes = std::fs::read(file).map_err(no_input)?;
        Self::of(bytes).map_err(|fault| Failure::new(Exit::Data, format!("{}: {fault}", file.display())))
    }

    /// # Errors
    /// What is wrong with it, in words.
    fn of(bytes: Vec<u8>) -> Result<Self, String> {
        // Spreadsheets of this country come as UTF-8, with or without a mark, or as Windows-1252.
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(other) => encoding_rs::WINDOWS_1252.decode(other.as_bytes()).0.into_owned(),
        };
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        let faulty = |error: csv::Error| error.to_string();
        let cells = |record: csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
        let header: Vec<String> = reader.headers().map_err(faulty)?.iter().map(str::to_lowercase).collect();
        let rows = reader.records().map(|record| record.map(cells)).collect::<Result<Vec<_>, _>>().map_err(faulty)?;
        let sheet = Self { header, rows };
        match ["reference", "full_name"].into_iter().find(|column| sheet.column(column).is_none()) {
            Some(missing) => Err(format!("there is no column {missing}")),
            None => Ok(sheet),
        }
    }

    fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
    }

    fn person(&self, cells: &[String]) -> PersonRow {
        // Rows come back from the file of rejected ones, guarded.
        let bare = |cell: &String| spreadsheet::unguarded(cell).to_owned();
        let cell = |name| self.column(name).and_then(|at| cells.get(at)).map(bare).unwrap_or_default();
        let [reference, full_name, date_of_birth, email, telephone, postcode] = COLUMNS.map(cell);
        PersonRow { reference, full_name, date_of_birth, email, telephone, postcode }
    }

    fn write_rejected(&self, file: &Path, report: &ImportReport) -> Result<(), Failure> {
        let failed = |error: std::io::Error| Failure::new(Exit::TryAgain, format!("{}: {error}", file.display()));
        let mut file_of_ours = own_file(file).map_err(failed)?;
        let reason = "rejected_because".to_owned();
        let head: Vec<&String> = self.header.iter().chain([&reason]).collect();
        let mut text = spreadsheet::line(&head);
        for rejected in &report.rejected {
            let cells = self.rows.get(rejected.row).map(Vec::as_slice).unwrap_or_default();
            text.push_str(&spreadsheet::line(&cells.iter().chain([&rejected.reason]).collect::<Vec<_>>()));
        }
        file_of_ours.write_all(text.as_bytes()).map_err(failed)
    }
}

/// Rejected rows are personal data: the file is its owner's alone, also where it was there before.
pub(super) fn own_file(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(file)
}
