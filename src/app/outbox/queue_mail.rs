//! Puts a mail into the outbox, in the transaction of whatever asked for it.

use crate::app::{App, AppError};
use crate::domain::correspondence::threading;
use crate::domain::ids::{CaseId, EventId, OutgoingId, PersonId, of};
use crate::mail::compose::{OutgoingMail, compose};
use crate::render::Rendered;
use crate::store::Tx;
use crate::store::jobs::{self, NewJob};
use crate::store::outgoing::{self, OutgoingRow, OutgoingState};
use serde_json::json;
use sha2::{Digest, Sha256};

pub use crate::mail::compose::Origin;

/// The kind of the job that sends; its key is `send:<outgoing id>`.
pub const SEND_MAIL: &str = "send_mail";

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

/// Composes the mail and queues it. The same event and address queue it once, however often they ask.
///
/// # Errors
/// `Invalid` when the address is none; `Store`.
pub async fn queue_mail(app: &App, tx: &Tx, draft: Draft) -> Result<OutgoingId, AppError> {
    let id = threading::outgoing_id(draft.event, &draft.to);
    if outgoing::find(tx, id).await?.is_some() {
        return Ok(id);
    }
    let settings = &app.settings;
    let message_id = threading::message_id(&settings.message_id_secret, &settings.message_id_domain, id);
    let now = app.now();
    let mail = OutgoingMail {
        message_id: &message_id,
        from: &settings.mail_from,
        to: &draft.to,
        subject: &draft.words.subject,
        text: &draft.words.text,
        html: &draft.words.html,
        date: now,
        origin: draft.origin,
        in_reply_to: draft.in_reply_to.as_deref(),
        references: &draft.references,
    };
    let mime = compose(&mail).map_err(|error| AppError::invalid("/to", error.to_string()))?;
    let row = OutgoingRow {
        id: id.as_uuid(),
        sha256: hex::encode(Sha256::digest(&mime)),
        message_id,
        person_id: draft.person.map(|person| person.as_uuid()),
        case_id: draft.case.map(|case| case.as_uuid()),
        cause_event_id: draft.event.as_uuid(),
        to_address: draft.to.trim().to_owned(),
        subject: draft.words.subject,
        mime,
        state: OutgoingState::Queued.as_str().to_owned(),
        attempts: 0,
        sent_at: None,
        last_error: None,
        created_at: now,
    };
    outgoing::insert(tx, row).await?;
    let job = NewJob {
        id: app.new_id::<of::Job>(),
        kind: SEND_MAIL.to_owned(),
        payload: json!({ "outgoing": id }),
        key: format!("send:{id}"),
        run_at: now,
        created_at: now,
    };
    jobs::enqueue(tx, vec![job]).await?;
    Ok(id)
}
