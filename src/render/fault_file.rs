//! The rows of a file that were not taken in, with what is wrong with each, for whoever repairs them: a CSV file that
//! holds the rows themselves, so that they can be put right in it.

use super::spreadsheet;
use crate::domain::calls::RowFault;
use std::io::{self, Write};

/// A row that was not taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultyRow {
    /// As a spreadsheet shows it.
    pub number: u64,
    pub faults: Vec<RowFault>,
    /// As they stood in the file.
    pub cells: Vec<String>,
}

const HEAD: [&str; 4] = ["Row", "Column", "Code", "What is wrong"];

/// Writes a line for each fault: row, column, code, what is wrong, and the row as it was under the file's own headings.
/// Answers how many lines. Nothing in it is run by a spreadsheet.
///
/// # Errors
/// What `out` says.
pub fn write_fault_file(
    out: &mut impl Write,
    headings: &[String],
    rows: impl IntoIterator<Item = FaultyRow>,
) -> io::Result<u64> {
    let head: Vec<&str> = HEAD.into_iter().chain(headings.iter().map(String::as_str)).collect();
    out.write_all(spreadsheet::line(&head).as_bytes())?;
    let mut lines = 0;
    for row in rows {
        let number = row.number.to_string();
        for fault in &row.faults {
            let column = fault.column.as_deref().unwrap_or_default();
            let said = [number.as_str(), column, fault.code, &fault.says];
            let line: Vec<&str> = said.into_iter().chain(row.cells.iter().map(String::as_str)).collect();
            out.write_all(spreadsheet::line(&line).as_bytes())?;
            lines += 1;
        }
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_stands_beside_its_row_and_a_formula_is_not_run() {
        let faults = vec![
            RowFault::of_column("unknown-word", "Line", "it should be one of 999, 101"),
            RowFault::of_row("more-cells", "the row has 3 cells for 2 columns"),
        ];
        let cells = ["=HYPERLINK(\"x\")", "a\nb", "c"].map(str::to_owned).to_vec();
        let mut file = Vec::new();
        let headings = ["Line".to_owned(), "@Name".to_owned()];
        let lines = write_fault_file(&mut file, &headings, [FaultyRow { number: 7, faults, cells }]).unwrap();
        assert_eq!(lines, 2);
        assert_eq!(
            String::from_utf8(file).unwrap(),
            "Row,Column,Code,What is wrong,Line,'@Name\r\n\
             7,Line,unknown-word,\"it should be one of 999, 101\",\"'=HYPERLINK(\"\"x\"\")\",\"a\nb\",c\r\n\
             7,,more-cells,the row has 3 cells for 2 columns,\"'=HYPERLINK(\"\"x\"\")\",\"a\nb\",c\r\n"
        );
    }
}
