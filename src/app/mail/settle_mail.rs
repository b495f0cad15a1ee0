//! Decides on a batch of messages that were read, inside one transaction: whose each is, whether it counts, where it
//! lies; and writes contact, verdict, events and the message's way in a handful of statements.

use super::digest::Digest;
use super::numbers::{self, MailStep};
use super::settle_bounce::{self, Bounce};
use super::thread::{self, Thread, Threads};
use crate::app::contacts::screener::AUTOMATIC;
use crate::app::contacts::{MESSAGE_ID, admit};
use crate::app::outbox::acknowledge;
use crate::app::{App, AppError};
use crate::domain::access::ActorRef;
use crate::domain::attribution::{Attribution, Authentication, Certainty, Evidence, Holder, attribute_mail};
use crate::domain::contact::{Channel, NotCounted, Place, not_counted};
use crate::domain::correspondence::MailKind;
use crate::domain::ids::{MailId, of};
use crate::domain::person::IdentifierKind;
use crate::store::contacts::{Contact, External, Handling};
use crate::store::mails::{self, RouteRow};
use crate::store::{Tx, contacts, identifiers, json_without_nul, screener, without_nul};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{Duration, Instant};

/// One go at messages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pass {
    /// Numbers the step this is on each message's way: 1 the first time.
    pub(super) seq: i32,
    /// Who wanted it.
    pub(super) by: ActorRef,
}

/// What the whole batch took, and how many messages that was.
#[derive(Clone, Copy, Debug)]
struct Took {
    deciding: Duration,
    writing: Duration,
    together: usize,
}

/// Settles messages that were read.
pub(super) async fn settle(app: &App, tx: &Tx, digests: Vec<Digest>, pass: Pass) -> Result<(), AppError> {
    if digests.is_empty() {
        return Ok(());
    }
    let begun = Instant::now();
    let digests = screened(tx, digests).await?;
    let mut known = Known::load(tx, &digests).await?;
    let mut seen = earlier_copies(tx, &digests).await?;
    let (mut fresh, mut threads) = (Vec::with_capacity(digests.len()), Vec::with_capacity(digests.len()));
    for digest in &digests {
        let (contact, thread) = contact(app, digest, &mut known, &mut seen);
        threads.push((contact.id, thread));
        fresh.push(contact);
    }
    let deciding = begun.elapsed();
    let admitted = admit(app, tx, ActorRef::Software, fresh).await?;
    thread::write(app, tx, (&known.threads, &digests), &threads).await?;
    settle_bounce::write(app, tx, &digests, &known.bounces).await?;
    let took = Took { deciding, writing: begun.elapsed().saturating_sub(deciding), together: digests.len() };
    numbers::took(MailStep::Deciding, took.deciding);
    numbers::took(MailStep::Writing, took.writing);
    let routed = digests.iter().zip(&admitted.contacts).zip(&threads);
    let routes = routed.map(|((digest, contact), (_, thread))| {
        let why_there = (thread, known.bounces.get(&digest.mail));
        route(app, digest, (contact, why_there), (pass, took))
    });
    let routes: Vec<RouteRow> = routes.collect();
    numbers::routed(&routes);
    mails::add_routes(tx, routes).await?;
    acknowledge(app, tx, &admitted.contacts).await
}

/// Takes mail of senders whom a person decided to be a list or a machine for a list's. Not where it is proven to come from
/// elsewhere, where it looks like ours, where it names several senders, or where it answers a mail of ours.
async fn screened(tx: &Tx, mut digests: Vec<Digest>) -> Result<Vec<Digest>, AppError> {
    let sender = |digest: &Digest| digest.from.as_ref().map(|from| from.to_lowercase());
    let senders: BTreeSet<String> = digests.iter().filter_map(sender).collect();
    let decided = screener::in_force(tx, &senders.into_iter().collect::<Vec<_>>()).await?;
    for digest in &mut digests {
        let decision = sender(digest).and_then(|sender| decided.get(&sender));
        let Some(decision) = decision.filter(|decision| decision.decision == AUTOMATIC) else { continue };
        let trusted = digest.authentication != Authentication::Failed && !digest.feigns_ours && digest.senders == 1;
        if digest.automatic.kind == MailKind::Human && trusted && digest.answers.is_empty() {
            digest.automatic.kind = MailKind::List;
            let line = format!("an officer decided that this sender is a list or a machine: decision {}", decision.id);
            digest.automatic.evidence.push(line);
        }
    }
    Ok(digests)
}

