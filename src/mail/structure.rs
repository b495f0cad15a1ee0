//! The parts of a mail, found in one pass over its lines: linear in its size, and without recursion, so that no nesting
//! can cost more than the bytes it is written in. Attached messages are leaves here and are not opened.

use super::fields::{self, RawField};
use super::media_type::MediaType;

/// Deeper multiparts are kept as one leaf.
const DEEPEST: usize = 50;
/// More parts are left in the part before them.
const MOST_PARTS: usize = 1_000;

/// A leaf: something with bytes of its own.
pub(super) struct Leaf<'a> {
    pub(super) fields: Vec<RawField<'a>>,
    pub(super) media: MediaType,
    pub(super) body: &'a [u8],
    /// Named by another part of a `multipart/related`, not to be read by itself.
    pub(super) is_resource: bool,
    /// The number of the outermost `multipart/alternative` around it: of these, one is to be read.
    pub(super) alternative: Option<usize>,
}

pub(super) struct Structure<'a> {
    pub(super) leaves: Vec<Leaf<'a>>,
    pub(super) faults: Vec<&'static str>,
}

pub(super) const NO_BOUNDARY: &str = "multipart-without-parts";
pub(super) const TOO_MANY: &str = "too-many-parts";
pub(super) const NOT_CLOSED: &str = "multipart-not-closed";

struct Open {
    boundary: Vec<u8>,
    media_type: String,
    number: usize,
    alternative: Option<usize>,
    seen: bool,
    /// Parts begun inside it so far.
    children: usize,
}

struct Walk<'a> {
    bytes: &'a [u8],
    open: Vec<Open>,
    numbers: usize,
    out: Structure<'a>,
}

/// Takes the mail apart. `top` is its own header block.
pub(super) fn take_apart<'a>(bytes: &'a [u8], top: Vec<RawField<'a>>, body_at: usize) -> Structure<'a> {
    let mut walk =
        Walk { bytes, open: Vec::new(), numbers: 0, out: Structure { leaves: Vec::new(), faults: Vec::new() } };
    let mut next = Some((top, body_at));
    while let Some((part_fields, at)) = next {
        next = walk.part(part_fields, at);
    }
    walk.out
}

impl<'a> Walk<'a> {
    /// Handles the part whose body begins at `at`; answers the next part's fields and the beginning of its body.
    fn part(&mut self, part_fields: Vec<RawField<'a>>, at: usize) -> Option<(Vec<RawField<'a>>, usize)> {
        let media = self.media_of(&part_fields);
        let alternative = self.open.last().and_then(|open| open.alternative);
        let is_resource =
            self.open.last().is_some_and(|open| open.media_type == "multipart/related" && open.children > 1);
        let boundary = media.is_multipart().then(|| media.parameter("boundary").map(str::to_owned)).flatten();
        if let Some(boundary) = boundary.filter(|_| self.open.len() < DEEPEST) {
            self.numbers += 1;
            let own = (media.value == "multipart/alternative").then_some(self.numbers);
            self.open.push(Open {
                boundary: boundary.trim_end().as_bytes().to_vec(),
                media_type: media.value.clone(),
                number: self.numbers,
                alternative: alternative.or(own),
                seen: false,
                children: 0,
            });
            let (depth, number) = (self.open.len(), self.numbers);
            let (end, next) = self.seek(at);
            let entered = self.open.get(depth - 1).is_some_and(|open| open.seen && open.number == number);
            if !entered {
                // Its boundary never came: what was to be parts is text to be read.
                self.fault(NO_BOUNDARY);
                let body = self.bytes.get(at..end).unwrap_or_default();
                let media = MediaType::parse("text/plain");
                self.out.leaves.push(Leaf { fields: part_fields, media, body, is_resource, alternative });
                self.open.retain(|open| open.number != number);
            }
            return self.begin(next);
        }
        let (end, next) = self.seek(at);
        let body = self.bytes.get(at..end).unwrap_or_default();
        self.out.leaves.push(Leaf { fields: part_fields, media, body, is_resource, alternative });
        self.begin(next)
    }

