//! Bytes to text, whatever the label says: labels are missing, misspelt and wrong in real mail.
//!
//! NUL never leaves this room: PostgreSQL cannot keep it.

use chardetng::EncodingDetector;
use encoding_rs::{Encoding, UTF_8};
use std::{borrow::Cow, str};

/// What came out, and whether the label had to be overruled.
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) overruled: bool,
}

/// Decodes by the label where that works without an error; otherwise as UTF-8 where that is valid; otherwise by guess.
pub(super) fn decode<'a>(bytes: &'a [u8], label: Option<&str>) -> Decoded<'a> {
    // ASCII without escape sequences reads the same under every label.
    if bytes.is_ascii()
        && memchr::memchr2(0x1b, 0, bytes).is_none()
        && let Ok(text) = str::from_utf8(bytes)
    {
        return Decoded { text: Cow::Borrowed(text), overruled: false };
    }
    let labelled = label.and_then(|label| Encoding::for_label_no_replacement(label.trim().as_bytes()));
    let (text, overruled) = match labelled {
        Some(encoding) if !(is_western(encoding) && str::from_utf8(bytes).is_ok()) => {
            match encoding.decode_without_bom_handling_and_without_replacement(bytes) {
                Some(text) => (text, false),
                None => (guess(bytes, Some(encoding)), true),
            }
        }
        Some(_) => (guess(bytes, None), true),
        None => (guess(bytes, None), label.is_some()),
    };
    let text = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Cow::Owned(text) if text.starts_with('\u{feff}') => Cow::Owned(text.chars().skip(1).collect()),
        Cow::Owned(text) => Cow::Owned(text),
    };
    Decoded { text: without_nul(text), overruled }
}

/// Encodings in which every byte string is "valid": their label says little, while text that happens to be valid
/// UTF-8 with characters beyond ASCII hardly ever is anything else.
fn is_western(encoding: &'static Encoding) -> bool {
    encoding.is_single_byte()
}

fn guess<'a>(bytes: &'a [u8], failed: Option<&'static Encoding>) -> Cow<'a, str> {
    if let Ok(text) = str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    // A UTF-8 label with a few broken bytes is UTF-8 damaged on the way, unless the damage is everywhere.
    if failed == Some(UTF_8) || failed.is_none() {
        let text = String::from_utf8_lossy(bytes);
        let broken = text.chars().filter(|character| *character == char::REPLACEMENT_CHARACTER).count();
        let beyond_ascii = text.chars().filter(|character| !character.is_ascii()).count();
        if broken * 4 <= beyond_ascii {
            return text;
        }
    }
    let mut detector = EncodingDetector::new();
    detector.feed(sample(bytes), true);
    detector.guess(None, true).decode_without_bom_handling(bytes).0
}

/// Guessing is slow, and the first words beyond ASCII show as much as all of them.
const MOST_SAMPLE: usize = 8 * 1024;

fn sample(bytes: &[u8]) -> &[u8] {
    let from = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
    let rest = bytes.get(from..).unwrap_or_default();
    rest.get(..MOST_SAMPLE).unwrap_or(rest)
}

fn without_nul(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{fffd}")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8], label: Option<&str>) -> String {
        decode(bytes, label).text.into_owned()
    }

    #[test]
    fn a_right_label_is_believed() {
        assert_eq!(text(b"Gr\xfc\xdfe", Some("iso-8859-1")), "Grüße");
        assert_eq!(text(b"\xb9\xab\xcb\xbe", Some("gb2312")), "公司");
        assert_eq!(text(b"\x1b$B%D!<%k\x1b(B", Some("ISO-2022-JP")), "ツール");
    }

    #[test]
    fn utf_8_under_a_western_label_is_still_utf_8() {
        let decoded = decode("Überweisung – 5 €".as_bytes(), Some("us-ascii"));
        assert_eq!(decoded.text, "Überweisung – 5 €");
        assert!(decoded.overruled);
    }

    #[test]
    fn an_impossible_label_gives_way_to_a_guess() {
        let shift_jis = b"\x82\xb1\x82\xea\x82\xcd\x93\xfa\x96{\x8c\xea\x82\xcc\x83\x81\x81[\x83\x8b\x82\xc5\x82\xb7";
        assert_eq!(text(shift_jis, Some("utf-8")), "これは日本語のメールです");
        assert_eq!(text(shift_jis, Some("no-such-charset")), "これは日本語のメールです");
        assert_eq!(text(shift_jis, None), "これは日本語のメールです");
    }

    #[test]
    fn one_broken_byte_does_not_turn_utf_8_into_something_else() {
        let mut bytes = "žluťoučký kůň příliš".as_bytes().to_vec();
        bytes.push(0xc3);
        assert_eq!(text(&bytes, Some("utf-8")), "žluťoučký kůň příliš\u{fffd}");
    }

    #[test]
    fn nul_is_made_visible() {
        assert_eq!(text(b"a\0b", None), "a\u{fffd}b");
    }
}
