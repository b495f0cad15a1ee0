//! Rich text to words. Compressed as MS-OXRTFCP says; if it wraps HTML (MS-OXRTFEX) that HTML comes out, otherwise plain
//! text. Fonts, colours and pictures are passed over.

use super::label;
use crate::mail::charset;

/// Longer rich text is cut.
const MOST_BYTES: usize = 2 * 1024 * 1024;
/// Deeper groups are read as if they were of the deepest.
const DEEPEST: usize = 100;

const START: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \
\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

/// Uncompresses; `None` where this is no rich text at all.
pub(super) fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    let data = bytes.get(16..)?;
    match bytes.get(8..12)? {
        b"MELA" => Some(data.get(..MOST_BYTES).unwrap_or(data).to_vec()),
        b"LZFu" => Some(inflated(data)),
        _ => None,
    }
}

/// Each control byte says of eight tokens whether it is a byte or a reference to the last 4,096 bytes.
fn inflated(data: &[u8]) -> Vec<u8> {
    let mut out = START.to_vec();
    let mut bytes = data.iter().copied();
    'all: while let Some(control) = bytes.next() {
        for bit in 0..8 {
            if out.len() >= MOST_BYTES {
                break 'all;
            }
            let Some(first) = bytes.next() else { break 'all };
            if control >> bit & 1 == 0 {
                out.push(first);
                continue;
            }
            let Some(second) = bytes.next() else { break 'all };
            let (offset, length) = (usize::from(first) << 4 | usize::from(second >> 4), usize::from(second & 15) + 2);
            // The window is a ring: how far back its place lies.
            let back = (out.len() % 4096 + 4096 - offset - 1) % 4096 + 1;
            if offset == out.len() % 4096 {
                break 'all; // the end, as the format marks it
            }
            for _ in 0..length {
                let byte = out.len().checked_sub(back).and_then(|at| out.get(at)).copied();
                out.push(byte.unwrap_or(b' '));
            }
        }
    }
    out.split_off(START.len())
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Words {
    Html(String),
    Plain(String),
}

/// The words of uncompressed rich text.
pub(super) fn words(rich: &[u8]) -> Words {
    let mut reading = Reading {
        rest: rich,
        groups: Vec::new(),
        group: Group::default(),
        out: Vec::new(),
        text: String::new(),
        page: None,
        wraps_html: false,
        to_skip: 0,
    };
    while let Some((first, rest)) = reading.rest.split_first() {
        reading.rest = rest;
        reading.one(*first);
    }
    reading.flush();
    if reading.wraps_html { Words::Html(reading.text) } else { Words::Plain(reading.text.trim().to_owned()) }
}

/// What holds inside a pair of braces.
#[derive(Clone, Copy, Default)]
struct Group {
    /// Nothing in here is words.
    hidden: bool,
    /// The rich text's own copy of what stands as HTML beside it.
    beside_html: bool,
    /// In here stands HTML as it was.
    is_tag: bool,
    /// `\*` was just read: what follows may be passed over if it is not known.
    optional: bool,
    /// How many characters stand in for one `\u`.
    fallback: Option<usize>,
}

struct Reading<'a> {
    rest: &'a [u8],
    groups: Vec<Group>,
    group: Group,
    /// Bytes in the code page, not yet decoded.
    out: Vec<u8>,
    text: String,
    page: Option<u32>,
    wraps_html: bool,
    /// Characters that stand in for one already written.
    to_skip: usize,
}

impl Reading<'_> {
    fn one(&mut self, byte: u8) {
        match byte {
            b'{' => {
                if self.groups.len() < DEEPEST {
                    self.groups.push(self.group);
                }
            }
            b'}' => self.group = self.groups.pop().unwrap_or_default(),
            b'\\' => self.control(),
            b'\r' | b'\n' => {}
            other => self.byte(other),
        }
    }

    fn byte(&mut self, byte: u8) {
        if self.to_skip > 0 {
            self.to_skip -= 1;
        } else if self.is_shown() {
            self.out.push(byte);
        }
    }

    fn is_shown(&self) -> bool {
        let a_copy = self.wraps_html && self.group.beside_html && !self.group.is_tag;
        !self.group.hidden && !a_copy
    }

    fn flush(&mut self) {
        let decoded = charset::decode(&self.out, label(self.page.or(Some(1252))).as_deref());
        self.text.push_str(&decoded.text);
        self.out.clear();
    }

    fn say(&mut self, text: &str) {
        if self.is_shown() {
            self.flush();
            self.text.push_str(text);
        }
    }

    fn control(&mut self) {
        let Some((first, rest)) = self.rest.split_first() else { return };
        if first.is_ascii_alphabetic() {
            let length = self.rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
            let (word, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, &[]));
            let digits = rest.iter().take(11).enumerate();
            let digits = digits.take_while(|(n, byte)| byte.is_ascii_digit() || *n == 0 && **byte == b'-').count();
            let (number, rest) = rest.split_at_checked(digits).unwrap_or((&[], rest));
            self.rest = rest.strip_prefix(b" ").unwrap_or(rest);
            let number = std::str::from_utf8(number).ok().and_then(|number| number.parse::<i64>().ok());
            return self.word(word, number);
        }
        self.rest = rest;
        match first {
            b'\'' => {
                let (digits, rest) = self.rest.split_at_checked(2).unwrap_or((self.rest, &[]));
                self.rest = rest;
                let digits = std::str::from_utf8(digits).ok();
                if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                    self.byte(byte);
                }
            }
            b'*' => self.group.optional = true,
            b'~' => self.say(" "),
            b'_' => self.say("-"),
            b'\\' | b'{' | b'}' => self.byte(*first),
            _ => {}
        }
    }

    fn word(&mut self, word: &[u8], number: Option<i64>) {
        let optional = std::mem::take(&mut self.group.optional);
        match word {
            b"fromhtml" => self.wraps_html = true,
            b"ansicpg" => self.page = number.and_then(|page| u32::try_from(page).ok()),
            b"htmltag" | b"mhtmltag" if optional => {
                self.group.is_tag = word == b"htmltag";
                self.group.hidden |= word == b"mhtmltag";
            }
            b"htmlrtf" => self.group.beside_html = number != Some(0),
            b"par" | b"line" | b"sect" | b"page" | b"row" => self.say("\n"),
            b"tab" | b"cell" => self.say("\t"),
            b"emdash" => self.say("\u{2014}"),
            b"endash" => self.say("\u{2013}"),
            b"lquote" => self.say("\u{2018}"),
            b"rquote" => self.say("\u{2019}"),
            b"ldblquote" => self.say("\u{201c}"),
            b"rdblquote" => self.say("\u{201d}"),
            b"bullet" => self.say("\u{2022}"),
            b"uc" => {
                self.group.fallback = number.and_then(|count| usize::try_from(count).ok()).map(|count| count.min(8))
            }
            b"u" => self.unicode(number.unwrap_or(0)),
            b"bin" => {
                let length = number.and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
                self.rest = self.rest.get(length..).unwrap_or_default();
            }
            b"fonttbl" | b"colortbl" | b"stylesheet" | b"info" | b"pict" | b"object" | b"header" | b"footer" => {
                self.group.hidden = true;
            }
            _ => self.group.hidden |= optional,
        }
    }

    /// A UTF-16 unit, written as a signed number. Halves of a pair are not put together: what they stand for is lost.
    fn unicode(&mut self, number: i64) {
        let unit = u32::try_from(if number < 0 { number.saturating_add(65_536) } else { number }).unwrap_or(0);
        let character = char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER);
        self.say(character.encode_utf8(&mut [0; 4]));
        self.to_skip = self.group.fallback.unwrap_or(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every byte for itself.
    fn literal(rich: &[u8]) -> Vec<u8> {
        let body: Vec<u8> = rich.chunks(8).flat_map(|chunk| [&[0], chunk].concat()).collect();
        [&[0; 8][..], b"LZFu", &[0; 4], &body].concat()
    }

    #[test]
    fn plain_rich_text_reads_as_its_words() {
        let rich = br"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\*\generator x;}\f0 Gr\'fc\u223?e\par {\b Please} reply\~now \{1\}\par}";
        assert_eq!(words(rich), Words::Plain("Grüße\nPlease reply now {1}".to_owned()));
        assert_eq!(unpacked(&literal(rich)).as_deref(), Some(rich.as_slice()));
    }

    #[test]
    fn references_reach_into_the_words_every_text_begins_with() {
        // The documented example: `{\rtf1\ansi\ansicpg1252\pard hello world}` and its end mark.
        let packed = [
            0x2d, 0, 0, 0, 0x2b, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03, 0x00, 0x0a, 0x00, 0x72,
            0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a, 0xf3, 0x20, 0x68, 0x65, 0x6c, 0x09, 0x00, 0x20, 0x62,
            0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f, 0xa0,
        ];
        let rich = unpacked(&packed).unwrap();
        assert_eq!(String::from_utf8_lossy(&rich), "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
        assert_eq!(words(&rich), Words::Plain("hello world".to_owned()));
    }

    #[test]
    fn wrapped_html_comes_out_as_it_was() {
        let rich = br"{\rtf1\ansi\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Hello{\*\htmltag84 <b>}\htmlrtf\b\htmlrtf0 you{\*\htmltag92 </b>}\htmlrtf\par}\htmlrtf0 {\*\htmltag72 </p>}}";
        assert_eq!(words(rich), Words::Html("<p>Hello<b>you</b></p>".to_owned()));
    }

    #[test]
    fn little_cannot_become_much() {
        let bomb = [&[0; 8][..], b"LZFu", &[0; 4], &[0xff, 0, 0x0f].repeat(1_000_000)].concat();
        assert!(unpacked(&bomb).unwrap().len() <= MOST_BYTES + 17);
        let _deep = words(&b"{".repeat(1_000_000));
    }
}
