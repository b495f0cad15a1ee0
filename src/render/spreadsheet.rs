//! Rows of words as a CSV file that a spreadsheet opens without running anything of it.

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

/// A cell of such a document as it was before: without the apostrophe that kept a formula from being run.
pub fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|bare| is_formula(bare)).unwrap_or(cell)
}

fn is_formula(cell: &str) -> bool {
    let begins = cell.trim_start_matches([' ', '\u{a0}', '\u{feff}']).chars().next().unwrap_or_default();
    matches!(begins, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '|' | '＝' | '＋' | '－' | '＠')
}

fn written(cell: &str) -> String {
    let guarded = format!("{}{cell}", if is_formula(cell) { "'" } else { "" });
    if guarded.contains(['"', ',', '\r', '\n', ';', '\t']) {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
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
