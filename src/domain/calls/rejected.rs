//! A file of rows that were not taken in: what is wrong with each stands before the row itself, so that it can be mended
//! there and brought in. A spreadsheet shall run nothing of it.

/// The headings before the file's own.
pub const HEAD: [&str; 4] = ["Row", "Column", "Code", "What is wrong"];

/// Whether headings begin as those of a file of rejected rows do.
pub fn is_of_rejected(headings: &[String]) -> bool {
    headings.len() > HEAD.len() && headings.iter().zip(HEAD).all(|(heading, ours)| heading == ours)
}

/// Whether a spreadsheet would take a cell for a formula.
pub fn is_formula(cell: &str) -> bool {
    let begins = cell.trim_start_matches([' ', '\u{a0}', '\u{feff}']).chars().next().unwrap_or_default();
    matches!(begins, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '|' | '＝' | '＋' | '－' | '＠')
}

/// A cell as it was before: without the apostrophe that kept a formula from being run.
pub fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|bare| is_formula(bare)).unwrap_or(cell)
}
