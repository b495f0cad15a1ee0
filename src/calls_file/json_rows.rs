//! Rows of NDJSON: an object a line. Names nobody asks for are left alone.

use super::cells::Cells;
use super::lines::{Found, Line, Lines};
use super::{FileFault, Taken};
use crate::domain::calls::{Profile, RowFault, code};
use serde_json::{Map, Value};
use std::io::Read;

pub(super) struct JsonRows<R> {
    lines: Lines<R>,
    /// Each name that is looked for, and whether no row can do without it.
    names: Vec<(String, bool)>,
    number: u64,
}

impl<R: Read> JsonRows<R> {
    pub(super) fn new(lines: Lines<R>, profile: &Profile) -> Self {
        let indispensable = |name: &str| profile.key.iter().chain(&profile.time.columns).any(|needed| needed == name);
        let names = profile.needed().into_iter().map(|name| (name.to_owned(), indispensable(name))).collect();
        Self { lines, names, number: 0 }
    }

    /// Of the row that was taken last.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    pub(super) fn lines(&self) -> &Lines<R> {
        &self.lines
    }

    pub(super) fn has_any(&mut self) -> Result<(), FileFault> {
        if self.lines.line(0)? == Found::End { Err(FileFault::Empty) } else { Ok(()) }
    }

    pub(super) fn take(&mut self, cells: &mut Cells) -> Result<Option<Taken>, FileFault> {
        loop {
            let line = match self.lines.line(0)? {
                Found::End => return Ok(None),
                Found::TooLong => return self.too_long(cells).map(Some),
                Found::Line(line) => line,
            };
            self.number += 1;
            let text = self.lines.held().get(..line.text).unwrap_or_default();
            if text.iter().all(u8::is_ascii_whitespace) {
                self.lines.consume(line.next);
                continue;
            }
            let taken = match self.understood(text, line, cells) {
                Ok(()) => Taken::Cells,
                Err(fault) => {
                    cells.take_beginning(text);
                    Taken::Faulty(fault)
                }
            };
            self.lines.consume(line.next);
            return Ok(Some(taken));
        }
    }

    fn understood(&self, text: &[u8], line: Line, cells: &mut Cells) -> Result<(), RowFault> {
        cells.clear();
        let object: Map<String, Value> = serde_json::from_slice(text).map_err(|fault| {
            if fault.is_eof() && !line.whole {
                RowFault::of_row(code::HALF_ROW, "the file ends inside the object")
            } else {
                RowFault::of_row(
                    code::NOT_JSON,
                    format!("the line is no JSON object; see its column {}", fault.column()),
                )
            }
        })?;
        for (name, indispensable) in &self.names {
            match object.get(name) {
                Some(Value::String(text)) => cells.push(text),
                Some(Value::Number(number)) => cells.push(&number.to_string()),
                Some(Value::Bool(answer)) => cells.push(&answer.to_string()),
                Some(Value::Array(_) | Value::Object(_)) => {
                    return Err(RowFault::of_column(code::NOT_JSON, name, "it is neither a text nor a number"));
                }
                None if *indispensable => {
                    return Err(RowFault::of_column(code::MISSING_COLUMN, name, "no row can do without it"));
                }
                Some(Value::Null) | None => cells.push(""),
            }
        }
        Ok(())
    }

    fn too_long(&mut self, cells: &mut Cells) -> Result<Taken, FileFault> {
        self.number += 1;
        cells.take_beginning(self.lines.held());
        self.lines.skip_line()?;
        Ok(Taken::Faulty(RowFault::of_row(code::ROW_TOO_LONG, "the row has more than a mebibyte")))
    }
}
