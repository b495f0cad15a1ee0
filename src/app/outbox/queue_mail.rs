//! Puts a mail into the outbox, in the transaction of whatever asked for it.

use super::begin::one_at_a_time;
use super::noted;
use crate::app::{App, AppError};
use crate::domain::access::ActorRef;
use crate::domain::correspondence::may_answer::{Received, Silence, may_answer};
use crate::domain::correspondence::threading;
use crate::domain::ids::{CaseId, EventId, MailId, OfficerId, OutgoingId, PersonId, of};
use crate::mail::bare_address;
use crate::mail::compose::{ComposeError, OutgoingMail, Speaker, compose};
use crate::render::Rendered;
use crate::store::jobs::{self, NewJob};
use crate::store::outgoing::{self, OutgoingRow, OutgoingState};
use crate::store::{Tx, case_facts, cases, contacts, mails, officers, people};
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The kind of the job that sends; its key is `send:<outgoing id>`.
pub const SEND_MAIL: &str = "send_mail";

/// Who speaks in a mail, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A named person decided to send exactly this.
    Officer(OfficerId),
    /// A named person answers this mail.
    Reply(OfficerId, MailId),
    /// The program tells of something, unasked.
    Program,
    /// The program answers this mail.
    Answer(MailId),
}

impl Origin {
    fn as_str(self) -> &'static str {
        match self {
            Origin::Officer(_) | Origin::Reply(..) => super::OFFICER,
            Origin::Program => super::PROGRAM,
            Origin::Answer(_) => super::AUTOMATIC_ANSWER,
        }
    }

    fn speaker(self) -> Speaker {
        match self {
            Origin::Officer(_) | Origin::Reply(..) => Speaker::Officer,
            Origin::Program => Speaker::Program,
            Origin::Answer(_) => Speaker::AutomaticAnswer,
        }
    }
}

/// A mail to be sent because of an event.
#[derive(Clone, Debug)]
pub struct Draft {
    pub event: EventId,
    /// One address.
    pub to: String,
    pub words: Rendered,
    pub origin: Origin,
    pub person: Option<PersonId>,
    pub case: Option<CaseId>,
    /// The Message-ID of the mail this answers, without angle brackets.
    pub in_reply_to: Option<String>,
    /// The Message-IDs of the thread, the oldest first.
    pub references: Vec<String>,
}

/// What became of a mail that was to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queued {
    As(OutgoingId),
    /// The program may not answer this mail.
    Silent(Silence),
}

/// Composes the mail and queues it; for a moment it may still be taken back. The same event and address queue it once, however often they ask.
///
/// # Errors
/// `Invalid` when the address is none; `Store`.
pub async fn queue_mail(app: &App, tx: &Tx, draft: Draft) -> Result<Queued, AppError> {
    let id = threading::outgoing_id(draft.event, &draft.to);
    if outgoing::find(tx, id).await?.is_some() {
        return Ok(Queued::As(id));
    }
    if let Origin::Answer(mail) = draft.origin
        && let Err(why) = answerable(app, tx, mail, &draft).await?
    {
        return Ok(Queued::Silent(why));
    }
    let settings = &app.settings;
    let message_id = threading::message_id(&settings.message_id_secret, &settings.message_id_domain, id);
    let now = app.now();
    let not_before = now + settings.sending.undo;
    let speaker = Box::pin(speaker_name(tx, &draft)).await?;
    let mail = OutgoingMail {
        message_id: &message_id,
        from: &settings.mail_from,
        speaker_name: speaker.as_deref(),
        to: &draft.to,
        subject: &draft.words.subject,
        text: &draft.words.text,
        html: &draft.words.html,
        date: now,
        origin: draft.origin.speaker(),
        in_reply_to: draft.in_reply_to.as_deref(),
        references: &draft.references,
    };
    let mime = compose(&mail, app.signer.as_deref()).map_err(|error| match error {
        ComposeError::Address { .. } | ComposeError::Message(_) => AppError::invalid("/to", error.to_string()),
        ComposeError::Sign(_) => AppError::broken("signing a mail", error),
    })?;
    let row = OutgoingRow {
        id: id.as_uuid(),
        sha256: hex::encode(Sha256::digest(&mime)),
        message_id,
        person_id: draft.person.map(|person| person.as_uuid()),
        case_id: draft.case.map(|case| case.as_uuid()),
        cause_event_id: draft.event.as_uuid(),
        recipient: bare_address(&draft.to).to_lowercase(),
        to_address: draft.to.trim().to_owned(),
        subject: draft.words.subject,
        mime,
        state: OutgoingState::Queued.as_str().to_owned(),
        attempts: 0,
        sent_at: None,
        last_error: None,
        created_at: now,
        origin: draft.origin.as_str().to_owned(),
        officer_id: match draft.origin {
            Origin::Officer(officer) | Origin::Reply(officer, _) => Some(officer.as_uuid()),
            Origin::Program | Origin::Answer(_) => None,
        },
        answers_id: match draft.origin {
            Origin::Answer(mail) | Origin::Reply(_, mail) => Some(mail.as_uuid()),
            Origin::Officer(_) | Origin::Program => None,
        },
        tried_at: None,
        not_before: Some(not_before),
        waits_because: None,
    };
    outgoing::insert(tx, row).await?;
    on_its_way(app, tx, id, (draft.origin, not_before)).await?;
    Ok(Queued::As(id))
}

