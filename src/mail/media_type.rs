//! Content-Type and Content-Disposition as `mail-parser` reads them: the value and its parameters, RFC 2231 pieces and
//! charsets included.

use super::encoded_words;
use mail_parser::HeaderValue;
use mail_parser::parsers::MessageStream;
use regex::{Captures, Regex};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::LazyLock;

/// A longer field is not read to its end: no media type needs it.
const LONGEST: usize = 16 * 1024;

/// `text/plain` and its parameters. The value and the names are lower case.
#[derive(Debug, Default)]
pub(super) struct MediaType {
    pub(super) value: String,
    parameters: Vec<(String, String)>,
}

impl MediaType {
    /// What a part is that says nothing of itself.
    pub(super) fn plain_text() -> Self {
        Self { value: "text/plain".to_owned(), parameters: Vec::new() }
    }

    /// Reads an unfolded field.
    pub(super) fn parse(field: &str) -> Self {
        if field.is_empty() {
            return Self::default();
        }
        let line = one_line(&joined(field.get(..LONGEST).unwrap_or(field)));
        let HeaderValue::ContentType(read) = MessageStream::new(line.as_bytes()).parse_content_type() else {
            return Self::default();
        };
        let value = match read.subtype() {
            Some(subtype) => format!("{}/{subtype}", read.ctype()),
            None => read.ctype().to_owned(),
        };
        let parameter =
            |read: &mail_parser::Attribute<'_>| (read.name.to_ascii_lowercase(), encoded_words::decode(&read.value));
        let parameters = read.attributes().unwrap_or_default().iter().map(parameter).collect();
        Self { value: value.to_ascii_lowercase(), parameters }
    }

    /// Of the same parameter in two forms, the later one: mailers write the plain form before the extended one.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().rev().find(|(named, value)| named == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    }

    pub(super) fn is_multipart(&self) -> bool {
        self.value.starts_with("multipart/")
    }
}

#[expect(clippy::expect_used, reason = "a constant pattern, compiled in every test")]
static PIECE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#";\s*([A-Za-z-]+)\*([0-9]{1,4})(\*?)=\s*("[^"]*"|[^;]*)"#).expect("a constant pattern")
});

/// One line for the parser, which reads to a line feed.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len() + 1);
    line.push_str(text);
    if memchr::memchr2(b'\r', b'\n', text.as_bytes()).is_some() {
        line = line.replace(['\r', '\n'], " ");
    }
    line.push('\n');
    line
}

/// A parameter in pieces (`name*0*=utf-8''Erkl%C3; name*1*=%A4rung`) as one: the parser decodes each piece by itself, and
/// a character may be cut between them.
fn joined(field: &str) -> Cow<'_, str> {
    if memchr::memchr(b'*', field.as_bytes()).is_none() || !field.contains("*0") {
        return Cow::Borrowed(field);
    }
    let mut pieces: BTreeMap<String, BTreeMap<u32, String>> = BTreeMap::new();
    for found in PIECE.captures_iter(field) {
        let number = group(&found, 2).parse().unwrap_or(0);
        let value = group(&found, 4).trim().trim_matches('"');
        let extended = group(&found, 3) == "*";
        let value = if extended { value.to_owned() } else { percent_encoded(value, number == 0) };
        pieces.entry(group(&found, 1).to_owned()).or_default().entry(number).or_insert(value);
    }
    let mut whole = PIECE.replace_all(field, "").into_owned();
    for (name, numbered) in pieces {
        let value: String = numbered.into_values().collect();
        whole = format!("{whole}; {name}*={value}");
    }
    Cow::Owned(whole)
}

fn group<'a>(found: &Captures<'a>, n: usize) -> &'a str {
    found.get(n).map_or("", |group| group.as_str())
}

/// A plain piece as an extended one; the first of all names the character set.
fn percent_encoded(text: &str, first: bool) -> String {
    let mut encoded = if first { "utf-8''".to_owned() } else { String::new() };
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            // Writing to a text does not fail.
            let _written = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameter(field: &str, name: &str) -> String {
        MediaType::parse(field).parameter(name).unwrap_or_default().to_owned()
    }

    #[test]
    fn types_and_parameters_are_read_in_any_case_and_spacing() {
        let media = MediaType::parse("Text/HTML ; CharSet = \"UTF-8\"; x=\"a;b\"");
        assert_eq!(media.value, "text/html");
        assert_eq!(media.parameter("charset"), Some("UTF-8"));
        assert_eq!(media.parameter("x"), Some("a;b"));
    }

    #[test]
    fn names_in_pieces_and_charsets_come_together() {
        assert_eq!(parameter("a/b; name*0*=utf-8'de'Erkl%C3; name*1*=%A4rung; name*2=.txt", "name"), "Erklärung.txt");
        assert_eq!(parameter("a/b; filename=\"x\"; filename*=iso-8859-1''%FCber.pdf", "filename"), "über.pdf");
        assert_eq!(parameter("a/b; name==?utf-8?B?w7xiZXI=?=.pdf", "name"), "über.pdf");
        assert_eq!(parameter("a/b; name=my file.pdf", "name"), "my file.pdf");
    }

    #[test]
    fn rubbish_gives_an_empty_type() {
        for field in ["", ";", "=;=;=", "\"", ";;;a", "*=*", "a*b*c=d"] {
            let _ = MediaType::parse(field);
        }
        assert_eq!(MediaType::parse("").value, "");
    }
}
