//! Content-Transfer-Encodings to bytes, by `mail-parser`'s decoders. Never fail: what they refuse is mended first, so
//! that what cannot be decoded is skipped or kept as it stands.

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use regex::bytes::{Captures, Regex};
use std::sync::LazyLock;

/// Decodes base64; where there is rubbish in it, without the rubbish.
pub(super) fn base64(bytes: &[u8]) -> Vec<u8> {
    let clean = || bytes.iter().filter_map(|byte| in_alphabet(*byte)).collect::<Vec<u8>>();
    base64_decode(bytes).or_else(|| base64_decode(&clean())).unwrap_or_default()
}

/// The URL-safe alphabet counts as the plain one.
fn in_alphabet(byte: u8) -> Option<u8> {
    match byte {
        b'-' => Some(b'+'),
        b'_' => Some(b'/'),
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' | b'=' => Some(byte),
        _ => None,
    }
}

/// Decodes quoted-printable; a `=` that begins nothing stays as it is.
pub(super) fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    quoted_printable_decode(bytes).or_else(|| quoted_printable_decode(&escaped(bytes))).unwrap_or_default()
}

#[expect(clippy::expect_used, reason = "a constant pattern, compiled in every test")]
static EQUALS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?-u)=([0-9A-Fa-f]{2}|[ \t]*\r?\n|\z)?").expect("a constant pattern"));

/// The same with every lone `=` written as `=3D`.
fn escaped(bytes: &[u8]) -> Vec<u8> {
    let mend = |found: &Captures<'_>| match (found.get(0), found.get(1)) {
        (Some(whole), Some(_)) => whole.as_bytes().to_vec(),
        _ => b"=3D".to_vec(),
    };
    EQUALS.replace_all(bytes, mend).into_owned()
}

/// Decodes the uuencoded file between `begin` and `end`; `None` where there is none.
pub(super) fn uuencoded(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    lines.find(|line| line.starts_with(b"begin "))?;
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3);
    for line in lines {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let Some((length, data)) = line.split_first() else { continue };
        if line == b"end" {
            break;
        }
        let length = usize::from(length.wrapping_sub(32) & 63);
        let mut decoded = Vec::with_capacity(data.len());
        for group in data.chunks(4) {
            let value = |n: usize| u32::from(group.get(n).map_or(0, |byte| byte.wrapping_sub(32) & 63));
            let [_, first, second, third] =
                ((value(0) << 18) | (value(1) << 12) | (value(2) << 6) | value(3)).to_be_bytes();
            decoded.extend([first, second, third]);
        }
        decoded.truncate(length);
        out.extend(decoded);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_survives_line_breaks_rubbish_and_missing_padding() {
        assert_eq!(base64(b"SGVs\r\nbG8g*d29y bGQ="), b"Hello world");
        assert_eq!(base64(b"SGVsbG8"), b"Hello");
        assert_eq!(base64(b"SGk=SGk="), b"HiHi");
        assert_eq!(base64(b"=?="), b"");
    }

    #[test]
    fn quoted_printable_keeps_what_it_cannot_read() {
        assert_eq!(quoted_printable(b"a=3Db =\nc= \nd=zz=\ne  \n-- \nf=20\n"), b"a=b cd=zze\n--\nf \n");
    }

    #[test]
    fn uuencoded_text_comes_back() {
        assert_eq!(uuencoded(b"x\nbegin 644 a.txt\n#0V%T\n`\nend\n"), Some(b"Cat".to_vec()));
        assert_eq!(uuencoded(b"nothing here"), None);
    }
}
