//! Files as other systems really write them: each bad one is one clear error or a report on a row, and costs no other row.

use super::{RECORDER, expected, fault, fixture, read, recorder, row, told};
use crate::support::calls::{now, profile};
use evenhand::calls_file::{CallFile, FileFault};
use evenhand::domain::calls::{ReadRow, code};
use proptest::prelude::*;
use std::io::Read;

#[test]
fn wrong_columns_are_one_error_that_names_them_all() {
    let acd = profile("acd");
    let told = read(&acd, b"Call ID,Received,Queue,Outcome\n1,2,3,4\n").unwrap_err().to_string();
    assert_eq!(
        told,
        "the file lacks the columns Service, CLI, Talk Time, Handler; it has Call ID, Received, Queue, Outcome"
    );
    let no_headings = read(&acd, row(1).as_bytes()).unwrap_err();
    assert_eq!(no_headings.code(), "no-headings");
    assert!(!no_headings.to_string().contains("01632"), "a first row of calls is not repeated: {no_headings}");
    let twice = RECORDER.replace("Direction", "Line");
    assert_eq!(fault(twice.replace("Type", "Direction,Type").as_bytes()).code(), "repeated-columns");
    let spaced = RECORDER.replace("Recording ID", " recording   id ").replace('\n', ",Comment,,\r\n");
    let read = read(&profile("call-recorder"), format!("{spaced}{}", row(1).replace('\n', ",x\r\n")).as_bytes());
    assert_eq!(read.unwrap(), expected(&[(2, "R-1")]), "letter case, spacing and further columns do not matter");
}

#[test]
fn what_is_no_such_file_is_said_in_one_sentence() {
    assert_eq!(fault(b"").code(), "empty-file");
    assert_eq!(fault(b"\xef\xbb\xbf").code(), "empty-file");
    assert_eq!(fault(b"\r\n\n\n").code(), "empty-file");
    assert_eq!(fault(b"PK\x03\x04 and so on").code(), "workbook");
    assert_eq!(fault(&[0; 5_000]).code(), "no-headings");
    assert_eq!(fault(&vec![b'x'; 3 << 20]).code(), "unreadable-headings");
    assert_eq!(fault(b"\"Recording ID,Start Date\n1,2\n").code(), "unreadable-headings");
    assert_eq!(recorder(b""), [], "headings without rows are a file without calls");
}

#[test]
fn half_a_row_is_reported_and_so_are_cells_too_few_or_too_many() {
    let text = [row(1).as_str(), "R-2,01/06/2026\n", &row(3).replace('\n', ",more\n"), "R-4,01/06"].concat();
    assert_eq!(
        recorder(text.as_bytes()),
        expected(&[(2, "R-1"), (3, code::FEWER_CELLS), (4, code::MORE_CELLS), (5, code::HALF_ROW)])
    );
    let inside_a_cell = [row(1).as_str(), "R-2,01/06/2026,\"09:1"].concat();
    assert_eq!(recorder(inside_a_cell.as_bytes()), expected(&[(2, "R-1"), (3, code::HALF_ROW)]));
    assert_eq!(recorder(row(1).trim_end().as_bytes()), expected(&[(2, "R-1")]), "a last line need not end");
    assert_eq!(recorder(row(1).replace('\n', ",,,\n").as_bytes()), expected(&[(2, "R-1")]), "empty cells are none");
}

#[test]
fn line_ends_and_blank_lines_as_they_come_and_rows_counted_as_a_spreadsheet_shows_them() {
    let line = row(1).trim_end().to_owned();
    let text = format!("{line}\r\n\r\n{line}\r{line}\n\n,,,,,,,\n{line}");
    assert_eq!(recorder(text.as_bytes()), expected(&[(2, "R-1"), (4, "R-1"), (5, "R-1"), (7, "blank"), (8, "R-1")]));
}

#[test]
fn a_quotation_mark_that_never_closes_costs_its_own_line_and_no_other() {
    let broken = "R-0,01/06/2026,09:15:00,10,Telephone,Incoming,\"999,01632 960000\n";
    let many: String = (2..40_000).map(row).collect();
    assert!(many.len() > 2 << 20, "more than a row may have");
    let read = recorder([&row(1), broken, &many].concat().as_bytes());
    assert_eq!(read.len(), 40_000 - 2 + 2);
    let faults: Vec<&(u64, String)> = read.iter().filter(|(_, told)| !told.starts_with("R-")).collect();
    assert_eq!(faults, [&(3, code::OPEN_QUOTE.to_owned())]);
    // Near the end of the file, and where another row's quotation mark would close it.
    let near_end = [broken, &row(2), &row(3)].concat();
    assert_eq!(recorder(near_end.as_bytes()), expected(&[(2, code::OPEN_QUOTE), (3, "R-2"), (4, "R-3")]));
    let quoted = row(3).replace("Telephone", "\"Telephone\"");
    let closed_by_another = [broken, &row(2), &quoted, &row(4)].concat();
    assert_eq!(
        recorder(closed_by_another.as_bytes()),
        expected(&[(2, code::OPEN_QUOTE), (3, "R-2"), (4, "R-3"), (5, "R-4")])
    );
}

