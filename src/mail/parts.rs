//! Where the header fields and the parts of a mail begin and end, by the rules of `mail-parser`.
//!
//! Not by the parser itself, which would open every attached message, decode every part and make text of it: here nothing
//! is opened or decoded, so that no depth of messages in messages, encoded or not, costs more than its bytes. What a
//! Content-Type says is still read by the parser.

use mail_parser::HeaderValue;
use mail_parser::parsers::MessageStream;
use memchr::memmem;
use std::ops::Range;

/// One part; the numbers of parts are their places in the list.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) header_at: usize,
    pub(super) fields: Vec<Field>,
    pub(super) content: Content,
}

/// Where a field's name begins, and its value: from after the colon to the end of the last folded line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) name_at: usize,
    pub(super) value: Range<usize>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// A multipart, and the numbers of its parts.
    Parts {
        body_at: usize,
        children: Vec<usize>,
    },
    Leaf(Range<usize>),
    /// A part that should end at a boundary which never comes, or at a body which never begins.
    CutShort(Range<usize>),
}

impl Content {
    pub(super) fn body_at(&self) -> usize {
        match self {
            Content::Parts { body_at, .. } => *body_at,
            Content::Leaf(body) | Content::CutShort(body) => body.start,
        }
    }
}

/// Whether a mail is taken apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Divide {
    InParts,
    /// Whatever its header says, it is one.
    InOne,
}

/// All parts, outer before inner; none where there is no header and no end of one.
pub(super) fn find(bytes: &[u8], divide: Divide) -> Vec<Part> {
    let mut walk = Walk { bytes, divide, at: 0, parts: Vec::new(), open: Vec::new() };
    while walk.part() {}
    while walk.close() {}
    walk.parts
}

/// A multipart whose end has not come.
struct Open {
    number: usize,
    /// With the two dashes before it.
    boundary: Vec<u8>,
    children: Vec<usize>,
}

struct Walk<'a> {
    bytes: &'a [u8],
    divide: Divide,
    at: usize,
    parts: Vec<Part>,
    /// The innermost last.
    open: Vec<Open>,
}

/// The fields of one header, and what the last Content-Type says of parts.
#[derive(Default)]
struct Header {
    fields: Vec<Field>,
    /// With the two dashes before it.
    boundary: Option<Vec<u8>>,
    /// A blank line came.
    ended: bool,
}

