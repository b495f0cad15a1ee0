//! Rows of words as a CSV file that a spreadsheet opens without running anything of it.

use crate::domain::calls::rejected::is_formula;
pub use crate::domain::calls::rejected::unguarded;

/// A CSV document (RFC 4180, lines end CR LF) with one line of headings. A cell that a spreadsheet would take for a formula
/// begins with an apostrophe.
pub fn document(head: &[String], rows: &[Vec<String>]) -> String {
    let lines = std::iter::once(head).chain(rows.iter().map(Vec::as_slice));
    lines.map(line).collect()
}

/// One line of such a document, with its end.
pub fn line(cells: &[impl AsRef<str>]) -> String {
    cells.iter().map(|cell| written(cell.as_ref())).collect::<Vec<_>>().join(",") + "\r\n"
}

/// The same with another sign between the cells.
pub fn line_parted_by(delimiter: char, cells: &[impl AsRef<str>]) -> String {
    let written = |cell: &str| {
        let guarded = guarded(cell);
        if guarded.contains(delimiter) { quoted(&guarded) } else { written(cell) }
    };
    cells.iter().map(|cell| written(cell.as_ref())).collect::<Vec<_>>().join(&delimiter.to_string()) + "\r\n"
}

fn written(cell: &str) -> String {
    let guarded = guarded(cell);
    if guarded.contains(['"', ',', '\r', '\n', ';', '\t']) { quoted(&guarded) } else { guarded }
}

fn guarded(cell: &str) -> String {
    format!("{}{cell}", if is_formula(cell) { "'" } else { "" })
}

fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_cell_is_run() {
        for formula in ["=1+1", "+441", "-2", "@SUM(A1)", " =1", "\t=1", "\u{feff}=1"] {
            assert!(written(formula).trim_start_matches('"').starts_with('\''), "{formula:?}");
            assert_eq!(unguarded(&format!("'{formula}")), formula);
        }
        assert_eq!(written("=HYPERLINK(\"x\",\"y\")"), "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
    }

    #[test]
    fn words_stay_as_they_are() {
        let rows = [vec!["O'Neill, Ann".to_owned(), "12".to_owned()]];
        assert_eq!(unguarded("'tis"), "'tis");
        assert_eq!(document(&["Name".to_owned(), "N".to_owned()], &rows), "Name,N\r\n\"O'Neill, Ann\",12\r\n");
    }
}
