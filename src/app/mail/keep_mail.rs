//! Keeps a message: its bytes, their hash and the job that will route it, in one transaction, before anything is read.
//!
//! Nothing here looks inside the message, so nothing in it can stop it from being kept.

use super::numbers::{self, MailStep};
use super::route_mail::{ROUTE_MAIL, route_key};
use crate::app::{App, AppError, rights};
use crate::domain::access::{Actor, Role, Scope};
use crate::domain::ids::{MailId, of};
use crate::fault_points::reached;
use crate::store::jobs::{self, Job, NewJob};
use crate::store::mails::{self, DeliveryRow, KeptMail, MailRow, NewMail};
use chrono::{DateTime, Duration, Utc};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

/// Above this many bytes the hash is taken off the server's own threads.
const HASHED_ASIDE: usize = 256 * 1024;

/// Longer than an import takes from keeping a batch to having routed it.
pub(super) const IMPORT_LEASE: Duration = Duration::minutes(2);

/// A message as a door hands it in.
#[derive(Clone, Debug)]
pub struct Incoming {
    pub raw: Vec<u8>,
    /// The address of ours that received it.
    pub recipient: String,
    pub source: MailSource,
    /// When our mailbox received it; `None`: now. Never the Date header.
    pub received_at: Option<DateTime<Utc>>,
    /// The sender's address of the SMTP envelope (RFC 5321); empty: the null sender. `None`: the door does not say.
    pub envelope_from: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailSource {
    Http,
    Import,
    Pipe,
    Lmtp,
    /// Of the mailbox of this name.
    Imap(String),
}

impl MailSource {
    /// What kind of door it is.
    fn kind(&self) -> &'static str {
        match self {
            MailSource::Http => "http",
            MailSource::Import => "import",
            MailSource::Pipe => "pipe",
            MailSource::Lmtp => "lmtp",
            MailSource::Imap(_) => "imap",
        }
    }

    /// The door itself, as the settings may name it: of several of a kind by its name, `imap:office`.
    fn door(&self) -> String {
        match self {
            MailSource::Imap(mailbox) => format!("{}:{}", self.kind(), mailbox.to_lowercase()),
            MailSource::Http | MailSource::Import | MailSource::Pipe | MailSource::Lmtp => self.kind().to_owned(),
        }
    }
}

/// A message that is on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    pub id: MailId,
    /// The same bytes were there already: nothing was written but, where it is new, which address they came to.
    pub duplicate: bool,
}

/// Keeps one message. Keeping the same bytes again is a quiet success.
///
/// # Errors
/// `missing-scope` or `wrong-role`; `Invalid` for an empty message; `Store`, in which case nothing was kept.
pub async fn keep_mail(app: &App, actor: &Actor, incoming: Incoming) -> Result<Kept, AppError> {
    keep_delivery(app, actor, incoming, Vec::new()).await
}

/// Keeps one message that was delivered to several addresses of ours at once: the one it names, and `others`.
///
/// # Errors
/// As for one address.
pub async fn keep_delivery(
    app: &App,
    actor: &Actor,
    incoming: Incoming,
    others: Vec<String>,
) -> Result<Kept, AppError> {
    may_bring_mail(actor)?;
    if incoming.raw.is_empty() {
        return Err(AppError::invalid("", "There is no message in the body."));
    }
    let begun = Instant::now();
    let door = incoming.source.kind();
    let (mail, delivery) = sealed(app, incoming).await?;
    let (id, hash) = (MailId::from_uuid(mail.row.id), mail.row.sha256.clone());
    let delivered = delivery.and_others(others);
    let job = route_job(app, id);
    let kept = app.store.write(async move |tx| {
        if mails::keep(tx, mail).await? {
            jobs::enqueue(tx, vec![job]).await?;
            mails::add_deliveries(tx, rows_of(delivered, id)).await?;
            reached("mail.before_commit");
            return Ok(Kept { id, duplicate: false });
        }
        let known = mails::known(tx, vec![hash.clone()]).await?;
        let id = known.get(&hash).copied().unwrap_or(id);
        mails::add_deliveries(tx, rows_of(delivered, id)).await?;
        Ok::<_, AppError>(Kept { id, duplicate: true })
    });
    let kept = kept.await?;
    numbers::took(MailStep::Keeping, begun.elapsed());
    numbers::kept(door, kept.duplicate);
    reached("mail.committed_not_answered");
    Ok(kept)
}

