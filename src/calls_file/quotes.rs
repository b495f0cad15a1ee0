//! Where quotation marks stand in a row of CSV: whether a cell is still open at the end of a line.
//!
//! The same reading of them as the `csv` crate's, which takes the row apart afterwards.

use memchr::memchr;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    CellStart,
    /// In a cell without quotation marks, where one is a sign as any other.
    Plain,
    Quoted,
    /// After a quotation mark in a quoted cell: it closes the cell, or another follows and both are one sign.
    Closing,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Quotes {
    delimiter: u8,
    at: At,
    odd: bool,
}

impl Quotes {
    pub(super) fn new(delimiter: u8) -> Self {
        Self { delimiter, at: At::CellStart, odd: false }
    }

    /// Reads a line on.
    pub(super) fn read(&mut self, line: &[u8]) {
        if self.at == At::CellStart && memchr(b'"', line).is_none() {
            self.at = At::Plain;
            return;
        }
        for byte in line {
            self.at = match (self.at, *byte) {
                (At::CellStart | At::Closing, b'"') => At::Quoted,
                (At::Quoted, b'"') => At::Closing,
                (At::Quoted, _) => At::Quoted,
                (_, byte) if byte == self.delimiter => At::CellStart,
                (At::Closing, _) => {
                    self.odd = true;
                    At::Plain
                }
                (At::CellStart | At::Plain, _) => At::Plain,
            };
        }
    }

    pub(super) fn open(&self) -> bool {
        self.at == At::Quoted
    }

    /// Whether something else than a delimiter followed a closing quotation mark since this was last asked.
    pub(super) fn take_odd(&mut self) -> bool {
        std::mem::take(&mut self.odd)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(line: &str) -> (bool, bool) {
        let mut quotes = Quotes::new(b',');
        quotes.read(line.as_bytes());
        (quotes.open(), quotes.take_odd())
    }

    #[test]
    fn a_quotation_mark_that_does_not_close_leaves_the_cell_open() {
        for line in ["a,b", "\"a\",b", "\"a\"\"b\"", "a\"b,c", "\"\"", "a,\"\"", ""] {
            assert_eq!(read(line), (false, false), "{line}");
        }
        for line in ["\"a", "a,\"b", "\"a\"\"", "\"\"\"", "\"a,b\",\""] {
            assert_eq!(read(line), (true, false), "{line}");
        }
        assert_eq!(read("\"a\"b,c"), (false, true));
    }

    proptest! {
        #[test]
        fn a_row_ends_where_the_csv_crate_ends_it(line in "[\",a ]{0,24}") {
            let (open, _) = read(&line);
            let text = format!("{line}\nnext\n");
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let rows = reader.byte_records().count();
            let expected = if line.is_empty() || open { 1 } else { 2 };
            prop_assert_eq!(rows, expected, "{}", line);
        }
    }
}
