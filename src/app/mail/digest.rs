//! What routing needs to know of a message, read before any transaction is opened.

use super::in_time::{Busy, Outcome, each_in_time};
use crate::app::Settings;
use crate::domain::attribution::Authentication;
use crate::domain::contact::{RaisedFlag, raise};
use crate::domain::correspondence::lookalike::{Pretence, pretences};
use crate::domain::correspondence::quote::{Forwards, Words};
use crate::domain::correspondence::{Automatic, InboundMail, MailKind, OurMail};
use crate::domain::correspondence::{automatic, bounce, quote, return_path, threading};
use crate::domain::ids::{MailId, OutgoingId};
use crate::domain::person::{IdentifierKind, normalise};
use crate::mail::authenticate::{Border, OwnFinding, SenderProof, authenticate};
use crate::mail::parse::parse;
use crate::store::mails::KeptMail;
use crate::store::without_nul;
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Words beyond this many bytes stay in the raw message only.
const MOST_WORDS: usize = 256 * 1024;

/// A message, understood.
#[derive(Clone, Debug)]
pub(super) struct Digest {
    pub(super) mail: MailId,
    pub(super) received_at: DateTime<Utc>,
    pub(super) recipient: String,
    pub(super) automatic: Automatic,
    /// It looks like our own mail come back, and nothing proves that it is.
    pub(super) feigns_ours: bool,
    pub(super) authentication: Authentication,
    pub(super) proof: SenderProof,
    pub(super) proof_evidence: Vec<String>,
    /// Ways in which the author looks like somebody else.
    pub(super) pretences: Vec<Pretence>,
    /// The receiving server saw an empty envelope sender.
    pub(super) null_sender: bool,
    /// How many addresses the From fields name.
    pub(super) senders: usize,
    /// The address it came from, as presented and normalised; `None` where there is none.
    pub(super) from: Option<String>,
    pub(super) from_normalised: Option<String>,
    pub(super) subject: Option<String>,
    /// The new words and what the sender sent on, without quoted text and signature.
    pub(super) words: String,
    pub(super) quoted_bytes: usize,
    pub(super) message_id: Option<String>,
    /// Mails of ours it answers, by signed Message-ID.
    pub(super) answers: Vec<OutgoingId>,
    /// Every message id it names, its own first, normalised.
    pub(super) references: Vec<String>,
    /// Of a machine that reports what became of a mail.
    pub(super) report: Option<Reported>,
    pub(super) flags: Vec<RaisedFlag>,
    /// Codes of what is wrong with the message itself.
    pub(super) defects: Vec<&'static str>,
    /// How long all this took to find out.
    pub(super) reading: Duration,
}

/// A delivery report, and the mail of ours that it proves to be about.
#[derive(Clone, Debug)]
pub(super) struct Reported {
    pub(super) report: bounce::Report,
    pub(super) about: Option<OutgoingId>,
    /// It came back to the address of that mail, whatever it says.
    pub(super) came_back: bool,
}

impl Digest {
    /// A person wrote it, or somebody who feigns to be us.
    pub(super) fn by_person(&self) -> bool {
        self.automatic.kind == MailKind::Human || self.feigns_ours
    }
}

/// What our own check found, by message; empty where there is none.
pub(super) type OwnFindings = HashMap<Uuid, OwnFinding>;

