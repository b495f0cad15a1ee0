//! A file of calls as a stream of rows: bytes in, calls and row faults out, in memory that does not grow with the file.
//!
//! Nothing is kept here and no row is lost in silence: each row of the file is answered once, and after a row that
//! cannot be read the next line is read.

mod cells;
mod csv_rows;
mod fault;
mod json_rows;
mod lines;
mod quotes;
mod source;

pub use fault::FileFault;

use crate::domain::calls::{Encoding, Format, Layout, Misfit, Profile, ReadRow, RowFault, Skipped, read_row, rejected};
use cells::Cells;
use chrono::{DateTime, Utc};
use csv_rows::CsvRows;
use json_rows::JsonRows;
use lines::Lines;
use source::Source;
use std::io::Read;

/// Unless the operator says otherwise: a larger file is refused where it reaches this.
pub const MOST_BYTES: u64 = 2 << 30;

/// A file whose headings fit its profile, to be read row by row.
///
/// Rows are counted as a spreadsheet shows them: the headings of a CSV file are row 1, and blank lines count. After an
/// error there are no more rows.
pub struct CallFile<'p, R> {
    profile: &'p Profile,
    layout: Layout,
    headings: Vec<String>,
    rows: Rows<R>,
    cells: Cells,
    /// Its rows were rejected and are mended: what was wrong with each stands before it.
    mended: bool,
    now: DateTime<Utc>,
    ended: bool,
}

/// The cells of a row, while others are read.
#[derive(Clone, Debug, Default)]
pub struct KeptCells {
    cells: Cells,
    mended: bool,
}

impl KeptCells {
    /// As [`CallFile::cells`].
    pub fn all(&self) -> Vec<&str> {
        own_cells(self.mended, self.cells.all())
    }
}

enum Rows<R> {
    Csv(Box<CsvRows<R>>),
    Json(JsonRows<R>),
}

/// What the next row of a file was, before its cells are understood.
enum Taken {
    /// As many cells as there are headings.
    Cells,
    Blank,
    Faulty(RowFault),
}

impl<'p, R: Read> CallFile<'p, R> {
    /// Reads as far as the headings. `now`: calls that begin later are faults.
    ///
    /// # Errors
    /// The file is no such file: empty, another format, without its columns, or larger than [`MOST_BYTES`].
    pub fn open(reader: R, profile: &'p Profile, now: DateTime<Utc>) -> Result<Self, FileFault> {
        Self::open_capped(reader, profile, now, MOST_BYTES)
    }

    /// The same with another limit. A file of exactly `most_bytes` is read; of a larger one, one byte more.
    ///
    /// # Errors
    /// As [`CallFile::open`].
    pub fn open_capped(
        reader: R,
        profile: &'p Profile,
        now: DateTime<Utc>,
        most_bytes: u64,
    ) -> Result<Self, FileFault> {
        let lines = Lines::new(Source::new(reader, most_bytes));
        let mut cells = Cells::default();
        let (headings, rows) = match profile.format {
            Format::Csv { delimiter, encoding } => {
                let mut rows = CsvRows::new(lines, delimiter, encoding);
                let headings = rows.headings(&mut cells)?;
                (headings, Rows::Csv(Box::new(rows)))
            }
            Format::Ndjson => {
                let mut rows = JsonRows::new(lines, profile);
                rows.has_any()?;
                (profile.needed().into_iter().map(str::to_owned).collect(), Rows::Json(rows))
            }
        };
        let mended = rejected::is_of_rejected(&headings);
        let headings: Vec<String> = if mended {
            headings.iter().map(|heading| rejected::unguarded(heading).to_owned()).collect()
        } else {
            headings
        };
        let found: Vec<&str> = headings.iter().skip(before(mended)).map(String::as_str).collect();
        let layout = Layout::of(profile, &found).map_err(|misfit| does_not_fit(profile, misfit, &headings))?;
        Ok(Self { profile, layout, headings, rows, cells, mended, now, ended: false })
    }

    /// The file's own headings; of NDJSON, the names that are looked for.
    pub fn headings(&self) -> &[String] {
        self.headings.get(before(self.mended)..).unwrap_or_default()
    }

    /// The cells of the row that was read last, as they stand in the file; of a row that cannot be taken apart, the
    /// beginning of its text. May be personal data, whatever the row turned out to be.
    pub fn cells(&self) -> Vec<String> {
        own_cells(self.mended, self.cells.all()).into_iter().map(str::to_owned).collect()
    }

    /// The same, for whoever may ask once others are read.
    pub fn kept_cells(&self) -> KeptCells {
        KeptCells { cells: self.cells.clone(), mended: self.mended }
    }

    /// How much of the file has been read so far.
    pub fn bytes_read(&self) -> u64 {
        match &self.rows {
            Rows::Csv(rows) => rows.lines().bytes_read(),
            Rows::Json(rows) => rows.lines().bytes_read(),
        }
    }

    /// The memory held for reading, in bytes.
    pub fn held_bytes(&self) -> usize {
        let rows = match &self.rows {
            Rows::Csv(rows) => rows.held_bytes(),
            Rows::Json(rows) => rows.lines().held_bytes(),
        };
        rows + self.cells.held_bytes()
    }

    fn read(&mut self) -> Result<Option<(u64, ReadRow)>, FileFault> {
        let width = self.headings.len();
        let (taken, number) = match &mut self.rows {
            Rows::Csv(rows) => (rows.take(&mut self.cells, &self.headings)?, rows.number()),
            Rows::Json(rows) => (rows.take(&mut self.cells)?, rows.number()),
        };
        let row = match taken {
            None => return Ok(None),
            Some(Taken::Blank) => ReadRow::Skipped(Skipped::blank()),
            Some(Taken::Faulty(fault)) => ReadRow::Faulty(vec![fault]),
            Some(Taken::Cells) => {
                let mut cells = self.cells.all();
                cells.truncate(width);
                read_row(self.profile, &self.layout, &own_cells(self.mended, cells), self.now)
            }
        };
        Ok(Some((number, row)))
    }
}

impl<R: Read> Iterator for CallFile<'_, R> {
    type Item = Result<(u64, ReadRow), FileFault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let read = self.read();
        self.ended = !matches!(read, Ok(Some(_)));
        read.transpose()
    }
}

/// So many cells stand before a row's own.
fn before(mended: bool) -> usize {
    if mended { rejected::HEAD.len() } else { 0 }
}

/// The cells of a row without what was said of it, as they were before a spreadsheet was kept from running them.
fn own_cells(mended: bool, cells: Vec<&str>) -> Vec<&str> {
    if !mended || cells.len() <= before(mended) {
        return cells;
    }
    cells.into_iter().skip(before(mended)).map(rejected::unguarded).collect()
}

/// The headings found are shown only where some of them are headings: a first row of calls is personal data.
fn does_not_fit(profile: &Profile, misfit: Misfit, headings: &[String]) -> FileFault {
    let Misfit { missing, repeated } = misfit;
    if missing.is_empty() {
        return FileFault::RepeatedColumns { repeated };
    }
    if missing.len() == profile.needed().len() {
        return FileFault::NoHeadings { missing };
    }
    let shown = headings.iter().filter(|heading| !heading.is_empty()).take(60);
    let found = shown.map(|heading| heading.chars().take(60).collect()).collect();
    FileFault::MissingColumns { missing, found }
}

/// What is believed of a file's bytes: a byte order mark, then the profile.
fn believed(encoding: Encoding, marked: bool) -> Encoding {
    if marked && encoding == Encoding::Windows1252 { Encoding::Auto } else { encoding }
}
