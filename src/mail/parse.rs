//! Bytes to an [`InboundMail`]. Never fails, never panics, and takes time linear in the bytes: a mail that cannot be
//! read becomes a mail with defects.

use super::addresses;
use super::attachments;
use super::body::{self, Readable};
use super::encoded_words;
use super::fields::{self, RawField};
use super::structure::{self, Structure};
use crate::domain::correspondence::{Defect, Headers, InboundMail, Mailbox};
use chrono::{DateTime, Utc};
use std::panic;

/// Only this much of a mail is read (the raw mail is kept whole elsewhere).
pub const MOST_BYTES: usize = 32 * 1024 * 1024;

/// Understands one mail.
pub fn parse(raw: &[u8]) -> InboundMail {
    panic::catch_unwind(|| read(raw)).unwrap_or_else(|_| {
        let sentence = "this mail could not be read by the program; its bytes are kept";
        InboundMail { defects: vec![Defect::new("unreadable", sentence)], ..InboundMail::default() }
    })
}

fn read(raw: &[u8]) -> InboundMail {
    let mut defects = Vec::new();
    let bytes = raw.get(..MOST_BYTES).unwrap_or(raw);
    if bytes.len() < raw.len() {
        let sentence = format!("only the first {MOST_BYTES} of {} bytes were read", raw.len());
        defects.push(Defect::new("too-large", sentence));
    }
    let leading_blanks = bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let bytes = bytes.get(leading_blanks..).unwrap_or_default();
    let parts = structure::take_apart(bytes);
    if parts.top.is_empty() {
        defects.push(Defect::new("no-header", "this does not begin with a mail header; everything is taken as text"));
    } else if parts.broken_off {
        defects.push(Defect::new(
            "header-broken-off",
            "there are lines in the header that are no fields; they are read as words",
        ));
    }
    if parts.top.iter().any(RawField::is_too_long) {
        defects.push(Defect::new("header-too-long", "a header field is longer than will be read"));
    }
    let charset = parts.leaves.iter().find_map(|leaf| leaf.media.parameter("charset"));
    let headers = fields::to_headers(&parts.top, charset);
    defects.extend(parts.faults.iter().map(|fault| Defect::new(fault, structure_sentence(fault))));

    let mut mail = InboundMail { defects, ..InboundMail::default() };
    read_headers(&mut mail, &headers);
    mail.headers = headers;
    read_parts(&mut mail, &parts);
    mail
}

fn structure_sentence(fault: &str) -> &'static str {
    match fault {
        structure::NO_BOUNDARY => "a multipart's boundary never comes; its content is taken as text",
        structure::TOO_COSTLY => "the mail's parts cannot be told apart in reasonable time; all of it is taken as text",
        structure::TOO_MANY => "there are more parts than will be read; the rest is only in the raw mail",
        _ => "a multipart is not closed; the mail may be cut short",
    }
}

fn read_headers(mail: &mut InboundMail, headers: &Headers) {
    let list = |name: &str| headers.all(name).flat_map(addresses::mailboxes).collect::<Vec<Mailbox>>();
    let ids = |name: &str| headers.all(name).flat_map(addresses::message_ids).collect::<Vec<String>>();
    mail.from_all = list("from");
    let deliverable = mail.from_all.iter().find(|mailbox| addresses::is_deliverable(&mailbox.address));
    mail.from = deliverable.or(mail.from_all.first()).cloned();
    mail.reply_to = list("reply-to");
    mail.sender = list("sender").into_iter().next();
    mail.to = list("to");
    mail.cc = list("cc");
    mail.message_id = ids("message-id").into_iter().next();
    mail.in_reply_to = ids("in-reply-to");
    mail.references = ids("references");
    mail.subject = headers.first("subject").map(encoded_words::decode);
    mail.date = headers.first("date").and_then(date);

    let mut defect = |code, sentence: &str| mail.defects.push(Defect::new(code, sentence));
    match (headers.all("from").count(), mail.from_all.len()) {
        (0, _) => defect("no-from", "the mail names no author"),
        (1, 0 | 1) => {}
        _ => defect("several-authors", "the mail names more than one author; nobody can be verified by it"),
    }
    if mail.from.as_ref().is_some_and(|from| !addresses::is_deliverable(&from.address)) {
        defect("odd-from", "the author's address is not one that mail could be sent to");
    }
    if headers.has("date") && mail.date.is_none() {
        defect("odd-date", "the date cannot be read");
    }
}

fn date(value: &str) -> Option<DateTime<Utc>> {
    let parsed = mail_parser::DateTime::parse_rfc822(value)?;
    // The parser answers even 31 February, 25:61; such a date is no date.
    let real = parsed.is_valid() && parsed.year > 0;
    DateTime::from_timestamp(real.then(|| parsed.to_timestamp())?, 0)
}

fn read_parts(mail: &mut InboundMail, parts: &Structure<'_>) {
    let Readable { text, html, read, overruled, shortened } = body::readable(&parts.leaves);
    mail.text = text;
    mail.html = html;
    let others = parts.leaves.iter().enumerate().filter(|(n, _)| !read.contains(n)).map(|(_, leaf)| leaf);
    for (n, leaf) in others.enumerate() {
        let bytes = body::transfer_decoded(leaf);
        mail.embedded.extend(attachments::embedded(leaf, &bytes));
        mail.attachments.push(attachments::attachment(leaf, &bytes, n + 1));
    }
    if overruled {
        let sentence = "the text is not in the character set it claims; it was read in the one that fits";
        mail.defects.push(Defect::new("wrong-charset", sentence));
    }
    if shortened {
        mail.defects
            .push(Defect::new("text-shortened", "the text is longer than will be shown; all of it is in the raw mail"));
    }
}