/// A message after reading.
pub(super) enum Reading {
    Understood(Box<Digest>),
    /// It took too long, or the program failed on it: why, and which.
    Given(MailId, &'static str),
}

/// Reads messages on all processors, each within the time the settings allow; the answers are in their order. Blocks:
/// call it off the async threads.
///
/// # Errors
/// [`Busy`]: too many messages that were given up are still being read.
pub(super) fn read_all(
    waiting: Vec<KeptMail>,
    settings: Arc<Settings>,
    own: OwnFindings,
) -> Result<Vec<Reading>, Busy> {
    let ids: Vec<MailId> = waiting.iter().map(|kept| MailId::from_uuid(kept.id)).collect();
    let limit = settings.time_per_mail;
    let outcomes = each_in_time(waiting, limit, move |kept| Box::new(read(kept, &settings, own.get(&kept.id))))?;
    let reading = |(id, outcome): (MailId, Outcome<Box<Digest>>)| match outcome {
        Outcome::Done(digest) => Reading::Understood(digest),
        Outcome::TooLong => Reading::Given(id, "reading it takes longer than a message may take"),
        Outcome::Panicked => Reading::Given(id, "the program failed on it while reading it"),
    };
    Ok(ids.into_iter().zip(outcomes).map(reading).collect())
}

fn read(kept: &KeptMail, settings: &Settings, own: Option<&OwnFinding>) -> Digest {
    let begun = Instant::now();
    let mail = parse(&kept.raw);
    let ours = OurMail { addresses: &settings.our_addresses, message_id_domain: &settings.message_id_domain };
    let border =
        Border { authserv_ids: settings.authserv_ids_of(&kept.source), arc_forwarders: &settings.arc_forwarders };
    let mut proof = authenticate(&mail, border);
    if let Some(own) = own {
        proof = proof.and_own_check(&mail, (own, &settings.arc_forwarders));
    }
    let (automatic, feigns_ours) = judge(&mail, ours, &proof.proof, &settings.message_id_secret);
    let came_back = return_path::verify(&settings.message_id_secret, &settings.bounce_address, &kept.recipient);
    let mut answers = threading::answered(&mail, &settings.message_id_secret, &settings.message_id_domain);
    // Some machines, and some people's programs, answer to where reports go.
    answers.extend(came_back.filter(|_| answers.is_empty() && automatic.kind != MailKind::Bounce));
    let references = threading::references(&mail);
    let report = reported(&mail, (automatic.kind, came_back), settings);
    let null_sender = automatic::has_null_return_path(&mail);
    let split = quote::of(&mail);
    let words = without_nul(shortened(to_read(&split)));
    let subject = mail.subject.map(without_nul);
    // A machine answers us without our having asked it anything; its words are looked through all the same.
    let replies = automatic.kind == MailKind::Human && !answers.is_empty();
    let flags = raise(subject.as_deref().unwrap_or_default(), &words, replies);
    let pretences = mail.from.as_ref().map(|from| pretences(from, &settings.our_addresses)).unwrap_or_default();
    let from = mail.from.map(|from| without_nul(from.address)).filter(|address| !address.is_empty());
    Digest {
        mail: MailId::from_uuid(kept.id),
        received_at: kept.received_at,
        recipient: kept.recipient.clone(),
        automatic,
        feigns_ours,
        authentication: match &proof.proof {
            SenderProof::Verified { .. } => Authentication::Aligned,
            SenderProof::Weak { .. } => Authentication::Weak,
            SenderProof::Failed => Authentication::Failed,
            SenderProof::Claimed => Authentication::Unknown,
        },
        proof: proof.proof,
        proof_evidence: proof.evidence,
        pretences,
        null_sender,
        senders: mail.from_all.len(),
        from_normalised: from.as_deref().and_then(|from| normalise(IdentifierKind::Email, from).ok()),
        from,
        subject,
        words,
        quoted_bytes: split.quoted.len(),
        message_id: mail.message_id.map(without_nul),
        answers,
        references,
        report,
        flags,
        defects: mail.defects.iter().map(|defect| defect.code).collect(),
        reading: begun.elapsed(),
    }
}

/// What a report says. One that says that a mail arrived is an automatic reply and not a bounce.
fn reported(
    mail: &InboundMail,
    (kind, came_back): (MailKind, Option<OutgoingId>),
    settings: &Settings,
) -> Option<Reported> {
    let says =
        ["message/delivery-status", "message/global-delivery-status"].iter().any(|part| mail.embedded(part).is_some());
    if kind != MailKind::Bounce && !(kind == MailKind::AutoReply && says) {
        return None;
    }
    let report = bounce::outcomes(mail);
    let signed = |id: &String| threading::verify(&settings.message_id_secret, &settings.message_id_domain, id);
    let about = report.ids.iter().find_map(signed).or(came_back);
    Some(Reported { report, about, came_back: about.is_some() && about == came_back })
}

/// The kind of a mail, and whether it only looks like ours. Anybody can write our address or our domain: only a proven
/// sender or an id that we signed makes a mail ours. Without that it is judged like any other.
fn judge(mail: &InboundMail, ours: OurMail<'_>, proof: &SenderProof, secret: &str) -> (Automatic, bool) {
    let found = automatic::judge(mail, ours);
    if found.kind != MailKind::Own {
        return (found, false);
    }
    let from = mail.from.as_ref().map(|from| from.address.to_ascii_lowercase()).unwrap_or_default();
    let proven = matches!(proof, SenderProof::Verified { .. }) && ours.addresses.contains(&from);
    let signed = mail.message_id.as_deref().and_then(|id| threading::verify(secret, ours.message_id_domain, id));
    if proven || signed.is_some() {
        return (found, false);
    }
    let mut other = automatic::judge(mail, OurMail::default());
    other.evidence.extend(found.evidence);
    other.evidence.push("it looks like our own mail, and nothing proves that it is".to_owned());
    (other, true)
}

/// What somebody sent on is what they wanted read: it is looked through for risk like their own words. Where there are
/// none, its head stands above.
fn to_read(split: &Words) -> String {
    let Words { new, forwarded, forwards, .. } = split;
    let (above, below) = if *forwards == Forwards::Alone { (forwarded, new) } else { (new, forwarded) };
    [above.as_str(), below].into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join("\n\n")
}

fn shortened(mut words: String) -> String {
    if words.len() > MOST_WORDS {
        let mut end = MOST_WORDS;
        while !words.is_char_boundary(end) {
            end -= 1;
        }
        words.truncate(end);
    }
    words
}
