//! Content-Type and Content-Disposition: the value and its parameters, RFC 2231 pieces and raw bytes included.

use super::{charset, encoded_words, transfer};
use std::collections::BTreeMap;

/// `text/plain` and its parameters. Names and the type are lower case.
#[derive(Debug, Default)]
pub(super) struct MediaType {
    pub(super) value: String,
    parameters: BTreeMap<String, String>,
}

impl MediaType {
    pub(super) fn parse(field: &str) -> Self {
        let mut pieces = split_at_semicolons(field).into_iter();
        let value = pieces.next().unwrap_or_default().trim().to_ascii_lowercase();
        let value = value.split_whitespace().next().unwrap_or_default().trim_matches('"').to_owned();
        let raw: Vec<(String, String)> = pieces.filter_map(|piece| parameter(&piece)).take(100).collect();
        Self { value, parameters: join_continuations(raw) }
    }

    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub(super) fn is_multipart(&self) -> bool {
        self.value.starts_with("multipart/")
    }
}

/// Splits outside quoted strings; the quotes stay.
fn split_at_semicolons(field: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let (mut quoted, mut escaped) = (false, false);
    for character in field.chars() {
        if character == ';' && !quoted {
            pieces.push(String::new());
            continue;
        }
        if character == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = character == '\\' && !escaped;
        if let Some(piece) = pieces.last_mut() {
            piece.push(character);
        }
    }
    pieces
}

fn parameter(piece: &str) -> Option<(String, String)> {
    let (name, value) = piece.split_once('=')?;
    let value = value.trim();
    let value = match value.strip_prefix('"') {
        Some(inner) => unescape(inner.strip_suffix('"').unwrap_or(inner)),
        None => value.to_owned(),
    };
    Some((name.trim().to_ascii_lowercase(), value))
}

/// `\"` and `\\` only: `C:\new` in a file name is no escape.
fn unescape(text: &str) -> String {
    text.replace("\\\"", "\"").replace("\\\\", "\\")
}

/// Joins `name*0*`, `name*1` … and decodes `name*`. An extended value wins over the plain one of the same name.
fn join_continuations(raw: Vec<(String, String)>) -> BTreeMap<String, String> {
    let mut plain = BTreeMap::new();
    let mut pieces: BTreeMap<String, BTreeMap<u32, (String, bool)>> = BTreeMap::new();
    for (name, value) in raw {
        match name.split_once('*') {
            None => {
                let words = encoded_words::decode(&value);
                plain.entry(name).or_insert(words);
            }
            Some((base, rest)) => {
                let (number, extended) = match rest.strip_suffix('*') {
                    Some(number) => (number, true),
                    None => (rest, rest.is_empty()),
                };
                let number = number.parse().unwrap_or(0);
                pieces.entry(base.to_owned()).or_default().entry(number).or_insert((value, extended));
            }
        }
    }
    for (base, numbered) in pieces {
        plain.insert(base, extended_text(numbered.into_values()));
    }
    plain
}

fn extended_text(pieces: impl Iterator<Item = (String, bool)>) -> String {
    let (mut label, mut bytes) = (None, Vec::new());
    for (n, (value, extended)) in pieces.enumerate() {
        let mut text = value.as_str();
        if n == 0 && extended {
            let mut parts = text.splitn(3, '\'');
            if let (Some(charset), Some(_), Some(rest)) = (parts.next(), parts.next(), parts.next()) {
                label = Some(charset.to_owned());
                text = rest;
            }
        }
        if extended { percent_decode(text, &mut bytes) } else { bytes.extend_from_slice(text.as_bytes()) }
    }
    let label = label.filter(|label| !label.is_empty());
    charset::decode(&bytes, label.as_deref()).text.into_owned()
}

fn percent_decode(text: &str, out: &mut Vec<u8>) {
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        match (first, after) {
            (b'%', [high, low, more @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                out.push((transfer::hex(*high) << 4) | transfer::hex(*low));
                rest = more;
            }
            _ => {
                out.push(*first);
                rest = after;
            }
        }
    }
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
