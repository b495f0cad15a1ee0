//! RFC 2047 encoded words, decoded by `mail-parser` to bytes and read here the way real mailers write them: neighbours
//! that share a character, wrong labels, blanks inside.

use super::charset;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mail_parser::parsers::MessageStream;
use std::borrow::Cow;

/// Decodes every encoded word in `text`; what is not one stays as it is.
pub(super) fn decode(text: &str) -> String {
    rewritten(text, |decoded| decoded.to_owned()).into_owned()
}

/// Writes every encoded word anew, in UTF-8 and whole: for a parser that has to see where words begin and end, and that
/// believes their labels.
pub(super) fn made_right(text: &str) -> Cow<'_, str> {
    rewritten(text, |decoded| format!("=?utf-8?B?{}?=", STANDARD.encode(decoded)))
}

fn rewritten(text: &str, write: fn(&str) -> String) -> Cow<'_, str> {
    if memchr::memchr(b'=', text.as_bytes()).is_none() || !text.contains("=?") {
        return Cow::Borrowed(text);
    }
    let mut out = Decoder { text: String::with_capacity(text.len()), charset: String::new(), bytes: Vec::new(), write };
    let mut rest = text;
    while let Some((before, word, after)) = next_word(rest) {
        // Blanks between two encoded words are no part of the text; anything else is.
        if out.bytes.is_empty() || !before.trim().is_empty() {
            out.flush();
            out.text.push_str(before);
        }
        out.push(word);
        rest = after;
    }
    out.flush();
    out.text.push_str(rest);
    Cow::Owned(out.text)
}

struct Word<'a> {
    charset: &'a str,
    bytes: Vec<u8>,
}

/// Holds the bytes of neighbouring words of one charset: a character may be cut between them.
struct Decoder {
    text: String,
    charset: String,
    bytes: Vec<u8>,
    /// How decoded words are written down.
    write: fn(&str) -> String,
}

impl Decoder {
    fn push(&mut self, word: Word<'_>) {
        if !self.bytes.is_empty() && !self.charset.eq_ignore_ascii_case(word.charset) {
            self.flush();
        }
        word.charset.clone_into(&mut self.charset);
        self.bytes.extend(word.bytes);
    }

    fn flush(&mut self) {
        let bytes = std::mem::take(&mut self.bytes);
        if bytes.is_empty() {
            return;
        }
        // A decoded line break would let a header pretend to be two.
        let decoded = charset::decode(&bytes, Some(&self.charset)).text.replace(['\r', '\n'], " ");
        self.text.push_str(&(self.write)(&decoded));
    }
}

/// The text before the next encoded word, the word, and the rest.
fn next_word(text: &str) -> Option<(&str, Word<'_>, &str)> {
    let mut from = 0;
    loop {
        let start = from + text.get(from..)?.find("=?")?;
        let inner = text.get(start + 2..)?;
        if let Some((word, length)) = read_word(inner) {
            return Some((text.get(..start)?, word, inner.get(length..)?));
        }
        from = start + 2;
    }
}

/// RFC 2047 allows 75; real mailers write longer words. Beyond this, looking for an end is work for nothing.
const LONGEST_WORD: usize = 1_000;

/// `charset?B?text?=`, as its bytes and its length in the text.
fn read_word(inner: &str) -> Option<(Word<'_>, usize)> {
    let longest = (0..=LONGEST_WORD.min(inner.len())).rev().find(|end| inner.is_char_boundary(*end))?;
    let inner = inner.get(..longest)?;
    let (charset, rest) = inner.split_once('?')?;
    let right = !charset.is_empty() && charset.len() < 60 && charset.bytes().all(|byte| byte.is_ascii_graphic());
    if !right {
        return None;
    }
    let (encoding, rest) = rest.split_once('?')?;
    // In the Q encoding a `?=` can only end the word; `=?=` would be an encoded `?` that was never encoded.
    let (encoded, _) = rest.split_once("?=")?;
    let mut stream = MessageStream::new(rest.get(..encoded.len() + 2)?.as_bytes());
    let bytes = match encoding {
        "B" | "b" => stream.decode_base64_word()?,
        "Q" | "q" => stream.decode_quoted_printable_word()?,
        _ => return None,
    };
    let charset_alone = charset.split('*').next().unwrap_or(charset);
    Some((Word { charset: charset_alone, bytes }, charset.len() + encoding.len() + encoded.len() + 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_one_charset_may_cut_a_character_in_two() {
        assert_eq!(decode("=?utf-8?Q?Gr=C3?= =?UTF-8?Q?=BC=C3=9Fe?="), "Grüße");
    }

    #[test]
    fn blanks_between_words_vanish_and_other_text_stays() {
        assert_eq!(decode("Re: =?iso-8859-1?Q?a=E4?=  =?utf-8?B?w7Y=?= (x)"), "Re: aäö (x)");
    }

    #[test]
    fn a_wrong_charset_label_gives_way() {
        assert_eq!(decode("=?ISO-2022-JP?B?g2WDWINng4GBW4OL?="), "テストメール");
    }

    #[test]
    fn what_is_not_quite_a_word_is_left_alone() {
        for text in ["=?utf-8?Q?open", "=??Q?x?=", "=?utf-8?X?x?=", "1 =? 2", "=?=?=?"] {
            assert_eq!(decode(text), text);
        }
    }

    #[test]
    fn an_encoded_line_break_cannot_start_a_new_header() {
        assert_eq!(decode("=?utf-8?Q?a=0D=0ABcc:_x?="), "a  Bcc: x");
    }
}