/// Keeps many messages of an import in one transaction; the answers are in the order of the messages.
///
/// # Errors
/// As for one; then none of them was kept.
pub async fn keep_mails(app: &App, actor: &Actor, incoming: Vec<Incoming>) -> Result<Vec<Kept>, AppError> {
    Ok(keep_together(app, actor, incoming, Then::Queue).await?.0)
}

/// Messages that are kept and that this process routes now, and the jobs to do so, in the same order.
#[derive(Debug, Default)]
pub(super) struct InHand {
    pub(super) jobs: Vec<Job>,
    pub(super) mails: Vec<KeptMail>,
}

/// What becomes of messages when they are kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// Whichever worker comes first routes them.
    Queue,
    /// The caller routes the new ones at once; when it does not, a worker does after the lease.
    TakeInHand,
}

/// Keeps many messages in one transaction.
///
/// # Errors
/// As for one; then none of them was kept.
pub(super) async fn keep_together(
    app: &App,
    actor: &Actor,
    incoming: Vec<Incoming>,
    then: Then,
) -> Result<(Vec<Kept>, InHand), AppError> {
    may_bring_mail(actor)?;
    let begun = Instant::now();
    let doors: Vec<&'static str> = incoming.iter().map(|mail| mail.source.kind()).collect();
    let (mut sealed_mails, mut delivered) = (Vec::with_capacity(incoming.len()), Vec::with_capacity(incoming.len()));
    for mail in incoming {
        let (mail, delivery) = sealed(app, mail).await?;
        sealed_mails.push(mail);
        delivered.push(delivery);
    }
    let app_in = app.clone();
    let kept = app.store.write(async move |tx| {
        let hashes = sealed_mails.iter().map(|mail| mail.row.sha256.clone());
        let mut known = mails::known(tx, hashes.collect()).await?;
        let (answers, new) = sort_out(sealed_mails, &mut known);
        let deliveries = to_each_once(delivered, &answers);
        let jobs = new.iter().map(|mail| route_job(&app_in, MailId::from_uuid(mail.row.id))).collect();
        let in_hand = match then {
            Then::Queue => {
                jobs::enqueue(tx, jobs).await?;
                InHand::default()
            }
            Then::TakeInHand => InHand {
                jobs: jobs::enqueue_claimed(tx, jobs, app_in.now() + IMPORT_LEASE).await?,
                mails: new.iter().map(in_hand).collect(),
            },
        };
        mails::keep_many(tx, new).await?;
        mails::add_deliveries(tx, deliveries).await?;
        Ok::<_, AppError>((answers, in_hand))
    });
    let (answers, in_hand) = kept.await?;
    numbers::took(MailStep::Keeping, begun.elapsed());
    for (door, kept) in doors.into_iter().zip(&answers) {
        numbers::kept(door, kept.duplicate);
    }
    Ok((answers, in_hand))
}

fn in_hand(mail: &NewMail) -> KeptMail {
    KeptMail {
        id: mail.row.id,
        received_at: mail.row.received_at,
        recipient: mail.row.recipient.clone(),
        source: mail.row.source.clone(),
        raw: mail.raw.clone(),
    }
}

/// One arrival of a message at one of our addresses.
#[derive(Clone)]
struct Delivered {
    recipient: String,
    source: String,
    envelope_from: Option<String>,
    received_at: DateTime<Utc>,
}

