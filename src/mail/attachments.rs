//! What comes with a mail beside its words: named safely, weighed and hashed. Only what Outlook packed is unpacked.

use super::charset;
use super::media_type::MediaType;
use super::structure::Leaf;
use super::tnef;
use crate::domain::correspondence::{Attachment, Embedded};
use percent_encoding::percent_decode_str;
use regex::Regex;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Of a machine-readable part or a returned mail, this much is kept as text.
const MOST_EMBEDDED: usize = 64 * 1024;
const LONGEST_NAME: usize = 150;

/// The `n`th part that is no words.
pub(super) fn attachment(leaf: &Leaf<'_>, bytes: &[u8], n: usize, shown: &BTreeSet<String>) -> Attachment {
    let content_id = leaf.fields.iter().find(|field| field.is("content-id")).map(|field| field.text(None));
    let content_id = content_id.as_deref().and_then(bare_id);
    Attachment {
        name: name(leaf, n),
        media_type: leaf.media.value.clone(),
        size_bytes: bytes.len() as u64,
        sha256: hex::encode(Sha256::digest(bytes)),
        inline: content_id.as_ref().is_some_and(|id| shown.contains(id)),
        content_id,
        inside: None,
    }
}

/// A file out of a packet that is itself an attachment.
pub(super) fn unpacked(file: tnef::File<'_>, packet: &Attachment, n: usize, shown: &BTreeSet<String>) -> Attachment {
    let content_id = file.content_id.as_deref().and_then(bare_id);
    let media_type = file.media_type.map(|media| MediaType::parse(&media).value).unwrap_or_default();
    let media_type = if media_type.is_empty() { "application/octet-stream".to_owned() } else { media_type };
    let name = safe_name(&file.name);
    Attachment {
        name: if name.is_empty() { format!("attachment-{n}.{}", extension(&media_type)) } else { name },
        media_type,
        size_bytes: file.bytes.len() as u64,
        sha256: hex::encode(Sha256::digest(&file.bytes)),
        inline: content_id.as_ref().is_some_and(|id| shown.contains(id)),
        content_id,
        inside: Some(packet.name.clone()),
    }
}

/// Without angle brackets, and cut: it is a name, not a text.
fn bare_id(field: &str) -> Option<String> {
    let bare: String = field.trim().trim_matches(['<', '>', ' ']).chars().take(LONGEST_NAME).collect();
    (!bare.is_empty()).then_some(bare)
}

/// More pictures than this are not looked for in one mail.
const MOST_SHOWN: usize = 1_000;

#[expect(clippy::expect_used, reason = "a constant pattern, compiled in every test")]
static SHOWN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"(?i)cid:([^"'\s<>)]{1,300})"#).expect("a constant pattern"));

/// The Content-IDs that HTML shows (RFC 2392).
pub(super) fn shown_in(html: &str) -> BTreeSet<String> {
    let ids = SHOWN.captures_iter(html).filter_map(|found| found.get(1)).take(MOST_SHOWN);
    ids.filter_map(|id| bare_id(&percent_decode_str(id.as_str()).decode_utf8_lossy())).collect()
}

/// A part that says something about another mail: a report, a returned mail, its headers.
pub(super) fn embedded(leaf: &Leaf<'_>, bytes: &[u8]) -> Option<Embedded> {
    let media = leaf.media.value.as_str();
    if !media.starts_with("message/") && media != "text/rfc822-headers" {
        return None;
    }
    let bytes = bytes.get(..MOST_EMBEDDED).unwrap_or(bytes);
    let text = with_line_feeds(charset::decode(bytes, leaf.media.parameter("charset")).text);
    Some(Embedded { media_type: media.to_owned(), text })
}

fn with_line_feeds(text: Cow<'_, str>) -> String {
    let bytes = text.as_bytes();
    let mut feeds = memchr::memchr_iter(b'\r', bytes).filter(|at| bytes.get(at + 1) == Some(&b'\n')).peekable();
    if feeds.peek().is_none() {
        return text.into_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for at in feeds {
        out.push_str(text.get(from..at).unwrap_or_default());
        from = at + 1;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

fn name(leaf: &Leaf<'_>, n: usize) -> String {
    let field = |name: &str| leaf.fields.iter().find(|field| field.is(name)).map(|field| field.text(None));
    let disposition = MediaType::parse(&field("content-disposition").unwrap_or_default());
    let given = disposition.parameter("filename").or(leaf.media.parameter("name")).unwrap_or_default();
    let safe = safe_name(given);
    if safe.is_empty() { format!("attachment-{n}.{}", extension(&leaf.media.value)) } else { safe }
}

/// The last path component, without characters that steer a terminal, a file system or the direction of reading.
fn safe_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let steers = |character: char| {
        character.is_control()
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
            || matches!(character, ':' | '*' | '?' | '"' | '<' | '>' | '|')
    };
    let clean: String = last.chars().filter(|character| !steers(*character)).collect();
    let clean = clean.trim().trim_start_matches('.').trim_end_matches(['.', ' ']);
    if clean.chars().count() <= LONGEST_NAME {
        return clean.to_owned();
    }
    // Keep the end: the extension says what the file is.
    clean.chars().skip(clean.chars().count() - LONGEST_NAME).collect()
}

fn extension(media_type: &str) -> &'static str {
    match media_type {
        "text/plain" => "txt",
        "text/html" => "html",
        "text/calendar" => "ics",
        "image/jpeg" | "image/jpg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        "application/pdf" => "pdf",
        "message/rfc822" => "eml",
        "application/pgp-signature" => "asc",
        "application/pkcs7-signature" | "application/x-pkcs7-signature" => "p7s",
        _ if media_type.starts_with("message/") || media_type.starts_with("text/") => "txt",
        _ => "bin",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_become_line_feeds_and_a_lone_return_stays() {
        for text in ["", "a", "a\r\nb\r\n", "\r\r\n\n\r", "a\rb"] {
            assert_eq!(with_line_feeds(text.into()), text.replace("\r\n", "\n"));
        }
    }

    #[test]
    fn a_name_is_only_ever_a_name() {
        assert_eq!(safe_name("../../etc/passwd"), "passwd");
        assert_eq!(safe_name("C:\\Users\\x\\report.pdf"), "report.pdf");
        assert_eq!(safe_name("invoice\u{202e}fdp.exe"), "invoicefdp.exe");
        assert_eq!(safe_name("a\r\nb\0.txt"), "ab.txt");
        assert_eq!(safe_name(".."), "");
        assert!(safe_name(&format!("{}.pdf", "x".repeat(500))).ends_with(".pdf"));
    }
}