#[test]
fn a_row_without_an_end_is_one_fault_in_flat_memory() {
    let profile = profile("call-recorder");
    let long = [RECORDER, &row(1), &"x".repeat(9 << 20), "\r\n", &row(3)].concat();
    let mut file = CallFile::open(long.as_bytes(), &profile, now()).unwrap();
    let read: Vec<(u64, String)> = file.by_ref().map(Result::unwrap).map(|(number, row)| (number, told(row))).collect();
    assert_eq!(read, expected(&[(2, "R-1"), (3, code::ROW_TOO_LONG), (4, "R-3")]));
    assert!(file.held_bytes() < 4 << 20, "{}", file.held_bytes());
}

#[test]
fn a_nul_is_a_fault_of_its_row() {
    let text = [row(1), row(2).replace("R-2", "R\0-2"), row(3)].concat();
    assert_eq!(recorder(text.as_bytes()), expected(&[(2, "R-1"), (3, "nul Recording ID"), (4, "R-3")]));
    let sparse = [row(1).as_bytes(), &[0; 3_000], b"\n", row(3).as_bytes()].concat();
    assert_eq!(recorder(&sparse), expected(&[(2, "R-1"), (3, code::FEWER_CELLS), (4, "R-3")]));
}

/// Counts what is read from it.
struct Counted<'a, R>(R, &'a mut u64);

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
        let count = self.0.read(room)?;
        *self.1 += count as u64;
        Ok(count)
    }
}

#[test]
fn a_file_over_the_limit_is_refused_there_and_read_no_further() {
    let profile = profile("call-recorder");
    let endless = RECORDER.as_bytes().chain(Repeated::new(row(1).into_bytes(), u64::MAX));
    let mut read = 0;
    let mut rows = CallFile::open_capped(Counted(endless, &mut read), &profile, now(), 1 << 20).unwrap();
    let faults: Vec<FileFault> = rows.by_ref().filter_map(Result::err).collect();
    assert_eq!(rows.next().map(|_| ()), None, "nothing comes after it");
    drop(rows);
    assert_eq!((faults.len(), faults[0].code(), read), (1, "file-too-large", (1 << 20) + 1));
    assert!(faults[0].to_string().contains("1048576 bytes"), "{}", faults[0]);
    let exact = [RECORDER, &row(1)].concat();
    let whole = CallFile::open_capped(exact.as_bytes(), &profile, now(), exact.len() as u64).unwrap();
    assert_eq!(whole.filter(|row| row.is_ok()).count(), 1);
}

/// The same bytes so many times.
struct Repeated {
    bytes: Vec<u8>,
    given: usize,
    left: u64,
}

impl Repeated {
    fn new(bytes: Vec<u8>, times: u64) -> Self {
        Self { bytes, given: 0, left: times }
    }
}

impl Read for Repeated {
    fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
        if self.given == self.bytes.len() {
            self.given = 0;
            self.left -= 1;
        }
        if self.left == 0 {
            return Ok(0);
        }
        let count = (&self.bytes[self.given..]).read(room)?;
        self.given += count;
        Ok(count)
    }
}

#[test]
fn three_hundred_megabytes_are_read_in_flat_memory() {
    const ROWS: u64 = 10_000;
    let profile = profile("command-and-control");
    let details = "Made up: rang again about the same matter, at length. ".repeat(560);
    let row = format!("CAD-1,01/06/2026 09:15:02,999,,,,01632 960001,Noise,\"{details}\",,\n");
    let head = fixture("command-and-control").split_inclusive(|byte| *byte == b'\n').next().unwrap().to_vec();
    let bytes = head.len() as u64 + row.len() as u64 * ROWS;
    assert!(bytes > 300_000_000, "{bytes}");
    let mut file = CallFile::open(head.chain(Repeated::new(row.into_bytes(), ROWS)), &profile, now()).unwrap();
    let (mut calls, mut held, mut last) = (0, 0, 1);
    while let Some(read) = file.next() {
        let (number, row) = read.unwrap();
        assert!(matches!(row, ReadRow::Call(_)) && number == last + 1);
        (calls, last, held) = (calls + 1, number, held.max(file.held_bytes()));
    }
    assert_eq!((calls, file.bytes_read()), (ROWS, bytes));
    assert!(held < 1 << 20, "{held} bytes were held");
}

/// Gives one byte at a time.
struct Slow<'a>(&'a [u8]);

impl Read for Slow<'_> {
    fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
        let wanted = room.len().min(1);
        self.0.read(&mut room[..wanted])
    }
}

fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => Just(row(1).into_bytes()),
        4 => proptest::sample::select(vec![
            &b"\""[..], b"\"\"", b",", b"\n", b"\r", b"\r\n", b"\0", b"R-1,", b"\xc3\xab", b"\xeb", b"=1", b" ", b",,,,,,,",
        ]).prop_map(<[u8]>::to_vec),
        1 => proptest::collection::vec(any::<u8>(), 0..12),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_bytes_are_rows_in_order_however_they_come(bytes in pieces()) {
        let profile = profile("call-recorder");
        let text = [RECORDER.as_bytes(), &bytes].concat();
        let rows = read(&profile, &text).unwrap();
        prop_assert!(rows.iter().map(|(number, _)| *number).is_sorted_by(|one, next| one < next));
        let slowly = CallFile::open(Slow(&text), &profile, now()).unwrap().map(Result::unwrap);
        prop_assert_eq!(slowly.map(|(number, row)| (number, told(row))).collect::<Vec<_>>(), rows);
        let _any = read(&profile, &bytes);
    }
}