/// What is on file about the senders of some messages, about their threads, and about the mails of ours that they report of.
struct Known {
    holders: HashMap<String, Vec<Holder>>,
    threads: Threads,
    bounces: BTreeMap<MailId, Bounce>,
}

impl Known {
    async fn load(tx: &Tx, digests: &[Digest]) -> Result<Self, AppError> {
        let addresses: BTreeSet<String> = digests.iter().filter_map(|digest| digest.from_normalised.clone()).collect();
        let addresses: Vec<String> = addresses.into_iter().collect();
        let holders = identifiers::holders(tx, IdentifierKind::Email, &addresses).await?;
        let (threads, bounces) = (Threads::load(tx, digests).await?, settle_bounce::tie(tx, digests).await?);
        Ok(Self { holders, threads, bounces })
    }
}

/// Contacts that already carry one of these Message-IDs.
async fn earlier_copies(tx: &Tx, digests: &[Digest]) -> Result<BTreeMap<String, Copied>, AppError> {
    let ids: Vec<String> = digests.iter().filter_map(|digest| digest.message_id.clone()).collect();
    let earlier = contacts::with_references(tx, MESSAGE_ID, &ids).await?;
    let named = |contact: Contact| {
        let reference = contact.external.as_ref().map(|external| external.reference.clone())?;
        Some((reference, Copied::of(&contact)))
    };
    Ok(earlier.into_iter().filter_map(named).collect())
}

/// What makes two messages with the same Message-ID copies of each other. Somebody who reuses the id of another's mail
/// does not make that mail a copy of theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Copied {
    from: Option<String>,
    subject: Option<String>,
    words: Option<String>,
    certainty: Certainty,
}

impl Copied {
    fn of(contact: &Contact) -> Self {
        Self {
            from: contact.presented.clone(),
            subject: contact.subject.clone(),
            words: contact.words.clone(),
            certainty: contact.certainty,
        }
    }
}

fn contact(app: &App, digest: &Digest, known: &mut Known, seen: &mut BTreeMap<String, Copied>) -> (Contact, Thread) {
    let holders = digest.from_normalised.as_ref().and_then(|address| known.holders.get(address));
    let holders = holders.map(Vec::as_slice).unwrap_or_default();
    let mut attribution = match digest.by_person() {
        true => attribute_mail(digest.senders, digest.authentication, holders),
        false => Attribution::not_applicable(),
    };
    let answered = digest.answers.iter().map(|id| Evidence::AnswersOurs { message_id: id.to_string() });
    attribution.evidence.extend(answered);
    let bounce = known.bounces.get(&digest.mail);
    let thread = match bounce {
        Some(_) => Thread::None,
        None => known.threads.find(digest, &attribution, holders),
    };
    let mut contact = Contact {
        id: app.new_id(),
        mail: Some(digest.mail),
        channel: Channel::Email,
        received_at: digest.received_at,
        recorded_at: app.now(),
        addressee: Some(digest.recipient.clone()).filter(|recipient| !recipient.is_empty()),
        presented: digest.from.clone(),
        subject: digest.subject.clone(),
        words: Some(digest.words.clone()),
        kind: Some(digest.automatic.kind),
        external: None,
        person: attribution.person,
        counts_for: attribution.counts_for(),
        certainty: attribution.certainty,
        not_counted: why_not_counted(digest, &attribution),
        evidence: attribution.evidence,
        exempt: false,
        flags: digest.flags.clone(),
        verdict: None,
        place: Place::ToRead,
        place_because: None,
        read_due_at: None,
        handling: Handling::Open,
        ticks_owed: false,
        queues: Vec::new(),
        case: bounce.and_then(Bounce::case).or(thread.case()),
        version: 1,
    };
    name_or_mark_copy(digest, &mut contact, seen);
    known.threads.remember(digest, contact.case, contact.counts_for);
    (contact, thread)
}

