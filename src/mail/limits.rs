//! What is asked of the bytes before the MIME parser sees them: in one pass, whether taking them apart stays cheap.
//!
//! `mail-parser` looks for each multipart's boundary up to the end of the mail, joins parameters written in pieces one
//! by one, and keeps every line of a part's header: three products that a hostile mail could make large. Ordinary mail
//! is far below all of them; mail above is read as one text, with a defect, and its bytes are kept whole as always.

use regex::bytes::Regex;
use std::sync::LazyLock;

/// Bytes times multiparts: how far all boundaries together may be looked for.
const MOST_SEEKING: usize = 1 << 30;
/// Bytes times parameters in pieces.
const MOST_JOINING: usize = 1 << 33;
/// Lines with a colon that no blank line parts: what could all be header fields.
const MOST_FIELDS: usize = 50_000;

#[expect(clippy::expect_used, reason = "a constant pattern, compiled in every test")]
static MULTIPART: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?i-u)multipart").expect("a constant pattern"));

/// Below this no mail can exceed any of the three, whatever is in it: each multipart takes nine bytes, each piece one and
/// each field two.
const ALWAYS_ALLOWED: usize = 64 * 1024;

/// Whether the mail may be taken apart.
pub(super) fn allow(bytes: &[u8]) -> bool {
    bytes.len() <= ALWAYS_ALLOWED || is_cheap(bytes)
}

fn is_cheap(bytes: &[u8]) -> bool {
    let multiparts = MULTIPART.find_iter(bytes).count() + 1;
    let pieces = memchr::memchr_iter(b'*', bytes).filter(|star| is_piece(bytes, *star)).count();
    multiparts.saturating_mul(bytes.len()) <= MOST_SEEKING
        && pieces.saturating_mul(bytes.len()) <= MOST_JOINING
        && most_fields(bytes) <= MOST_FIELDS
}

/// A star that may begin a piece of a parameter: a number, an equals sign or a comment follows, perhaps after blanks.
fn is_piece(bytes: &[u8], star: usize) -> bool {
    let after = bytes.get(star + 1..).unwrap_or_default();
    let next = after.iter().position(|byte| !byte.is_ascii_whitespace());
    let next = next.and_then(|blanks| Some((blanks, *after.get(blanks)?)));
    next.is_some_and(|(blanks, byte)| byte.is_ascii_digit() || byte == b'(' || (byte == b'=' && blanks == 0))
}

fn most_fields(bytes: &[u8]) -> usize {
    let (mut most, mut run) = (0, 0);
    let mut from = 0;
    for end in memchr::memchr_iter(b'\n', bytes).chain([bytes.len()]) {
        let line = bytes.get(from..end).unwrap_or_default();
        from = end + 1;
        if line.trim_ascii().is_empty() {
            most = run.max(most);
            run = 0;
        } else if memchr::memchr(b':', line).is_some() {
            run += 1;
        }
    }
    run.max(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_mail_is_cheap_whatever_is_in_it() {
        for pattern in ["multipart", "*0", "*(", ":\n", "multipart*0:\n"] {
            let mail = pattern.repeat(ALWAYS_ALLOWED / pattern.len() + 1);
            assert!(is_cheap(mail.as_bytes()), "{pattern}");
        }
    }

    #[test]
    fn ordinary_mail_is_allowed_and_what_multiplies_is_not() {
        assert!(allow(b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nwords\n--x--\n"));
        let large = b"base64base64base64base64base64base64base64base64base64base64base64base64base64\n".repeat(300_000);
        assert!(allow(&large), "a large attachment is no reason");
        let ruled = [b"======================\n**Note**\n".repeat(500), large].concat();
        assert!(allow(&ruled), "nor are ruled lines and bold words beside it");
        assert!(!allow(&b"--x\nContent-Type: multipart/mixed; boundary=y\n\n".repeat(50_000)));
        assert!(!allow(&b"x*0*=utf-8''a;".repeat(200_000)));
        assert!(!allow(&b"a: b\n".repeat(60_000)));
    }
}
