//! What comes with a mail beside its words: named safely, weighed and hashed, never opened.

use super::charset;
use super::media_type::MediaType;
use super::structure::Leaf;
use crate::domain::correspondence::{Attachment, Embedded};
use sha2::{Digest, Sha256};

/// Of a machine-readable part or a returned mail, this much is kept as text.
const MOST_EMBEDDED: usize = 64 * 1024;
const LONGEST_NAME: usize = 150;

pub(super) fn attachment(leaf: &Leaf<'_>, bytes: &[u8], n: usize) -> Attachment {
    Attachment {
        name: name(leaf, n),
        media_type: leaf.media.value.clone(),
        size_bytes: bytes.len() as u64,
        sha256: hex::encode(Sha256::digest(bytes)),
    }
}

/// A part that says something about another mail: a report, a returned mail, its headers.
pub(super) fn embedded(leaf: &Leaf<'_>, bytes: &[u8]) -> Option<Embedded> {
    let media = leaf.media.value.as_str();
    if !media.starts_with("message/") && media != "text/rfc822-headers" {
        return None;
    }
    let bytes = bytes.get(..MOST_EMBEDDED).unwrap_or(bytes);
    let text = charset::decode(bytes, leaf.media.parameter("charset")).text.replace("\r\n", "\n");
    Some(Embedded { media_type: media.to_owned(), text })
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
    fn a_name_is_only_ever_a_name() {
        assert_eq!(safe_name("../../etc/passwd"), "passwd");
        assert_eq!(safe_name("C:\\Users\\x\\report.pdf"), "report.pdf");
        assert_eq!(safe_name("invoice\u{202e}fdp.exe"), "invoicefdp.exe");
        assert_eq!(safe_name("a\r\nb\0.txt"), "ab.txt");
        assert_eq!(safe_name(".."), "");
        assert!(safe_name(&format!("{}.pdf", "x".repeat(500))).ends_with(".pdf"));
    }
}
