//! The leaves of a mail, each with its header fields and its media type, behind limits that are asked first. A part is
//! decoded when it is needed, and an attached message is a leaf.

use super::fields::{self, RawField};
use super::limits;
use super::media_type::MediaType;
use super::parts::{self, Content, Divide, Part};
use regex::bytes::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

/// More parts than this are left in the raw mail.
const MOST_PARTS: usize = 1_000;

/// A leaf: something with bytes of its own.
pub(super) struct Leaf<'a> {
    pub(super) fields: Vec<RawField<'a>>,
    pub(super) media: MediaType,
    /// As it stands in the mail, still in its transfer encoding.
    pub(super) body: Cow<'a, [u8]>,
    /// Named by another part of a `multipart/related`, not to be read by itself.
    pub(super) is_resource: bool,
    /// The number of the outermost `multipart/alternative` around it: of these, one is to be read.
    pub(super) alternative: Option<usize>,
}

pub(super) struct Structure<'a> {
    /// The fields of the mail itself.
    pub(super) top: Vec<RawField<'a>>,
    /// The mail's own header ended in words instead of a blank line.
    pub(super) broken_off: bool,
    pub(super) leaves: Vec<Leaf<'a>>,
    pub(super) faults: Vec<&'static str>,
}

pub(super) const NO_BOUNDARY: &str = "multipart-without-parts";
pub(super) const TOO_MANY: &str = "too-many-parts";
pub(super) const NOT_CLOSED: &str = "multipart-not-closed";
pub(super) const TOO_COSTLY: &str = "too-complex";

/// Takes the mail apart.
pub(super) fn take_apart(bytes: &[u8]) -> Structure<'_> {
    let mut walk = Walk {
        bytes,
        waiting: Vec::new(),
        out: Structure { top: Vec::new(), broken_off: false, leaves: Vec::new(), faults: Vec::new() },
    };
    let divide = if limits::allow(bytes) {
        Divide::InParts
    } else {
        walk.fault(TOO_COSTLY);
        Divide::InOne
    };
    let parts = parts::find(&as_shown(bytes), divide);
    if parts.is_empty() {
        walk.out.leaves.push(words(Cow::Borrowed(bytes)));
    } else {
        walk.all(&parts);
    }
    walk.out
}

/// A parameter that goes on in a line of its own without being indented, as some mailers write it.
#[expect(clippy::expect_used, reason = "a constant pattern, compiled in every test")]
static NOT_INDENTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i-u);[ \t]*(\r?\n)(?:boundary|charset|name|type|format)[*0-9]*=").expect("a constant pattern")
});

/// The mail as its parts are looked for in it; of the same length, so that what is found is where it says.
fn as_shown(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut shown = Cow::Borrowed(bytes);
    let header = bytes.get(..header_end(bytes)).unwrap_or_default();
    if !may_go_on(header) {
        return shown;
    }
    for found in NOT_INDENTED.captures_iter(header).filter_map(|found| found.get(1)) {
        shown.to_mut().get_mut(found.range()).into_iter().flatten().for_each(|byte| *byte = b' ');
    }
    shown
}

/// The last line end before the first blank line.
fn header_end(bytes: &[u8]) -> usize {
    let is_last = |end: &usize| {
        let rest = bytes.get(end + 1..).unwrap_or_default();
        rest.starts_with(b"\n") || rest.starts_with(b"\r\n")
    };
    memchr::memchr_iter(b'\n', bytes).find(is_last).unwrap_or(bytes.len())
}

/// Whether a line ends in a semicolon and the next is not indented; cheap, and seldom so.
fn may_go_on(header: &[u8]) -> bool {
    memchr::memchr_iter(b';', header).any(|at| {
        let rest = header.get(at + 1..).unwrap_or_default();
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let rest = rest.get(blanks..).unwrap_or_default();
        let next = rest.strip_prefix(b"\r").unwrap_or(rest).strip_prefix(b"\n");
        next.and_then(<[u8]>::first).is_some_and(u8::is_ascii_alphabetic)
    })
}

