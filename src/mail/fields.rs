//! A header block to its fields: unfolded, trimmed, in order. Tolerates bare LF, a missing blank line and lines that
//! are no header at all.

use super::charset;
use crate::domain::correspondence::{HeaderField, Headers};

/// More fields than this are counted as body: a header is not a place for data.
const MOST_FIELDS: usize = 2_000;
/// Of a longer value only so much is read.
const LONGEST_VALUE: usize = 64 * 1024;

/// One field as it stands in the bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct RawField<'a> {
    pub(super) name: &'a [u8],
    /// From after the colon to the end of the last folded line.
    pub(super) value: &'a [u8],
    /// Where the value begins.
    at: usize,
}

/// The fields at the start of `bytes`, and where the body begins.
#[derive(Debug)]
pub(super) struct Block<'a> {
    pub(super) fields: Vec<RawField<'a>>,
    pub(super) body_at: usize,
    /// The block ended at a line that is neither a field nor blank.
    pub(super) broken_off: bool,
}

/// Reads fields until a blank line, the end, or a line that cannot be one.
pub(super) fn read(bytes: &[u8]) -> Block<'_> {
    let mut block = Block { fields: Vec::new(), body_at: 0, broken_off: false };
    while block.body_at < bytes.len() {
        let at = block.body_at;
        let line_end = end_of_line(bytes, at);
        let line = bytes.get(at..line_end).unwrap_or_default();
        if trim(line).is_empty() {
            block.body_at = line_end;
            return block;
        }
        let Some((name, value_at)) = field_name(line) else {
            if goes_on(&block, line) {
                block.body_at = line_end;
                let from = block.fields.last().map_or(at, |last| last.at);
                let value = bytes.get(from..line_end).unwrap_or_default();
                block.fields.last_mut().into_iter().for_each(|last| last.value = value);
                continue;
            }
            if is_mbox_separator(line) && block.fields.is_empty() {
                block.body_at = line_end;
                continue;
            }
            block.broken_off = true;
            return block;
        };
        if block.fields.len() == MOST_FIELDS {
            block.broken_off = true;
            return block;
        }
        let mut end = line_end;
        while matches!(bytes.get(end), Some(b' ' | b'\t')) {
            let next = end_of_line(bytes, end);
            if trim(bytes.get(end..next).unwrap_or_default()).is_empty() {
                break; // a line of blanks ends the header, whatever it looks like
            }
            end = next;
        }
        let value = bytes.get(at + value_at..end).unwrap_or_default();
        block.fields.push(RawField { name, value, at: at + value_at });
        block.body_at = end;
    }
    block
}

/// A parameter whose line was not indented: the line before ended in `;`, and this is `name=value`.
fn goes_on(block: &Block<'_>, line: &[u8]) -> bool {
    let open = block.fields.last().is_some_and(|last| last.value.trim_ascii_end().ends_with(b";"));
    open && line.iter().position(|byte| *byte == b'=').is_some_and(|at| {
        line.get(..at)
            .unwrap_or_default()
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'*'))
    })
}

/// The index just after the line feed that ends the line at `from`.
pub(super) fn end_of_line(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    memchr::memchr(b'\n', rest).map_or(bytes.len(), |at| from + at + 1)
}

pub(super) fn trim(bytes: &[u8]) -> &[u8] {
    bytes.trim_ascii()
}

/// Printable ASCII up to a colon, with blanks allowed before it.
fn field_name(line: &[u8]) -> Option<(&[u8], usize)> {
    let colon = memchr::memchr(b':', line)?;
    let name = line.get(..colon)?.trim_ascii_end();
    let right = !name.is_empty() && name.len() <= 100 && name.iter().all(|byte| byte.is_ascii_graphic());
    right.then_some((name, colon + 1))
}

fn is_mbox_separator(line: &[u8]) -> bool {
    line.starts_with(b"From ") || line.starts_with(b">From ")
}

impl RawField<'_> {
    pub(super) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }

    pub(super) fn is_too_long(&self) -> bool {
        self.value.len() > LONGEST_VALUE
    }

    /// Unfolded text; `charset` is the label to try for bytes beyond ASCII that are not UTF-8.
    pub(super) fn text(&self, charset: Option<&str>) -> String {
        let value = self.value.get(..LONGEST_VALUE).unwrap_or(self.value);
        let decoded = charset::decode(value, charset).text;
        let mut text = String::with_capacity(decoded.len());
        for line in decoded.split('\n') {
            let line = line.trim_end_matches('\r');
            if text.is_empty() {
                text.push_str(line.trim_start());
            } else {
                text.push_str(line); // the fold's own blank stays, as RFC 5322 asks
            }
        }
        text.truncate(text.trim_end().len());
        text
    }
}

/// All fields as text.
pub(super) fn to_headers(block: &Block<'_>, charset: Option<&str>) -> Headers {
    let field = |raw: &RawField<'_>| HeaderField {
        name: String::from_utf8_lossy(raw.name).to_ascii_lowercase(),
        value: raw.text(charset),
    };
    Headers(block.fields.iter().map(field).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_and_values(bytes: &[u8]) -> (Vec<(String, String)>, usize) {
        let block = read(bytes);
        let fields = to_headers(&block, None).0;
        (fields.into_iter().map(|field| (field.name, field.value)).collect(), block.body_at)
    }

    #[test]
    fn folded_lines_belong_to_their_field() {
        let (fields, body_at) = names_and_values(b"Subject: one\r\n two\r\nTo: a@b\r\n\r\nbody");
        assert_eq!(fields, [("subject".into(), "one two".into()), ("to".into(), "a@b".into())]);
        assert_eq!(body_at, 31);
    }

    #[test]
    fn a_missing_blank_line_ends_the_header_where_the_words_begin() {
        let bytes = b"To: a@b\nHello there\n";
        let block = read(bytes);
        assert!(block.broken_off);
        assert_eq!(bytes.get(block.body_at..), Some(&b"Hello there\n"[..]));
    }

    #[test]
    fn a_parameter_on_a_line_of_its_own_need_not_be_indented() {
        let (fields, _) = names_and_values(b"Content-Type: multipart/mixed;\nboundary=\"x\"\nTo: a@b\n\n");
        assert_eq!(fields.first().map(|(_, value)| value.as_str()), Some("multipart/mixed;boundary=\"x\""));
        assert_eq!(fields.len(), 2);
    }

    #[test]
    fn an_mbox_separator_is_stepped_over() {
        let (fields, _) = names_and_values(b"From someone Thu Jan  1 00:00:00 2026\nTo: a@b\n\n");
        assert_eq!(fields, [("to".into(), "a@b".into())]);
    }
}
