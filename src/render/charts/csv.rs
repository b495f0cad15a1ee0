//! Numbers as a CSV file that a spreadsheet opens without running anything.

/// A CSV document (RFC 4180, lines end CR LF) with one line of headings. A cell that a spreadsheet would take for a
/// formula gets a leading apostrophe; a plain number does not.
pub(super) fn document(head: &[String], rows: &[Vec<String>]) -> String {
    let size: usize = rows.iter().flatten().chain(head).map(|cell| cell.len() + 3).sum();
    let mut text = String::with_capacity(size + 2);
    for row in std::iter::once(head).chain(rows.iter().map(Vec::as_slice)) {
        for (place, cell) in row.iter().enumerate() {
            if place > 0 {
                text.push(',');
            }
            push_cell(&mut text, cell);
        }
        text.push_str("\r\n");
    }
    text
}

fn push_cell(text: &mut String, cell: &str) {
    let guard = if is_formula(cell) { "'" } else { "" };
    if cell.contains(['"', ',', '\r', '\n']) {
        text.push('"');
        text.push_str(guard);
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(guard);
        text.push_str(cell);
    }
}

fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_plain_number(cell)
}

/// An optional sign, digits, and at most one point between digits.
fn is_plain_number(cell: &str) -> bool {
    let digits = cell.strip_prefix(['-', '+']).unwrap_or(cell);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, part].iter().all(|run| !run.is_empty() && run.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> String {
        document(&[text.to_owned()], &[]).trim_end_matches("\r\n").to_owned()
    }

    #[test]
    fn formulas_are_words_in_a_spreadsheet() {
        for formula in ["=1+1", "+44 1", "-1+1", "@SUM(A1)", "\tx", "-", "+", "-1.", "-1.2.3", "-1e5"] {
            assert!(cell(formula).starts_with('\''), "{formula:?} became {:?}", cell(formula));
        }
        assert_eq!(cell("\r=1"), "\"'\r=1\"");
        assert_eq!(cell("=HYPERLINK(\"x\",\"y\")"), "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
    }

    #[test]
    fn plain_numbers_and_words_stay_as_they_are() {
        for plain in ["-12", "+3", "-0.5", "12", "2026-10-24", "Strategy started", ""] {
            assert_eq!(cell(plain), plain);
        }
    }

    #[test]
    fn commas_quotes_and_line_breaks_are_quoted() {
        let rows = [vec!["a,b".to_owned(), "say \"no\"".to_owned()], vec!["two\nlines".to_owned(), "c".to_owned()]];
        let head = ["One".to_owned(), "Two".to_owned()];
        assert_eq!(document(&head, &rows), "One,Two\r\n\"a,b\",\"say \"\"no\"\"\"\r\n\"two\nlines\",c\r\n");
    }
}