impl Walk<'_> {
    /// Takes the next part; `false` after the last.
    fn part(&mut self) -> bool {
        let header_at = self.at;
        let Header { fields, boundary, ended } = self.header();
        if !ended {
            // A header without a body is a part only where it is the whole mail.
            if self.parts.is_empty() && !fields.is_empty() {
                let content = Content::CutShort(self.bytes.len()..self.bytes.len());
                self.parts.push(Part { header_at, fields, content });
            }
            return false;
        }
        let (number, body_at) = (self.parts.len(), self.at);
        if let Some(around) = self.open.last_mut() {
            around.children.push(number);
        }
        if let Some(boundary) = boundary
            && self.step_over(&boundary).is_some()
        {
            self.skip_line_end();
            self.open.push(Open { number, boundary, children: Vec::new() });
            let content = Content::Parts { body_at, children: Vec::new() };
            self.parts.push(Part { header_at, fields, content });
            return true;
        }
        let content = self.leaf();
        let goes_on = matches!(content, Content::Leaf(_)) && self.go_to_next_part();
        self.parts.push(Part { header_at, fields, content });
        goes_on
    }

    fn header(&mut self) -> Header {
        let mut header = Header { fields: Vec::with_capacity(FIELDS), ..Header::default() };
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            self.at += rest.iter().take_while(|byte| byte.is_ascii_whitespace() && **byte != b'\n').count();
            match self.bytes.get(self.at) {
                None => return header,
                Some(b'\n') => {
                    self.at += 1;
                    header.ended = true;
                    return header;
                }
                Some(_) => {}
            }
            let name_at = self.at;
            if !self.step_over_name() {
                continue;
            }
            let value_at = self.at;
            self.step_over_value();
            if self.divide == Divide::InParts && is_content_type(self.bytes.get(name_at..value_at).unwrap_or_default())
            {
                header.boundary = self.content_type(value_at);
            }
            header.fields.push(Field { name_at, value: value_at..self.at });
        }
    }

    /// Reads what says where parts begin, and goes to where the parser stops: an encoded word may hide a line end.
    fn content_type(&mut self, value_at: usize) -> Option<Vec<u8>> {
        let value = self.bytes.get(value_at..self.at).unwrap_or_default();
        if !names_multipart(value) && !holds_encoded_word(value) {
            return None;
        }
        let mut stream = MessageStream::new(self.bytes.get(value_at..).unwrap_or_default());
        let boundary = boundary(&stream.parse_content_type());
        self.at = value_at + stream.offset();
        boundary
    }

    /// To behind the colon, or behind a line that has none.
    fn step_over_name(&mut self) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        // A colon with nothing before it names nothing.
        let before = |byte: &&u8| **byte == b':' || byte.is_ascii_whitespace() && **byte != b'\n';
        let nothing = if rest.first() == Some(&b':') { rest.iter().take_while(before).count() } else { 0 };
        let named = rest.get(nothing..).unwrap_or_default();
        let Some(end) = memchr::memchr2(b':', b'\n', named) else {
            self.at = self.bytes.len();
            return !named.is_empty();
        };
        self.at += nothing + end + 1;
        named.get(end) == Some(&b':')
    }

    /// To behind the line end that no fold follows.
    fn step_over_value(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let is_last = |end: &usize| !matches!(rest.get(end + 1), Some(b' ' | b'\t'));
        self.at += memchr::memchr_iter(b'\n', rest).find(is_last).map_or(rest.len(), |end| end + 1);
    }

    /// The body that begins here, to the boundary around it or to the end.
    fn leaf(&mut self) -> Content {
        let from = self.at;
        let Some(around) = self.open.last() else {
            self.at = self.bytes.len();
            return Content::Leaf(from..self.at);
        };
        let boundary = around.boundary.clone();
        let Some(found) = self.step_over(&boundary) else {
            self.at = self.bytes.len();
            return Content::CutShort(from..self.at);
        };
        let body = self.bytes.get(from..found).unwrap_or_default();
        let body = body.strip_suffix(b"\n").map_or(body, |body| body.strip_suffix(b"\r").unwrap_or(body));
        Content::Leaf(from..from + body.len())
    }

    /// Goes on behind the next such boundary and answers where it began. Where there is none, stays.
    fn step_over(&mut self, boundary: &[u8]) -> Option<usize> {
        let found = self.at + memmem::find(self.bytes.get(self.at..)?, boundary)?;
        self.at = found + boundary.len();
        Some(found)
    }

    /// Behind a boundary: closes what ends here, to where a header can begin; `false` where nothing follows.
    fn go_to_next_part(&mut self) -> bool {
        if self.open.is_empty() {
            return false;
        }
        while self.is_end() {
            self.close();
            let Some(around) = self.open.last() else { return false };
            let boundary = around.boundary.clone();
            if self.step_over(&boundary).is_none() {
                return false;
            }
        }
        true
    }

    /// Steps over what stands behind a boundary; whether it says that no more parts come.
    fn is_end(&mut self) -> bool {
        match self.bytes.get(self.at..).unwrap_or_default() {
            [b'\r', b'\n', ..] => self.at += 2,
            [b'-', b'-', ..] => {
                self.at += 2;
                return true;
            }
            [b'\n', ..] => self.at += 1,
            [blank, ..] if blank.is_ascii_whitespace() => {
                self.at += 1;
                self.skip_line_end();
            }
            _ => {}
        }
        false
    }

    fn skip_line_end(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let blanks = rest.iter().take_while(|byte| matches!(byte, b'\r' | b' ' | b'\t')).count();
        self.at += blanks + usize::from(rest.get(blanks) == Some(&b'\n'));
    }

    /// The innermost multipart has no more parts; `false` where none is open.
    fn close(&mut self) -> bool {
        let Some(ended) = self.open.pop() else { return false };
        if let Some(Part { content: Content::Parts { children, .. }, .. }) = self.parts.get_mut(ended.number) {
            *children = ended.children;
        }
        true
    }
}

/// Most headers have fewer fields.
const FIELDS: usize = 16;

const MULTIPART: &[u8] = b"multipart";