/// Its history begins, and a job will send it.
async fn on_its_way(
    app: &App,
    tx: &Tx,
    id: OutgoingId,
    (origin, not_before): (Origin, DateTime<Utc>),
) -> Result<(), AppError> {
    let by = match origin {
        Origin::Officer(officer) | Origin::Reply(officer, _) => ActorRef::Officer(officer),
        Origin::Program | Origin::Answer(_) => ActorRef::Software,
    };
    let queued = json!({ "origin": origin.as_str(), "mayBeTakenBackUntil": not_before });
    noted::tell(app, tx, id, (by, ("queued", queued))).await?;
    let job = NewJob {
        id: app.new_id::<of::Job>(),
        kind: SEND_MAIL.to_owned(),
        payload: json!({ "outgoing": id }),
        key: super::job_key(id),
        run_at: not_before,
        created_at: app.now(),
    };
    Ok(jobs::enqueue(tx, vec![job]).await?)
}

/// The name of the case's point of contact, where an officer writes to the person of a case. Somebody who only drafted a
/// text is nobody's point of contact.
async fn speaker_name(tx: &Tx, draft: &Draft) -> Result<Option<String>, AppError> {
    let (Origin::Officer(_) | Origin::Reply(..), Some(case)) = (draft.origin, draft.case) else { return Ok(None) };
    point_of_contact(tx, case).await
}

/// The name of a case's point of contact; `None` where there is none, where they left, and where the person complained
/// about them.
pub(super) async fn point_of_contact(db: &impl ConnectionTrait, case: CaseId) -> Result<Option<String>, AppError> {
    let Some(case) = cases::find_row(db, case).await? else { return Ok(None) };
    let drafter_only = case.data.get("continuity").and_then(Value::as_str) == Some("drafter_only");
    let Some(spoc) = case.spoc_id.filter(|_| !drafter_only).map(OfficerId::from_uuid) else { return Ok(None) };
    let person = match case.person_id.map(PersonId::from_uuid) {
        Some(person) => people::root(db, person).await?,
        None => None,
    };
    let complained_about = case_facts::complaints(db, &[spoc]).await?;
    if person.is_some_and(|person| complained_about.contains(&(person, spoc))) {
        return Ok(None);
    }
    let found = officers::find(db, spoc).await?.filter(|found| found.active);
    Ok(found.map(|found| found.officer.display_name))
}

/// Whether the program may answer the mail with this draft, by what is on record of the mail.
async fn answerable(app: &App, tx: &Tx, mail: MailId, draft: &Draft) -> Result<Result<(), Silence>, AppError> {
    one_at_a_time(tx).await?;
    let Some(contact) = contacts::of_mail(tx, mail).await? else { return Ok(Err(Silence::NotVerified)) };
    let to = bare_address(&draft.to).to_lowercase();
    let window = app.settings.sending.acknowledge_every.unwrap_or_default();
    let since = app.now() - window;
    let route = mails::newest_routes(tx, &[mail]).await?.remove(&mail);
    let null_sender = route.and_then(|route| route.evidence.pointer("/sender/nullSender").and_then(Value::as_bool));
    let received = Received {
        kind: contact.kind,
        // Where nothing is on record of it, nobody is answered.
        null_sender: null_sender.unwrap_or(true),
        certainty: contact.certainty,
        not_counted: contact.not_counted,
        place: contact.place,
        from: contact.presented.as_deref(),
        answered_before: outgoing::answers_to(tx, super::AUTOMATIC_ANSWER, (&to, contact.person), since).await?,
    };
    Ok(may_answer(&received, &to, &app.settings.our_addresses))
}
