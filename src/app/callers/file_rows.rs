//! A file of calls as its rows, with the hash of all of it.

use crate::calls_file::{CallFile, FileFault, KeptCells};
use crate::domain::calls::{CallRow, Profile, ReadRow, RowFault};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

/// One row: its number (the header is 1), and what it turned out to be.
#[derive(Clone, Debug)]
pub(super) struct FileRow {
    pub(super) number: u64,
    pub(super) read: Told,
}

/// As [`ReadRow`], with the row as it came where somebody may have to mend it.
#[derive(Clone, Debug)]
pub(super) enum Told {
    Call(TakenRow),
    Skipped,
    /// With its cells as a line of CSV.
    Faulty(Vec<RowFault>, String),
}

/// A row that is a call, unless its key turns out to be another's.
#[derive(Clone, Debug)]
pub(super) struct TakenRow {
    pub(super) number: u64,
    pub(super) call: Box<CallRow>,
    cells: KeptCells,
}

impl TakenRow {
    /// The row as it came, as a line of CSV.
    pub(super) fn text(&self) -> String {
        line(&self.cells.all())
    }
}

/// The rows of a file, read by a profile, in order. An error ends them: what was read before it stays.
pub struct FileRows<'p, R> {
    file: CallFile<'p, Hashed<R>>,
    hash: Arc<Mutex<Sha256>>,
    ended: bool,
}

impl<'p, R: Read> FileRows<'p, R> {
    /// Reads as far as the headings. Calls that begin after `now` are faults; a file of more than `most_bytes` ends where
    /// it passes them.
    ///
    /// # Errors
    /// The file is no such file: empty, another format, without its columns.
    pub fn open(bytes: R, profile: &'p Profile, now: DateTime<Utc>, most_bytes: u64) -> Result<Self, FileFault> {
        let hash = Arc::new(Mutex::new(Sha256::new()));
        let hashed = Hashed { bytes, hash: hash.clone() };
        Ok(Self { file: CallFile::open_capped(hashed, profile, now, most_bytes)?, hash, ended: false })
    }

    pub(super) fn next_row(&mut self) -> Option<Result<FileRow, String>> {
        let Some(row) = self.file.next() else {
            self.ended = true;
            return None;
        };
        Some(match row {
            Ok((number, read)) => {
                let read = match read {
                    ReadRow::Call(call) => Told::Call(TakenRow { number, call, cells: self.file.kept_cells() }),
                    ReadRow::Skipped(_) => Told::Skipped,
                    ReadRow::Faulty(faults) => Told::Faulty(faults, line(&self.file.cells())),
                };
                Ok(FileRow { number, read })
            }
            Err(fault) => Err(fault.to_string()),
        })
    }

    /// The file's own headings, as a line of CSV.
    pub(super) fn headings(&self) -> String {
        line(self.file.headings())
    }

    /// SHA-256 of the whole file, in hex, once it was read to its end.
    pub(super) fn sha256(&self) -> Option<String> {
        let hash = self.hash.lock().unwrap_or_else(PoisonError::into_inner);
        self.ended.then(|| hex::encode(hash.clone().finalize()))
    }
}

/// Cells as a line of CSV, in which they are kept.
fn line(cells: &[impl AsRef<[u8]>]) -> String {
    let mut line = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    let written = line.write_record(cells).ok().and_then(|()| line.into_inner().ok()).unwrap_or_default();
    String::from_utf8_lossy(&written).trim_end().to_owned()
}

/// The cells of such a line.
pub(super) fn cells_of(line: &str) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(line.as_bytes());
    let first = reader.records().next().and_then(Result::ok);
    first.map(|record| record.iter().map(str::to_owned).collect()).unwrap_or_default()
}

/// Bytes that are hashed as they are read.
struct Hashed<R> {
    bytes: R,
    hash: Arc<Mutex<Sha256>>,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.read(into)?;
        let mut hash = self.hash.lock().unwrap_or_else(PoisonError::into_inner);
        hash.update(into.get(..read).unwrap_or_default());
        Ok(read)
    }
}