/// Where a part stands.
#[derive(Clone, Copy, Default)]
struct Place {
    is_resource: bool,
    alternative: Option<usize>,
    in_digest: bool,
    in_multipart: bool,
}

struct Walk<'a> {
    bytes: &'a [u8],
    /// Numbers of parts still to be seen, the next one last.
    waiting: Vec<(usize, Place)>,
    out: Structure<'a>,
}

impl<'a> Walk<'a> {
    fn all(&mut self, parts: &[Part]) {
        self.waiting.push((0, Place::default()));
        while let Some((number, place)) = self.waiting.pop() {
            if self.out.leaves.len() >= MOST_PARTS {
                return self.fault(TOO_MANY);
            }
            if let Some(part) = parts.get(number) {
                self.part(part, number, place);
            }
        }
    }

    fn part(&mut self, part: &Part, number: usize, place: Place) {
        let block = fields::of(self.bytes, part);
        if number == 0 {
            self.out.top.clone_from(&block.fields);
            self.out.broken_off = !block.words.is_empty() && !block.fields.is_empty();
        }
        if !block.words.is_empty() {
            self.out.leaves.push(words(Cow::Owned(block.words)));
        }
        let media = media_of(&block.fields, place);
        let body = match &part.content {
            Content::Parts { children, .. } => return self.children(children, &media, number, place),
            Content::Leaf(body) | Content::CutShort(body) => body.clone(),
        };
        let media = if media.is_multipart() {
            self.fault(NO_BOUNDARY); // what was to be parts is text to be read
            MediaType::plain_text()
        } else {
            media
        };
        if matches!(part.content, Content::CutShort(_)) && place.in_multipart {
            self.fault(NOT_CLOSED);
        }
        let body = self.bytes.get(body).unwrap_or_default();
        let Place { is_resource, alternative, .. } = place;
        self.out.leaves.push(Leaf { fields: block.fields, media, body: body.into(), is_resource, alternative });
    }

    fn children(&mut self, children: &[usize], media: &MediaType, number: usize, place: Place) {
        let own = (media.value == "multipart/alternative").then_some(number);
        let first = children.first().copied();
        for child in children.iter().rev().copied() {
            let is_resource = media.value == "multipart/related" && Some(child) != first;
            let in_digest = media.value == "multipart/digest";
            let alternative = place.alternative.or(own);
            self.waiting.push((child, Place { is_resource, alternative, in_digest, in_multipart: true }));
        }
    }

    fn fault(&mut self, fault: &'static str) {
        if !self.out.faults.contains(&fault) {
            self.out.faults.push(fault);
        }
    }
}

