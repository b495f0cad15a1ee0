//! What the gateway understands of one mail, as `mail inspect` prints it. Needs no database and changes nothing.

use super::html;
use super::parse;
use crate::domain::correspondence::automatic::{self, OurMail};
use crate::domain::correspondence::{Attachment, InboundMail, Invitation, Mailbox, Protection, bounce, quote};
use serde::Serialize;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Inspection {
    pub message_id: Option<String>,
    pub from: Option<Address>,
    pub to: Vec<Address>,
    pub cc: Vec<Address>,
    pub reply_to: Vec<Address>,
    pub subject: Option<String>,
    pub date: Option<String>,
    pub automatic: Kind,
    /// Filled for a bounce or a complaint; empty for every other mail.
    pub bounce: BounceReport,
    pub new_text: String,
    pub quoted_text: String,
    /// A mail that was sent on below new words; its head alone where there are none.
    pub forwarded_text: String,
    pub forwards: quote::Forwards,
    pub signature: String,
    /// Empty where the mail has no HTML.
    pub safe_html: String,
    pub attachments: Vec<AttachedFile>,
    pub calendar: Vec<Event>,
    pub protection: Vec<Protection>,
    pub defects: Vec<Fault>,
}

#[derive(Debug, Serialize)]
pub struct Address {
    pub address: String,
    pub name: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct Kind {
    pub kind: automatic::MailKind,
    pub evidence: Vec<String>,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BounceReport {
    pub recipients: Vec<Recipient>,
    pub original_message_id: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct Recipient {
    pub address: String,
    pub permanent: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AttachedFile {
    pub name: String,
    pub media_type: String,
    pub size_bytes: u64,
    pub sha256: String,
    /// Shown among the words by the HTML, not attached as a file.
    pub inline: bool,
    pub content_id: Option<String>,
    /// The attachment it was taken out of.
    pub inside: Option<String>,
}

/// An event of a calendar part; times as a person reads them.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    pub method: String,
    pub summary: String,
    pub start: String,
    pub end: String,
    pub location: String,
    pub organiser: Option<Address>,
    pub attendee: Option<Address>,
    pub answer: String,
}

#[derive(Debug, Serialize)]
pub struct Fault {
    pub code: &'static str,
    pub sentence: String,
}

/// Reads `raw` and says what was understood. Never fails; what is wrong is in `defects`.
pub fn inspect(raw: &[u8], ours: OurMail<'_>) -> Inspection {
    let mail = parse::parse(raw);
    let judged = automatic::judge(&mail, ours);
    let words = quote::of(&mail);
    let is_report = matches!(judged.kind, automatic::MailKind::Bounce | automatic::MailKind::Complaint);
    Inspection {
        bounce: if is_report { report(&mail) } else { BounceReport::default() },
        safe_html: mail.html.as_deref().map(html::safe_html).unwrap_or_default(),
        date: mail.date.map(|date| date.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)),
        from: mail.from.map(address),
        to: mail.to.into_iter().map(address).collect(),
        cc: mail.cc.into_iter().map(address).collect(),
        reply_to: mail.reply_to.into_iter().map(address).collect(),
        message_id: mail.message_id,
        subject: mail.subject,
        automatic: Kind { kind: judged.kind, evidence: judged.evidence },
        new_text: words.new,
        quoted_text: words.quoted,
        forwarded_text: words.forwarded,
        forwards: words.forwards,
        signature: words.signature,
        attachments: mail.attachments.into_iter().map(attached_file).collect(),
        calendar: mail.invitations.into_iter().map(event).collect(),
        protection: mail.protection,
        defects: mail
            .defects
            .into_iter()
            .map(|defect| Fault { code: defect.code, sentence: defect.sentence })
            .collect(),
    }
}

fn report(mail: &InboundMail) -> BounceReport {
    let bounce = bounce::read(mail);
    let recipient =
        |failed: bounce::FailedRecipient| Recipient { address: failed.address, permanent: failed.permanent };
    BounceReport {
        recipients: bounce.recipients.into_iter().map(recipient).collect(),
        original_message_id: bounce.original_message_id,
    }
}

fn address(mailbox: Mailbox) -> Address {
    Address { address: mailbox.address, name: mailbox.name }
}

fn attached_file(attachment: Attachment) -> AttachedFile {
    let Attachment { name, media_type, size_bytes, sha256, inline, content_id, inside } = attachment;
    AttachedFile { name, media_type, size_bytes, sha256, inline, content_id, inside }
}

fn event(invitation: Invitation) -> Event {
    let Invitation { method, summary, start, end, location, organiser, attendee, answer, .. } = invitation;
    let (organiser, attendee) = (organiser.map(address), attendee.map(address));
    Event { method, summary, start, end, location, organiser, attendee, answer }
}
