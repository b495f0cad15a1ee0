//! The rows of a file that were not taken in, with what is wrong with each, for whoever repairs them: a file that is read
//! by the same profile and holds the rows themselves, so that they can be put right in it.

use super::spreadsheet;
use crate::domain::calls::Format;
use crate::domain::calls::rejected::HEAD;
use serde_json::{Map, Value};

/// A row that was not taken in, with everything that is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FaultyRow {
    /// As a spreadsheet shows it.
    pub number: u64,
    pub columns: Vec<String>,
    pub codes: Vec<String>,
    pub says: Vec<String>,
    /// As they stood in the file.
    pub cells: Vec<String>,
}

impl FaultyRow {
    /// Something else that is wrong with it.
    pub fn add(&mut self, column: Option<&str>, code: &str, says: &str) {
        self.columns.extend(column.map(str::to_owned));
        self.codes.push(code.to_owned());
        self.says.push(says.to_owned());
    }

    fn said(&self) -> [String; 4] {
        [self.number.to_string(), self.columns.join(", "), self.codes.join(", "), self.says.join("; ")]
    }
}

/// How such a file is written: as its profile reads it.
#[derive(Clone, Debug)]
pub struct FaultFile {
    format: Format,
    /// The file's own.
    headings: Vec<String>,
}

impl FaultFile {
    pub fn new(format: Format, headings: Vec<String>) -> Self {
        Self { format, headings }
    }

    /// What it begins with. A byte order mark says that it is UTF-8, whatever the profile takes its files for.
    pub fn head(&self) -> String {
        match self.format {
            Format::Csv { delimiter, .. } => {
                let head: Vec<&str> = HEAD.into_iter().chain(self.headings.iter().map(String::as_str)).collect();
                format!("\u{feff}{}", spreadsheet::line_parted_by(delimiter.into(), &head))
            }
            Format::Ndjson => String::new(),
        }
    }

    /// A line: row, columns, codes, what is wrong, and the row as it was under the file's own headings. Nothing in it is
    /// run by a spreadsheet.
    pub fn row(&self, row: &FaultyRow) -> String {
        match self.format {
            Format::Csv { delimiter, .. } => {
                let line: Vec<String> = row.said().into_iter().chain(row.cells.iter().cloned()).collect();
                spreadsheet::line_parted_by(delimiter.into(), &line)
            }
            Format::Ndjson => self.object(row),
        }
    }

    /// Of a line that was no object, its text.
    fn object(&self, row: &FaultyRow) -> String {
        let said = HEAD.into_iter().map(str::to_owned).zip(row.said());
        let cells: Vec<(String, String)> = if row.cells.len() == self.headings.len() {
            self.headings.iter().cloned().zip(row.cells.iter().cloned()).filter(|(_, cell)| !cell.is_empty()).collect()
        } else {
            vec![("The row as it came".to_owned(), row.cells.join(","))]
        };
        let object: Map<String, Value> = said.chain(cells).map(|(name, cell)| (name, Value::String(cell))).collect();
        format!("{}\n", Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calls::Encoding;

    fn faulty() -> FaultyRow {
        let cells = ["=HYPERLINK(\"x\")", "a\nb;c"].map(str::to_owned).to_vec();
        let mut row = FaultyRow { number: 7, cells, ..FaultyRow::default() };
        row.add(Some("Line"), "unknown-word", "it should be one of 999, 101");
        row.add(None, "more-cells", "the row has 3 cells for 2 columns");
        row
    }

    #[test]
    fn everything_that_is_wrong_stands_beside_its_row_and_a_formula_is_not_run() {
        let headings = vec!["Line".to_owned(), "@Name".to_owned()];
        let file = FaultFile::new(Format::Csv { delimiter: b';', encoding: Encoding::Windows1252 }, headings);
        assert_eq!(file.head(), "\u{feff}Row;Column;Code;What is wrong;Line;'@Name\r\n");
        assert_eq!(
            file.row(&faulty()),
            "7;Line;\"unknown-word, more-cells\";\"it should be one of 999, 101; the row has 3 cells for 2 columns\";\
             \"'=HYPERLINK(\"\"x\"\")\";\"a\nb;c\"\r\n"
        );
    }

    #[test]
    fn of_lines_of_json_it_is_lines_of_json() {
        let file = FaultFile::new(Format::Ndjson, vec!["at".to_owned(), "id".to_owned()]);
        let line: Value = serde_json::from_str(&file.row(&faulty())).unwrap();
        assert_eq!(
            (&line["Row"], &line["at"], &line["id"]),
            (&"7".into(), &"=HYPERLINK(\"x\")".into(), &"a\nb;c".into())
        );
    }
}
