//! Bytes to an [`InboundMail`]. Never fails, never panics, and takes time linear in the bytes: a mail that cannot be
//! read becomes a mail with defects.

use super::addresses;
use super::attachments;
use super::body::{self, Readable};
use super::calendar;
use super::charset;
use super::encoded_words;
use super::fields::{self, RawField};
use super::protection;
use super::structure::{self, Leaf, Structure};
use super::tnef;
use crate::domain::correspondence::{Defect, Headers, InboundMail, Mailbox};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;
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
    let label = parts.leaves.iter().find_map(|leaf| leaf.media.parameter("charset"));
    let headers = fields::to_headers(&parts.top, label);
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
    let Readable { text, html, hints, read, overruled, shortened } = body::readable(&parts.leaves);
    let mut others = Others { shown: html.as_deref().map(attachments::shown_in).unwrap_or_default(), count: 0 };
    (mail.text, mail.html, mail.hints) = (text, html, hints);
    mail.protection.extend(protection::of_text(&mail.text));
    for leaf in parts.leaves.iter().enumerate().filter(|(n, _)| !read.contains(n)).map(|(_, leaf)| leaf) {
        others.part(mail, leaf);
    }
    mail.protection.sort_unstable();
    mail.protection.dedup();
    let mut defects: Vec<Defect> = mail.protection.iter().copied().filter_map(protection::defect).collect();
    defects.dedup();
    mail.defects.append(&mut defects);
    if overruled {
        let sentence = "the text is not in the character set it claims; it was read in the one that fits";
        mail.defects.push(Defect::new("wrong-charset", sentence));
    }
    if shortened {
        mail.defects
            .push(Defect::new("text-shortened", "the text is longer than will be shown; all of it is in the raw mail"));
    }
}

/// A longer calendar is only kept.
const MOST_CALENDAR: usize = 256 * 1024;
/// More invitations than this are only in the raw mail.
const MOST_INVITATIONS: usize = 20;

/// What is beside the words, part by part.
struct Others {
    /// The Content-IDs that the HTML shows.
    shown: BTreeSet<String>,
    count: usize,
}

impl Others {
    fn part(&mut self, mail: &mut InboundMail, leaf: &Leaf<'_>) {
        let bytes = body::transfer_decoded(leaf);
        self.count += 1;
        mail.embedded.extend(attachments::embedded(leaf, &bytes));
        let attachment = attachments::attachment(leaf, &bytes, self.count, &self.shown);
        mail.protection.extend(protection::of_part(&leaf.media, &attachment.name, &bytes));
        if ["text/calendar", "text/x-vcalendar"].contains(&leaf.media.value.as_str()) {
            invitations(mail, leaf, &bytes);
        }
        let packed = tnef::is_packed(&bytes).then(|| tnef::unpack(&bytes));
        mail.attachments.push(attachment);
        if let Some(unpacked) = packed {
            self.unpacked(mail, unpacked);
        }
    }

    /// Its files stand after the packet itself; its words count where the mail has no others.
    fn unpacked(&mut self, mail: &mut InboundMail, unpacked: tnef::Unpacked<'_>) {
        let Some(packet) = mail.attachments.last().cloned() else { return };
        if unpacked.damaged {
            mail.defects
                .push(Defect::new("packet-damaged", "a winmail.dat is cut short; what could be read of it was"));
        }
        if mail.text.trim().is_empty() && mail.html.is_none() {
            self.shown.extend(unpacked.html.as_deref().map(attachments::shown_in).unwrap_or_default());
            (mail.text, mail.html) = (body::cut(unpacked.text), unpacked.html.map(body::cut));
        }
        for file in unpacked.files {
            self.count += 1;
            mail.attachments.push(attachments::unpacked(file, &packet, self.count, &self.shown));
        }
    }
}

fn invitations(mail: &mut InboundMail, leaf: &Leaf<'_>, bytes: &[u8]) {
    let bytes = bytes.get(..MOST_CALENDAR).unwrap_or(bytes);
    let has_words = !mail.text.trim().is_empty();
    for mut event in calendar::read(&charset::decode(bytes, leaf.media.parameter("charset")).text) {
        if event.method.is_empty() {
            event.method = leaf.media.parameter("method").unwrap_or_default().to_ascii_uppercase();
        }
        if has_words {
            event.description.clear(); // the words say it already
        }
        // The same event often comes twice, to be read and as a file.
        if mail.invitations.len() < MOST_INVITATIONS && !mail.invitations.contains(&event) {
            mail.invitations.push(event);
        }
    }
}
