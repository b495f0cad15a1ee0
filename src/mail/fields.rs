//! The header fields of a part as they were found: their names, their values as text, and the lines between
//! them that are no fields at all, which are words that somebody wrote without a blank line before them.

use super::charset;
use super::parts::Part;
use crate::domain::correspondence::{HeaderField, Headers};
use mail_parser::HeaderName;

/// Of a longer value only so much is read.
const LONGEST_VALUE: usize = 64 * 1024;

/// One field as it stands in the bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct RawField<'a> {
    pub(super) name: &'a [u8],
    /// From after the colon to the end of the last folded line.
    pub(super) value: &'a [u8],
}

/// The header of one part.
#[derive(Debug, Default)]
pub(super) struct Block<'a> {
    pub(super) fields: Vec<RawField<'a>>,
    /// Lines that are neither a field nor blank, in order.
    pub(super) words: Vec<u8>,
}

/// Reads the header of `part`, which was found in `bytes`.
pub(super) fn of<'a>(bytes: &'a [u8], part: &Part) -> Block<'a> {
    let mut block = Block { fields: Vec::with_capacity(part.fields.len()), words: Vec::new() };
    let mut at = part.header_at;
    for field in &part.fields {
        let (from, value_at, to) = (field.name_at, field.value.start, field.value.end);
        block.take_words(bytes.get(at..from).unwrap_or_default());
        let name = bytes.get(from..value_at.saturating_sub(1)).unwrap_or_default().trim_ascii();
        if is_field(name, !block.words.is_empty()) {
            block.fields.push(RawField { name, value: bytes.get(value_at..to).unwrap_or_default() });
        } else {
            block.take_words(bytes.get(from..to).unwrap_or_default());
        }
        at = to;
    }
    block.take_words(bytes.get(at..part.content.body_at()).unwrap_or_default());
    block
}

/// Printable ASCII is a name. After a line that was none, only a name that mail is known to use: `Please note: …` is
/// what somebody wrote.
fn is_field(name: &[u8], after_words: bool) -> bool {
    let right = !name.is_empty() && name.len() <= 100 && name.iter().all(u8::is_ascii_graphic);
    let known = || {
        let name = std::str::from_utf8(name).unwrap_or_default();
        HeaderName::parse(name).is_some_and(|name| !name.is_other())
    };
    right && (!after_words || known())
}

impl Block<'_> {
    fn take_words(&mut self, between: &[u8]) {
        let is_separator = between.starts_with(b"From ") || between.starts_with(b">From ");
        let is_first = self.fields.is_empty() && self.words.is_empty();
        if between.trim_ascii().is_empty() || (is_separator && is_first) {
            return;
        }
        self.words.extend_from_slice(between);
    }
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
        let decoded = decoded.trim_end();
        if memchr::memchr(b'\n', decoded.as_bytes()).is_none() {
            return decoded.trim_start().to_owned();
        }
        let mut text = String::with_capacity(decoded.len());
        let mut from = 0;
        for to in memchr::memchr_iter(b'\n', decoded.as_bytes()).chain([decoded.len()]) {
            let line = decoded.get(from..to).unwrap_or_default().trim_end_matches('\r');
            from = to + 1;
            // The fold's own blank stays, as RFC 5322 asks.
            text.push_str(if text.is_empty() { line.trim_start() } else { line });
        }
        text
    }
}

/// All fields as text.
pub(super) fn to_headers(fields: &[RawField<'_>], charset: Option<&str>) -> Headers {
    let field = |raw: &RawField<'_>| HeaderField { name: lower(raw.name), value: raw.text(charset) };
    Headers(fields.iter().map(field).collect())
}

/// A name is ASCII.
fn lower(name: &[u8]) -> String {
    String::from_utf8(name.to_ascii_lowercase()).unwrap_or_default()
}