/// In any case, and whatever blanks are in it.
fn is_content_type(name: &[u8]) -> bool {
    let letters = name.iter().filter(|byte| !byte.is_ascii_whitespace() && **byte != b':');
    letters.map(u8::to_ascii_lowercase).eq(b"content-type".iter().copied())
}

fn names_multipart(value: &[u8]) -> bool {
    let named = |at| value.get(at..at + MULTIPART.len()).is_some_and(|named| named.eq_ignore_ascii_case(MULTIPART));
    memchr::memchr2_iter(b'm', b'M', value).any(named)
}

fn holds_encoded_word(value: &[u8]) -> bool {
    memchr::memchr_iter(b'=', value).any(|at| value.get(at + 1) == Some(&b'?'))
}

fn boundary(content_type: &HeaderValue<'_>) -> Option<Vec<u8>> {
    let media = content_type.as_content_type()?;
    let boundary = media.attribute("boundary").filter(|boundary| !boundary.is_empty())?;
    (media.ctype() == "multipart").then(|| [b"--", boundary.as_bytes()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use mail_parser::{HeaderName, MessageParser, PartType};
    use proptest::prelude::*;

    /// Of each part its fields, its children, and where a leaf begins and ends and whether it was cut.
    type Seen = Vec<(Vec<Field>, Vec<usize>, Range<usize>, bool)>;

    fn as_the_parser_sees(bytes: &[u8]) -> Seen {
        let parser = MessageParser::new().header_content_type(HeaderName::ContentType).default_header_ignore();
        let Some(message) = parser.parse(bytes) else { return Vec::new() };
        let field = |header: &mail_parser::Header<'_>| Field {
            name_at: header.offset_field as usize,
            value: header.offset_start as usize..header.offset_end as usize,
        };
        let seen = |part: &mail_parser::MessagePart<'_>| {
            let (from, to) = (part.offset_body as usize, part.offset_end as usize);
            let fields = part.headers.iter().map(field).collect();
            if let PartType::Multipart(children) = &part.body {
                return (fields, children.iter().map(|child| *child as usize).collect(), from..0, false);
            }
            (fields, Vec::new(), from..to, part.is_encoding_problem)
        };
        message.parts.iter().map(seen).collect()
    }

    fn as_we_see(bytes: &[u8]) -> Seen {
        let seen = |part: Part| match part.content {
            Content::Parts { body_at, children } => (part.fields, children, body_at..0, false),
            Content::Leaf(body) => (part.fields, Vec::new(), body, false),
            Content::CutShort(body) => (part.fields, Vec::new(), body, true),
        };
        find(bytes, Divide::InParts).into_iter().map(seen).collect()
    }

    fn piece() -> impl Strategy<Value = String> {
        let name = prop_oneof![Just("a"), Just("b"), Just("ab"), Just("-a")];
        let of = move |before: &'static str, after: &'static str| {
            name.clone().prop_map(move |name| format!("{before}{name}{after}"))
        };
        prop_oneof![
            2 => of("Content-Type: multipart/mixed; boundary=\"", "\"\n\n"),
            1 => of("content -TYPE : multipart/mixed;\r\n boundary=", "\r\nA: b\r\n c\r\n\r\n"),
            5 => of("--", "\n"),
            2 => of("--", "\r\n"),
            1 => of("--", " \t\r\n"),
            2 => of("--", "--\n"),
            1 => of("x--", ""),
            1 => Just("Content-Type: text/plain; charset=utf-8\n\n".to_owned()),
            1 => Just("Content-Type: multipart/mixed\n\n".to_owned()),
            1 => of("Content-Type: (\"x\n y) mULTIPART/mixed; x=\"=?utf-8?Q?a\n b?=\"; boundary=", "\n\n"),
            1 => Just("Content-Type: text/plain; name=\"=?utf-8?Q?a=\nb: c?=\"\n\n".to_owned()),
            2 => Just("\n".to_owned()),
            1 => Just("\r\n".to_owned()),
            2 => "[-a b:\r\n\t]{0,8}",
            1 => Just("words\n".to_owned()),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn fields_and_parts_are_where_the_parser_sees_them(pieces in prop::collection::vec(piece(), 0..24)) {
            let mail = pieces.concat();
            prop_assert_eq!(as_we_see(mail.as_bytes()), as_the_parser_sees(mail.as_bytes()));
        }
    }
}
