//! Calls of other systems: their files, and a county of made-up ones.

mod bad_files;
mod county;
mod files;
mod handing_in;
mod importing;
mod nominating;
mod regrouping;
pub mod room;
mod taking_back;

use crate::support::calls::{now, profile};
use evenhand::calls_file::{CallFile, FileFault};
use evenhand::domain::calls::{Profile, ReadRow, RowFault};

pub const RECORDER: &str = "Recording ID,Start Date,Start Time,Duration,Type,Direction,Line,Other Party\n";

pub fn row(id: u64) -> String {
    format!("R-{id},01/06/2026,09:15:00,10,Telephone,Incoming,999,01632 960{:03}\n", id % 1_000)
}

/// Row number and what became of it: `R-1`, `radio`, `half-row Line`.
pub fn read(profile: &Profile, bytes: &[u8]) -> Result<Vec<(u64, String)>, FileFault> {
    CallFile::open(bytes, profile, now())?.map(|row| row.map(|(number, row)| (number, told(row)))).collect()
}

pub fn told(row: ReadRow) -> String {
    match row {
        ReadRow::Call(row) => row.source_ref,
        ReadRow::Skipped(skipped) => skipped.because,
        ReadRow::Faulty(faults) => {
            let fault = |fault: &RowFault| match &fault.column {
                Some(column) => format!("{} {column}", fault.code),
                None => fault.code.to_owned(),
            };
            faults.iter().map(fault).collect::<Vec<_>>().join(", ")
        }
    }
}

pub fn recorder(text: &[u8]) -> Vec<(u64, String)> {
    read(&profile("call-recorder"), &[RECORDER.as_bytes(), text].concat()).unwrap()
}

pub fn fault(bytes: &[u8]) -> FileFault {
    read(&profile("call-recorder"), bytes).unwrap_err()
}

pub fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/fixtures/calls/{name}.csv", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

pub fn expected(rows: &[(u64, &str)]) -> Vec<(u64, String)> {
    rows.iter().map(|(number, told)| (*number, (*told).to_owned())).collect()
}