fn words(body: Cow<'_, [u8]>) -> Leaf<'_> {
    Leaf { fields: Vec::new(), media: MediaType::plain_text(), body, is_resource: false, alternative: None }
}

fn media_of(part_fields: &[RawField<'_>], place: Place) -> MediaType {
    let field = part_fields.iter().find(|field| field.is("content-type"));
    let named = field.map(|field| MediaType::parse(&field.text(None))).filter(|media| media.value.contains('/'));
    let default = || if place.in_digest { MediaType::parse("message/rfc822") } else { MediaType::plain_text() };
    named.unwrap_or_else(default)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bodies(mail: &str) -> (Vec<(String, String)>, Vec<&'static str>) {
        let found = take_apart(mail.as_bytes());
        let text = |leaf: &Leaf<'_>| (leaf.media.value.clone(), String::from_utf8_lossy(&leaf.body).into_owned());
        (found.leaves.iter().map(text).collect(), found.faults)
    }

    fn words_of(mail: &str) -> Vec<String> {
        bodies(mail).0.into_iter().map(|(_, body)| body).collect()
    }

    #[test]
    fn parts_end_at_their_boundaries_and_belong_to_the_alternative_around_them() {
        let mail = "Content-Type: multipart/mixed; boundary=o\n\npreamble\n--o\n\
            Content-Type: multipart/alternative; boundary=i\n\n--i\n\none\n--i\nContent-Type: text/html\n\n<p>\n--i--\n\
            --o\nContent-Type: a/b\n\ntwo\n--o--\nepilogue\n";
        let found = take_apart(mail.as_bytes()).leaves;
        let shape: Vec<_> =
            found.iter().map(|leaf| (leaf.media.value.as_str(), leaf.body.as_ref(), leaf.alternative)).collect();
        let expected: [(&str, &[u8], _); 3] =
            [("text/plain", b"one", Some(1)), ("text/html", b"<p>", Some(1)), ("a/b", b"two", None)];
        assert_eq!(shape, expected);
    }

    #[test]
    fn a_boundary_that_never_comes_leaves_the_words_readable() {
        let (parts, faults) = bodies("Content-Type: multipart/mixed; boundary=x\n\nHelp me\n");
        assert_eq!(parts, [("text/plain".to_owned(), "Help me\n".to_owned())]);
        assert_eq!(faults, [NO_BOUNDARY]);
    }

    #[test]
    fn a_mail_cut_short_keeps_what_came() {
        let (parts, faults) =
            bodies("Content-Type: multipart/mixed; boundary=x\n\n--x\n\none\n--x\nContent-Type: a/b\n\ntw");
        assert_eq!(parts.len(), 2);
        assert_eq!(faults, [NOT_CLOSED]);
    }

    #[test]
    fn an_inner_multipart_that_is_not_closed_hides_no_word_of_the_outer() {
        let mail = "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\na\n--o\n\nb\n--o--\n";
        let (parts, faults) = bodies(mail);
        let all: String = parts.into_iter().map(|(_, body)| body).collect();
        assert!(all.contains('a') && all.contains('b'), "{all}");
        assert_eq!(faults, [NOT_CLOSED]);
    }

    #[test]
    fn an_attached_message_is_a_leaf_however_it_is_attached() {
        let inner = "Subject: inner\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\nwords\n--i--";
        for head in ["Content-Type: Message/RFC822\n\n", "Content-Type: multipart/digest; boundary=d\n\n--d\n\n"] {
            let mail = format!("Content-Type: multipart/mixed; boundary=o\n\n--o\n{head}{inner}\n--d--\n--o--\n");
            let (parts, _) = bodies(&mail);
            assert_eq!(parts.len(), 1, "{parts:?}");
            assert_eq!(parts[0].0, "message/rfc822");
            assert!(parts[0].1.starts_with(inner));
        }
    }

    #[test]
    fn words_that_no_blank_line_parts_from_the_header_are_words() {
        assert_eq!(words_of("To: a@b\nHello there\n"), ["Hello there\n", ""]);
        assert_eq!(
            words_of("To: a@b\nHello there\nPlease note: this\n\nmore"),
            ["Hello there\nPlease note: this\n", "more"]
        );
        assert_eq!(words_of("From a@b Thu Jan  1 00:00:00 2026\nTo: a@b\n\nx"), ["x"]);
        assert_eq!(words_of("no header at all"), ["no header at all", ""]);
    }

    #[test]
    fn a_boundary_on_a_line_of_its_own_need_not_be_indented() {
        let mail = "Content-Type: multipart/mixed;\r\nboundary=\"x\"\r\nTo: a@b\r\n\r\n--x\r\n\r\nwords\r\n--x--\r\n";
        let found = take_apart(mail.as_bytes());
        assert_eq!(found.leaves[0].body.as_ref(), b"words");
        assert_eq!(found.top.len(), 2);
    }

    #[test]
    fn nesting_costs_no_more_than_its_bytes() {
        let deep: String =
            (0..20_000).map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n")).collect();
        let (parts, _) = bodies(&format!("{deep}\nwords\n"));
        assert_eq!(parts.len(), 1);
        let messages = "Content-Type: message/rfc822\n\n".repeat(100_000);
        assert_eq!(bodies(&messages).0.len(), 1);
        let many: String = (0..3_000).map(|n| format!("--x\n\n{n}\n")).collect();
        let (parts, faults) = bodies(&format!("Content-Type: multipart/mixed; boundary=x\n\n{many}"));
        assert_eq!(parts.len(), MOST_PARTS);
        assert_eq!(faults, [TOO_MANY]);
    }
}
