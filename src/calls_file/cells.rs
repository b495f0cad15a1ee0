//! The cells of one row as text. One buffer serves all rows.

use crate::domain::calls::Encoding;
use csv::ByteRecord;
use encoding_rs::WINDOWS_1252;
use std::str;

/// Of a row that cannot be taken apart, so many bytes are shown to whoever repairs it.
const BEGINNING: usize = 4 * 1024;

#[derive(Clone, Debug, Default)]
pub(super) struct Cells {
    text: String,
    /// Where each cell ends in the text; it begins where the one before it ends.
    ends: Vec<usize>,
}

impl Cells {
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    pub(super) fn all(&self) -> Vec<&str> {
        let mut start = 0;
        let cell = |end: &usize| {
            let cell = self.text.get(start..*end).unwrap_or_default();
            start = *end;
            cell
        };
        self.ends.iter().map(cell).collect()
    }

    pub(super) fn held_bytes(&self) -> usize {
        self.text.capacity() + self.ends.capacity() * size_of::<usize>()
    }

    pub(super) fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len());
    }

    /// The cells of a record, decoded. Answers the first that is no text, counted from 0.
    pub(super) fn take(&mut self, record: &ByteRecord, encoding: Encoding) -> Option<usize> {
        let bytes = record.as_slice();
        if encoding != Encoding::Windows1252 || bytes.is_ascii() {
            // Mostly the whole row is one text already.
            if let Ok(text) = str::from_utf8(bytes)
                && self.take_whole(text, record)
            {
                return None;
            }
        }
        self.clear();
        for (column, cell) in record.iter().enumerate() {
            if !self.push_decoded(cell, encoding) {
                return Some(column);
            }
        }
        None
    }

    /// `false` where a letter goes on from one cell into the next: then neither is text.
    fn take_whole(&mut self, text: &str, record: &ByteRecord) -> bool {
        self.text.push_str(text);
        let mut end = 0;
        for cell in record {
            end += cell.len();
            if !text.is_char_boundary(end) {
                return false;
            }
            self.ends.push(end);
        }
        true
    }

    fn push_decoded(&mut self, cell: &[u8], encoding: Encoding) -> bool {
        match (encoding, str::from_utf8(cell)) {
            (Encoding::Windows1252, _) => self.text.push_str(&WINDOWS_1252.decode_without_bom_handling(cell).0),
            (Encoding::Utf8 | Encoding::Auto, Ok(text)) => self.text.push_str(text),
            (Encoding::Utf8, Err(_)) => return false,
            (Encoding::Auto, Err(_)) => {
                for line in cell.split_inclusive(|byte| *byte == b'\n') {
                    match str::from_utf8(line) {
                        Ok(text) => self.text.push_str(text),
                        Err(_) => self.text.push_str(&WINDOWS_1252.decode_without_bom_handling(line).0),
                    }
                }
            }
        }
        self.ends.push(self.text.len());
        true
    }

    /// In place of cells, the beginning of a row that has none that are sure.
    pub(super) fn take_beginning(&mut self, row: &[u8]) {
        self.clear();
        let beginning = row.get(..BEGINNING).unwrap_or(row);
        // A letter may be cut in two; the rest of it is no reason to read all of it as something else.
        let text = match str::from_utf8(beginning) {
            Err(fault) if fault.error_len().is_none() => String::from_utf8_lossy(beginning),
            Ok(text) => text.into(),
            Err(_) => WINDOWS_1252.decode_without_bom_handling(beginning).0,
        };
        self.push(&text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cells: &[&[u8]], encoding: Encoding) -> Result<Vec<String>, usize> {
        let record = ByteRecord::from(cells.to_vec());
        let mut taken = Cells::default();
        match taken.take(&record, encoding) {
            Some(column) => Err(column),
            None => Ok(taken.all().into_iter().map(str::to_owned).collect()),
        }
    }

    #[test]
    fn each_line_of_a_cell_is_read_as_what_it_is() {
        let mixed: [&[u8]; 3] = [b"a", "Zoë".as_bytes(), b"Zo\xeb\nZo\xc3\xab"];
        assert_eq!(read(&mixed, Encoding::Auto).unwrap(), ["a", "Zoë", "Zoë\nZoë"]);
        assert_eq!(read(&mixed, Encoding::Utf8), Err(2));
        assert_eq!(read(&[b"\x80 5"], Encoding::Windows1252).unwrap(), ["€ 5"]);
        assert_eq!(read(&["ë".as_bytes()], Encoding::Windows1252).unwrap(), ["Ã«"], "the profile is believed");
    }

    #[test]
    fn a_letter_cut_by_a_delimiter_is_not_put_together_again() {
        assert_eq!(read(&[b"a\xc3", b"\xabb"], Encoding::Auto).unwrap(), ["aÃ", "«b"]);
        assert_eq!(read(&[b"a\xc3", b"\xabb"], Encoding::Utf8), Err(0));
    }

    #[test]
    fn the_beginning_of_a_long_row_is_shown_without_half_a_letter() {
        let mut cells = Cells::default();
        cells.take_beginning("ë".repeat(BEGINNING).as_bytes());
        assert_eq!(cells.all(), ["ë".repeat(BEGINNING / 2)]);
        cells.take_beginning(b"\xeb, \"open");
        assert_eq!(cells.all(), ["ë, \"open"]);
    }
}