    fn media_of(&self, part_fields: &[RawField<'a>]) -> MediaType {
        let in_digest = self.open.last().is_some_and(|open| open.media_type == "multipart/digest");
        let default = if in_digest { "message/rfc822" } else { "text/plain" };
        let field = part_fields.iter().find(|field| field.is("content-type"));
        let media = field.map_or_else(|| MediaType::parse(default), |field| MediaType::parse(&field.text(None)));
        if media.value.contains('/') { media } else { MediaType::parse(default) }
    }

    /// Reads the header of the part that begins at `at`. A part may also end before its header does.
    fn begin(&mut self, at: Option<usize>) -> Option<(Vec<RawField<'a>>, usize)> {
        let at = at?;
        let block = fields::read(self.bytes.get(at..).unwrap_or_default());
        Some((block.fields, at + block.body_at))
    }

    /// From `at`, finds the end of the present part and the beginning of the next, closing what ends on the way.
    fn seek(&mut self, at: usize) -> (usize, Option<usize>) {
        let mut line_at = at;
        let mut end = None;
        while line_at < self.bytes.len() {
            let line_end = fields::end_of_line(self.bytes, line_at);
            let line = self.bytes.get(line_at..line_end).unwrap_or_default();
            if line.starts_with(b"--")
                && let Some((depth, closing)) = self.boundary_at(line)
            {
                let part_end = *end.get_or_insert_with(|| self.before_line(at, line_at));
                self.open.truncate(depth + usize::from(!closing));
                if let Some(open) = self.open.get_mut(depth) {
                    open.seen = true;
                    open.children += 1;
                }
                if !closing && self.out.leaves.len() < MOST_PARTS {
                    return (part_end, Some(line_end));
                }
                if !closing {
                    self.fault(TOO_MANY);
                    return (part_end, None);
                }
                if self.open.is_empty() {
                    return (part_end, None);
                }
            }
            line_at = line_end;
        }
        if self.open.iter().any(|open| open.seen) {
            self.fault(NOT_CLOSED);
        }
        (end.unwrap_or(self.bytes.len()), None)
    }

    /// Which open multipart this line belongs to (innermost first), and whether it closes it.
    fn boundary_at(&self, line: &[u8]) -> Option<(usize, bool)> {
        let line = line.get(2..)?.trim_ascii_end();
        self.open.iter().enumerate().rev().find_map(|(depth, open)| {
            let rest = line.strip_prefix(open.boundary.as_slice())?;
            match rest {
                [] => Some((depth, false)),
                [b'-', b'-', ..] => Some((depth, true)),
                _ => None,
            }
        })
    }

    /// The line break before a boundary belongs to the boundary.
    fn before_line(&self, from: usize, line_at: usize) -> usize {
        let body = self.bytes.get(from..line_at).unwrap_or_default();
        let body = body.strip_suffix(b"\n").unwrap_or(body);
        let body = body.strip_suffix(b"\r").unwrap_or(body);
        from + body.len()
    }

    fn fault(&mut self, fault: &'static str) {
        if !self.out.faults.contains(&fault) {
            self.out.faults.push(fault);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bodies(mail: &str) -> (Vec<(String, String)>, Vec<&'static str>) {
        let block = fields::read(mail.as_bytes());
        let found = take_apart(mail.as_bytes(), block.fields.clone(), block.body_at);
        let text = |leaf: &Leaf<'_>| (leaf.media.value.clone(), String::from_utf8_lossy(leaf.body).into_owned());
        (found.leaves.iter().map(text).collect(), found.faults)
    }

    #[test]
    fn parts_end_at_their_boundaries_and_belong_to_the_alternative_around_them() {
        let mail = "Content-Type: multipart/mixed; boundary=o\n\npreamble\n--o\n\
            Content-Type: multipart/alternative; boundary=i\n\n--i\n\none\n--i\nContent-Type: text/html\n\n<p>\n--i--\n\
            --o\nContent-Type: a/b\n\ntwo\n--o--\nepilogue\n";
        let block = fields::read(mail.as_bytes());
        let found = take_apart(mail.as_bytes(), block.fields.clone(), block.body_at).leaves;
        let shape: Vec<_> = found.iter().map(|leaf| (leaf.media.value.as_str(), leaf.body, leaf.alternative)).collect();
        let expected: [(&str, &[u8], _); 3] =
            [("text/plain", b"one", Some(2)), ("text/html", b"<p>", Some(2)), ("a/b", b"two", None)];
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
    fn an_inner_multipart_may_end_with_the_outer() {
        let mail = "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\na\n--o\n\nb\n--o--\n";
        let (parts, _) = bodies(mail);
        assert_eq!(parts.iter().map(|(_, body)| body.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn nesting_costs_no_more_than_its_bytes() {
        let deep: String =
            (0..20_000).map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n")).collect();
        let (parts, _) = bodies(&format!("{deep}\nwords\n"));
        assert_eq!(parts.len(), 1);
        let without_end: String =
            (0..30_000).map(|n| format!("--x\nContent-Type: multipart/mixed; boundary=b{n}\n\n")).collect();
        let (parts, faults) = bodies(&format!("Content-Type: multipart/mixed; boundary=x\n\n{without_end}"));
        assert!(parts.len() <= MOST_PARTS + 1);
        assert!(faults.contains(&TOO_MANY));
    }
}