fn address(text: &str) -> String {
    text.trim().to_lowercase().replace('\0', "")
}

impl Delivered {
    /// The same for each of these addresses, each once.
    fn and_others(self, others: Vec<String>) -> Vec<Self> {
        let mut recipients: BTreeSet<String> = others.iter().map(|other| address(other)).collect();
        recipients.remove(&self.recipient);
        let others: Vec<Self> = recipients.into_iter().map(|recipient| Self { recipient, ..self.clone() }).collect();
        [vec![self], others].concat()
    }

    fn of(self, mail: MailId) -> DeliveryRow {
        DeliveryRow {
            mail_id: mail.as_uuid(),
            recipient: self.recipient,
            source: self.source,
            envelope_from: self.envelope_from,
            received_at: self.received_at,
        }
    }
}

fn rows_of(delivered: Vec<Delivered>, mail: MailId) -> Vec<DeliveryRow> {
    delivered.into_iter().map(|delivered| delivered.of(mail)).collect()
}

/// A message that came to an address twice in one batch came to it once.
fn to_each_once(delivered: Vec<Delivered>, answers: &[Kept]) -> Vec<DeliveryRow> {
    let mut seen = BTreeSet::new();
    let rows = delivered.into_iter().zip(answers).map(|(delivered, kept)| delivered.of(kept.id));
    rows.filter(|row| seen.insert((row.mail_id, row.recipient.clone()))).collect()
}

/// Which messages are new; the same bytes twice in one batch are new once.
fn sort_out(mails: Vec<NewMail>, known: &mut BTreeMap<String, MailId>) -> (Vec<Kept>, Vec<NewMail>) {
    let (mut answers, mut new) = (Vec::with_capacity(mails.len()), Vec::with_capacity(mails.len()));
    for mail in mails {
        if let Some(id) = known.get(&mail.row.sha256) {
            answers.push(Kept { id: *id, duplicate: true });
            continue;
        }
        let id = MailId::from_uuid(mail.row.id);
        known.insert(mail.row.sha256.clone(), id);
        answers.push(Kept { id, duplicate: false });
        new.push(mail);
    }
    (answers, new)
}

fn may_bring_mail(actor: &Actor) -> Result<(), AppError> {
    rights::system_or_officer(actor, Scope::MailWrite, &[Role::PsdStaff, Role::PsdSupervisor, Role::Admin])
}

async fn sealed(app: &App, incoming: Incoming) -> Result<(NewMail, Delivered), AppError> {
    let now = app.now();
    let received_at = incoming.received_at.map_or(now, |received| received.min(now));
    let (raw, sha256) = if incoming.raw.len() > HASHED_ASIDE {
        let hashing = tokio::task::spawn_blocking(move || {
            let sha256 = hex::encode(Sha256::digest(&incoming.raw));
            (incoming.raw, sha256)
        });
        hashing.await.map_err(|error| AppError::broken("hashing a message", error))?
    } else {
        let sha256 = hex::encode(Sha256::digest(&incoming.raw));
        (incoming.raw, sha256)
    };
    let delivered = Delivered {
        recipient: address(&incoming.recipient),
        source: incoming.source.door(),
        envelope_from: incoming.envelope_from.as_deref().map(address),
        received_at,
    };
    let row = MailRow {
        id: app.ids.next::<of::Mail>(now).as_uuid(),
        sha256,
        size_bytes: i64::try_from(raw.len()).unwrap_or(i64::MAX),
        received_at,
        recipient: delivered.recipient.clone(),
        source: delivered.source.clone(),
        message_id: None,
    };
    Ok((NewMail { row, raw }, delivered))
}

fn route_job(app: &App, mail: MailId) -> NewJob {
    let now = app.now();
    NewJob {
        id: app.ids.next(now),
        kind: ROUTE_MAIL.to_owned(),
        payload: json!({ "mail": mail }),
        key: route_key(mail),
        run_at: now,
        created_at: now,
    }
}