fn why_not_counted(digest: &Digest, attribution: &Attribution) -> Option<NotCounted> {
    if attribution.suspected_spoof || digest.feigns_ours {
        return Some(NotCounted::SuspectedSpoof);
    }
    if attribution.certainty == Certainty::OnBehalf {
        return Some(NotCounted::OnBehalf);
    }
    not_counted(digest.automatic.kind)
}

/// The first contact of a Message-ID takes it as its name; a true copy of it does not count again.
fn name_or_mark_copy(digest: &Digest, contact: &mut Contact, seen: &mut BTreeMap<String, Copied>) {
    let Some(id) = &digest.message_id else { return };
    match seen.get(id) {
        None => {
            seen.insert(id.clone(), Copied::of(contact));
            contact.external = Some(External { system: MESSAGE_ID.to_owned(), reference: id.clone() });
        }
        Some(first) if *first == Copied::of(contact) => contact.not_counted = Some(NotCounted::Duplicate),
        Some(_) => {}
    }
}

/// Why a mail lies where it lies.
type WhyThere<'a> = (&'a Thread, Option<&'a Bounce>);

fn route(
    app: &App,
    digest: &Digest,
    (contact, why_there): (&Contact, WhyThere<'_>),
    (pass, took): (Pass, Took),
) -> RouteRow {
    let state = match contact.certainty {
        Certainty::NotApplicable => "automatic",
        Certainty::Verified | Certainty::Confirmed | Certainty::OnBehalf => "routed",
        Certainty::Suggested | Certainty::Unattributed => "unattributed",
    };
    RouteRow {
        id: app.new_id::<of::Event>().as_uuid(),
        mail_id: digest.mail.as_uuid(),
        seq: pass.seq,
        at: contact.recorded_at,
        state: state.to_owned(),
        contact_id: Some(contact.id.as_uuid()),
        evidence: evidence(digest, contact, why_there, took),
        by: json!(pass.by),
    }
}

/// Every step and what it saw, for `mail explain`.
fn evidence(digest: &Digest, contact: &Contact, (thread, bounce): WhyThere<'_>, took: Took) -> Value {
    let lines = |lines: &[String]| lines.iter().cloned().map(without_nul).collect::<Vec<_>>();
    json!({
        "kind": {
            "is": digest.automatic.kind,
            "feignsOurs": digest.feigns_ours,
            "evidence": lines(&digest.automatic.evidence),
        },
        "sender": {
            "proof": digest.proof.as_str(),
            "nullSender": digest.null_sender,
            "evidence": lines(&digest.proof_evidence),
            "pretences": json_without_nul(json!(digest.pretences)),
        },
        "words": { "newBytes": digest.words.len(), "quotedBytes": digest.quoted_bytes },
        "messageId": digest.message_id,
        "answers": digest.answers,
        "case": contact.case,
        "thread": thread.evidence(),
        "bounce": bounce.map(Bounce::evidence),
        "attribution": { "is": contact.certainty, "person": contact.person, "evidence": contact.evidence },
        "flags": contact.flags,
        "notCountedBecause": contact.not_counted,
        "verdict": contact.verdict,
        "place": contact.place,
        "placeBecause": contact.place_because,
        "defects": digest.defects,
        "took": {
            "readingMicros": micros(digest.reading),
            "decidingMicros": micros(took.deciding),
            "writingMicros": micros(took.writing),
            "together": took.together,
        },
    })
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
