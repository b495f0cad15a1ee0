//! The rows of a file that were not taken, under the file's own headings, as its profile reads them: to be mended and
//! brought in.

use super::MAY_IMPORT;
use super::file_rows::cells_of;
use super::import_calls::profile;
use super::read_imports::find_import;
use crate::app::{App, AppError, log_list, rights};
use crate::domain::access::Actor;
use crate::domain::calls::Format;
use crate::domain::ids::CallImportId;
use crate::render::{FaultFile, FaultyRow};
use crate::store::call_imports::{self, ImportFault};

/// So many faults are read at once.
const AT_ONCE: u64 = 1_000;

/// Such a file, part by part, so that one of any size takes little memory.
pub struct RejectedRows {
    app: App,
    import: CallImportId,
    file: FaultFile,
    lines_of_json: bool,
    /// `None`: it has not begun. Otherwise, after which row it goes on.
    after: Option<u64>,
    rows: u64,
}

/// The rows as they came are personal data: the look is logged.
///
/// # Errors
/// `Refused`; `NotFound`; `Invalid` where the profile of the file is no more.
pub async fn rejected_rows(app: &App, actor: &Actor, id: CallImportId) -> Result<RejectedRows, AppError> {
    rights::software_or_officer(actor, &MAY_IMPORT)?;
    let import = find_import(app, actor, id).await?;
    let format = profile(app, &import.profile)?.format;
    log_list(app, actor, "call_import", &[]).await?;
    let headings = import.headings.as_deref().map(cells_of).unwrap_or_default();
    let file = FaultFile::new(format, headings);
    let lines_of_json = format == Format::Ndjson;
    Ok(RejectedRows { app: app.clone(), import: id, file, lines_of_json, after: None, rows: 0 })
}

impl RejectedRows {
    /// What its name ends with.
    pub fn ending(&self) -> &'static str {
        if self.lines_of_json { "ndjson" } else { "csv" }
    }

    pub fn content_type(&self) -> &'static str {
        if self.lines_of_json { "application/x-ndjson" } else { "text/csv; charset=utf-8" }
    }

    /// How many rows were in the parts so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The next part; `None` at its end.
    ///
    /// # Errors
    /// What the store says.
    pub async fn next(&mut self) -> Result<Option<String>, AppError> {
        let Some(after) = self.after else {
            self.after = Some(0);
            return Ok(Some(self.file.head()));
        };
        let faults = call_imports::faults(self.app.store.reader(), self.import, after, AT_ONCE).await?;
        let Some(last) = faults.last() else { return Ok(None) };
        self.after = Some(last.row);
        let rows = by_row(&faults);
        self.rows += u64::try_from(rows.len()).unwrap_or(0);
        Ok(Some(rows.iter().map(|row| self.file.row(row)).collect()))
    }
}

fn by_row(faults: &[ImportFault]) -> Vec<FaultyRow> {
    let row = |of_row: &[ImportFault]| {
        let mut row = FaultyRow { number: of_row.first().map_or(0, |fault| fault.row), ..FaultyRow::default() };
        for fault in of_row {
            row.add(fault.column.as_deref(), &fault.code, &fault.says);
            row.cells.extend(fault.text.as_deref().map(cells_of).unwrap_or_default());
        }
        row
    };
    faults.chunk_by(|one, next| one.row == next.row).map(row).collect()
}
