//! Rows of CSV. Where a row ends is found line by line, so that a quotation mark that never closes costs its own line
//! and no other; what its cells are, the `csv` crate says.

use super::cells::Cells;
use super::lines::{Found, Line, Lines};
use super::quotes::Quotes;
use super::{FileFault, Taken, believed};
use crate::domain::calls::{Encoding, RowFault, code};
use csv::ByteRecord;
use std::io::Read;

/// A row with more cells is not looked at further.
const MOST_CELLS: usize = 4_096;

pub(super) struct CsvRows<R> {
    lines: Lines<R>,
    encoding: Encoding,
    delimiter: u8,
    reader: csv::Reader<Fed>,
    /// Bytes given to the reader since it was made.
    fed: u64,
    record: ByteRecord,
    number: u64,
}

/// What the `csv` reader reads: one row at a time.
#[derive(Default)]
struct Fed {
    row: Vec<u8>,
    given: usize,
}

impl Read for Fed {
    fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
        let mut rest = self.row.get(self.given..).unwrap_or_default();
        let count = rest.read(room)?;
        self.given += count;
        Ok(count)
    }
}

fn reader(delimiter: u8) -> csv::Reader<Fed> {
    let mut builder = csv::ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(delimiter).from_reader(Fed::default())
}

impl<R: Read> CsvRows<R> {
    pub(super) fn new(lines: Lines<R>, delimiter: u8, encoding: Encoding) -> Self {
        let reader = reader(delimiter);
        Self { lines, encoding, delimiter, reader, fed: 0, record: ByteRecord::new(), number: 0 }
    }

