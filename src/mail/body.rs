//! Which parts of a mail are its words, and those words as text.

use super::charset;
use super::html;
use super::structure::Leaf;
use super::transfer;
use crate::domain::correspondence::Hint;
use std::{borrow::Cow, collections::BTreeSet};

/// Longer text is cut: no officer reads a megabyte, and the raw mail has it.
const MOST_TEXT: usize = 1024 * 1024;

#[derive(Default)]
pub(super) struct Readable {
    pub(super) text: String,
    /// What HTML says about lines of `text` that came of it.
    pub(super) hints: Vec<Hint>,
    /// The HTML parts as they came; plain parts beside them are not repeated here.
    pub(super) html: Option<String>,
    /// The numbers of the leaves that are shown as words, in either form.
    pub(super) read: BTreeSet<usize>,
    pub(super) overruled: bool,
    pub(super) shortened: bool,
}

/// One stretch of words: a part of its own, or the forms of one alternative.
#[derive(Default)]
struct Stretch {
    alternative: Option<usize>,
    plain: String,
    html: String,
}

pub(super) fn readable(leaves: &[Leaf<'_>]) -> Readable {
    let mut out = Readable::default();
    let mut stretches: Vec<Stretch> = Vec::new();
    for (n, leaf) in leaves.iter().enumerate().filter(|(_, leaf)| is_words(leaf, leaves.len())) {
        let bytes = transfer_decoded(leaf);
        let decoded = charset::decode(&bytes, leaf.media.parameter("charset"));
        out.overruled |= decoded.overruled;
        out.read.insert(n);
        let same =
            stretches.last().is_some_and(|last| last.alternative.is_some() && last.alternative == leaf.alternative);
        if !same {
            stretches.push(Stretch { alternative: leaf.alternative, ..Stretch::default() });
        }
        let Some(stretch) = stretches.last_mut() else { continue };
        let form = if leaf.media.value == "text/html" { &mut stretch.html } else { &mut stretch.plain };
        append(form, &decoded.text);
    }
    let mut html = String::new();
    for stretch in stretches {
        let (words, hints) =
            if stretch.plain.trim().is_empty() { html::read(&stretch.html) } else { (stretch.plain, Vec::new()) };
        if !hints.is_empty() {
            let before = out.text.lines().count();
            let below = |hint: Hint| Hint { first: hint.first + before, last: hint.last + before, ..hint };
            out.hints.extend(hints.into_iter().map(below));
        }
        join(&mut out.text, words);
        join(&mut html, stretch.html);
    }
    out.html = (!html.is_empty()).then_some(html);
    out.shortened = shorten(&mut out.text) | out.html.as_mut().is_some_and(shorten);
    out
}

/// Text that is meant to be read in place: not a file, not a report for machines.
fn is_words(leaf: &Leaf<'_>, leaves: usize) -> bool {
    let media = leaf.media.value.as_str();
    let is_alternative = leaf.alternative.is_some();
    let kind = match media {
        "text/plain" | "text/html" => true,
        "text/rfc822-headers" | "text/calendar" | "text/x-vcalendar" => false,
        _ => media.starts_with("text/") && !is_alternative,
    };
    let disposition = leaf.fields.iter().find(|field| field.is("content-disposition")).map(|field| field.text(None));
    let disposition = disposition.as_deref().map(super::media_type::MediaType::parse).unwrap_or_default();
    let named = disposition.parameter("filename").or(leaf.media.parameter("name")).is_some();
    kind && !leaf.is_resource && disposition.value != "attachment" && (!named || leaves == 1)
}

/// The bytes of a leaf after its Content-Transfer-Encoding.
pub(super) fn transfer_decoded<'a>(leaf: &'a Leaf<'_>) -> Cow<'a, [u8]> {
    let body = leaf.body.as_ref();
    let encoding = leaf.fields.iter().find(|field| field.is("content-transfer-encoding"));
    let Some(mut encoding) = encoding.map(|field| field.text(None)) else { return body.into() };
    encoding.make_ascii_lowercase();
    match encoding.as_str() {
        "base64" => transfer::base64(body).into(),
        "quoted-printable" => transfer::quoted_printable(body).into(),
        "x-uuencode" | "uuencode" | "x-uue" => transfer::uuencoded(body).map_or(body.into(), Cow::Owned),
        _ => body.into(),
    }
}

/// The same as [`append`], without copying where nothing stands before it.
fn join(to: &mut String, more: String) {
    if to.is_empty() && memchr::memchr(b'\r', more.as_bytes()).is_none() {
        *to = more;
    } else {
        append(to, &more);
    }
}

fn append(to: &mut String, more: &str) {
    if !to.is_empty() && !more.is_empty() && !to.ends_with('\n') {
        to.push('\n');
    }
    // Line ends become plain line feeds.
    to.reserve(more.len());
    let mut from = 0;
    for at in memchr::memchr_iter(b'\r', more.as_bytes()) {
        to.push_str(more.get(from..at).unwrap_or_default());
        from = at + 1;
        if more.as_bytes().get(from) != Some(&b'\n') {
            to.push('\n');
        }
    }
    to.push_str(more.get(from..).unwrap_or_default());
}

/// Cut to what will be shown.
pub(super) fn cut(mut text: String) -> String {
    shorten(&mut text);
    text
}

fn shorten(text: &mut String) -> bool {
    if text.len() <= MOST_TEXT {
        return false;
    }
    let mut end = MOST_TEXT;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    true
}