    /// Of the row that was taken last.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    pub(super) fn lines(&self) -> &Lines<R> {
        &self.lines
    }

    pub(super) fn held_bytes(&self) -> usize {
        self.lines.held_bytes() + self.reader.get_ref().row.capacity() + self.record.as_slice().len()
    }

    /// The first row, which says what the columns are; cells without a name at its end are none.
    pub(super) fn headings(&mut self, cells: &mut Cells) -> Result<Vec<String>, FileFault> {
        loop {
            match self.take(cells, &[])? {
                None => return Err(FileFault::Empty),
                Some(Taken::Faulty(_)) => return Err(FileFault::UnreadableHeadings),
                Some(Taken::Blank) => {}
                Some(Taken::Cells) => break,
            }
        }
        let mut headings: Vec<String> = cells.all().iter().map(|heading| heading.trim().to_owned()).collect();
        while headings.last().is_some_and(String::is_empty) {
            headings.pop();
        }
        Ok(headings)
    }

    /// The next row; without headings, of any number of cells. `None` at the end of the file.
    pub(super) fn take(&mut self, cells: &mut Cells, headings: &[String]) -> Result<Option<Taken>, FileFault> {
        cells.clear();
        let first = loop {
            match self.lines.line(0)? {
                Found::End => return Ok(None),
                Found::TooLong => return self.too_long(cells).map(Some),
                Found::Line(line) => {
                    self.number += 1;
                    if line.text > 0 {
                        break line;
                    }
                    self.lines.consume(line.next);
                }
            }
        };
        let Some(last) = self.last_line(first)? else { return Ok(Some(self.open_quote(first, cells))) };
        if !self.split(last) {
            return Ok(Some(self.not_taken_apart(last, cells)));
        }
        let cell_fault = self.wrong_number_of_cells(last, headings.len());
        if cell_fault.is_some() && last != first {
            // The quotation mark was closed by that of another row.
            return Ok(Some(self.open_quote(first, cells)));
        }
        self.lines.consume(last.next);
        Ok(Some(self.understood(cell_fault, cells, headings)))
    }

    fn understood(&mut self, cell_fault: Option<RowFault>, cells: &mut Cells, headings: &[String]) -> Taken {
        let not_text = cells.take(&self.record, believed(self.encoding, self.lines.marked()));
        if self.record.iter().all(|cell| cell.iter().all(u8::is_ascii_whitespace)) {
            return Taken::Blank;
        }
        if let Some(column) = not_text {
            let heading = headings.get(column).map_or("", String::as_str);
            cells.take_beginning(self.record.get(column).unwrap_or_default());
            return Taken::Faulty(RowFault::of_column(code::NOT_TEXT, heading, "the cell is not UTF-8"));
        }
        cell_fault.map_or(Taken::Cells, Taken::Faulty)
    }

    /// The line a row that begins with `first` ends with. `None`: a quotation mark opens in it that does not close as one
    /// should.
    fn last_line(&mut self, first: Line) -> Result<Option<Line>, FileFault> {
        let mut quotes = Quotes::new(self.delimiter);
        quotes.read(self.lines.held().get(..first.text).unwrap_or_default());
        // People put quotation marks where they like; in one line that harms no other row.
        quotes.take_odd();
        let mut last = first;
        while quotes.open() {
            let Found::Line(next) = self.lines.line(last.next)? else { return Ok(None) };
            quotes.read(self.lines.held().get(last.next..next.text).unwrap_or_default());
            if quotes.take_odd() {
                return Ok(None);
            }
            last = next;
        }
        Ok(Some(last))
    }

    /// Takes the held row apart into `record`.
    fn split(&mut self, last: Line) -> bool {
        if self.record.len() > MOST_CELLS {
            self.record = ByteRecord::new();
        }
        let fed = self.reader.get_mut();
        fed.row.clear();
        fed.row.extend_from_slice(self.lines.held().get(..last.text).unwrap_or_default());
        fed.row.push(b'\n');
        fed.given = 0;
        self.fed += fed.row.len() as u64;
        let read = self.reader.read_byte_record(&mut self.record).unwrap_or(false);
        if read && self.reader.position().byte() == self.fed {
            return true;
        }
        (self.reader, self.fed) = (reader(self.delimiter), 0);
        false
    }

    /// `width` 0: any number is right. Empty cells beyond the last heading are none.
    fn wrong_number_of_cells(&self, last: Line, width: usize) -> Option<RowFault> {
        let count = self.record.len();
        if count > MOST_CELLS {
            return Some(RowFault::of_row(code::MORE_CELLS, format!("the row has more than {MOST_CELLS} cells")));
        }
        if width == 0 || count == width || (count > width && self.record.iter().skip(width).all(<[u8]>::is_empty)) {
            return None;
        }
        if count > width {
            return Some(RowFault::of_row(code::MORE_CELLS, format!("the row has {count} cells for {width} columns")));
        }
        let says = format!("the row has {count} cells of {width}");
        Some(if last.whole {
            RowFault::of_row(code::FEWER_CELLS, says)
        } else {
            RowFault::of_row(code::HALF_ROW, format!("{says}, and the file ends in it"))
        })
    }

    fn open_quote(&mut self, first: Line, cells: &mut Cells) -> Taken {
        cells.take_beginning(self.lines.held().get(..first.text).unwrap_or_default());
        self.lines.consume(first.next);
        Taken::Faulty(if first.whole {
            let says = "a quotation mark opens a cell and does not close it; the next line is read as the next row";
            RowFault::of_row(code::OPEN_QUOTE, says)
        } else {
            RowFault::of_row(code::HALF_ROW, "the file ends inside a cell")
        })
    }

    fn not_taken_apart(&mut self, last: Line, cells: &mut Cells) -> Taken {
        cells.take_beginning(self.lines.held().get(..last.text).unwrap_or_default());
        self.lines.consume(last.next);
        Taken::Faulty(RowFault::of_row(code::NOT_TEXT, "the row cannot be taken apart into cells"))
    }

    fn too_long(&mut self, cells: &mut Cells) -> Result<Taken, FileFault> {
        self.number += 1;
        cells.take_beginning(self.lines.held());
        self.lines.skip_line()?;
        Ok(Taken::Faulty(RowFault::of_row(code::ROW_TOO_LONG, "the row has more than a mebibyte")))
    }
}
