//! Takes in a mailbox at rest: keeps every message in it, and waits for their routing if asked.
//!
//! Resumable by nature: what is kept already is counted as a duplicate and not written again.

use super::keep_mail::{InHand, Incoming, Kept, MailSource, Then, keep_together};
use super::route_mail::{route_in_hand, route_waiting};
use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::domain::ids::MailId;
use crate::mail::mailbox::{self, Found, Messages, Reading};
use crate::store::mails;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Messages kept in one transaction: large enough to share a commit, small enough not to hold up anybody's mail.
const AT_ONCE: usize = 200;
/// And no more bytes than this.
const BYTES_AT_ONCE: usize = 8 * 1024 * 1024;

/// What became of a mailbox. `read` = `kept` + `duplicate`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Imported {
    pub read: u64,
    pub kept: u64,
    pub duplicate: u64,
    /// Kept messages that are not well-formed; known once they are routed.
    pub defective: Option<u64>,
    /// Kept messages that reached a named state; with `--wait` all of them.
    pub routed: Option<u64>,
    pub attributed: Option<u64>,
    pub unattributed: Option<u64>,
    /// Files that are not messages.
    #[serde(skip)]
    pub passed: Vec<PathBuf>,
    /// Files that could not be read, with the reason.
    #[serde(skip)]
    pub unreadable: Vec<(PathBuf, String)>,
}

/// Whether to come back when the messages are kept, or when they are routed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    Kept,
    Routed,
}

/// Takes in everything under `path` as received by `recipient`; `progress` hears the number read so far.
///
/// # Errors
/// `Unreadable` path as `Broken`; `Store` where the database fails: what was counted so far is kept.
pub async fn import_mail(
    app: &App,
    actor: &Actor,
    path: &Path,
    (recipient, until): (&str, Until),
    mut progress: impl FnMut(u64),
) -> Result<Imported, AppError> {
    let messages = mailbox::messages(path).map_err(|error| AppError::broken("reading the mailbox", error))?;
    let (mut imported, mut kept) = (Imported::default(), Vec::new());
    let mut in_hand = InHand::default();
    let mut read = read_batch(messages).await?;
    while !read.found.is_empty() {
        imported.passed.append(&mut read.passed);
        imported.unreadable.append(&mut read.unreadable);
        let batch = read.found.into_iter().map(|found| incoming(found, recipient)).collect();
        let reading = read_batch(read.messages);
        // While one batch is being kept, the one before it is routed and the one after it is read.
        let before = std::mem::take(&mut in_hand);
        let keeping =
            keep_together(app, actor, batch, if until == Until::Kept { Then::Queue } else { Then::TakeInHand });
        let (keeping, routed, next) = tokio::join!(keeping, route_in_hand(app, before), reading);
        routed?;
        let (answers, fresh) = keeping?;
        in_hand = fresh;
        count(&mut imported, &mut kept, answers);
        progress(imported.read);
        read = next?;
    }
    imported.passed.append(&mut read.passed);
    imported.unreadable.append(&mut read.unreadable);
    if until == Until::Routed {
        route_in_hand(app, in_hand).await?;
        while route_waiting(app, AT_ONCE).await? > 0 {}
        settle(app, &mut imported, &kept).await?;
    }
    Ok(imported)
}

/// What was read of a mailbox in one go, and where it goes on.
struct Batch {
    messages: Messages,
    found: Vec<Found>,
    passed: Vec<PathBuf>,
    unreadable: Vec<(PathBuf, String)>,
}

/// Reads off the async threads: a mailbox may lie on a slow disk. Nothing found: it is at its end.
async fn read_batch(messages: Messages) -> Result<Batch, AppError> {
    let reading = tokio::task::spawn_blocking(move || {
        let mut batch = Batch { messages, found: Vec::new(), passed: Vec::new(), unreadable: Vec::new() };
        let mut bytes = 0;
        while batch.found.len() < AT_ONCE && bytes < BYTES_AT_ONCE {
            match batch.messages.next() {
                Some(Reading::Message(found)) => {
                    bytes += found.raw.len();
                    batch.found.push(found);
                }
                Some(Reading::Passed(path)) => batch.passed.push(path),
                Some(Reading::Unreadable(path, error)) => batch.unreadable.push((path, error.to_string())),
                None => break,
            }
        }
        batch
    });
    reading.await.map_err(|error| AppError::broken("reading the mailbox", error))
}

fn incoming(found: Found, recipient: &str) -> Incoming {
    Incoming {
        raw: found.raw,
        recipient: recipient.to_owned(),
        source: MailSource::Import,
        received_at: found.received_at,
        envelope_from: None,
    }
}

fn count(imported: &mut Imported, kept: &mut Vec<MailId>, answers: Vec<Kept>) {
    for answer in answers {
        imported.read += 1;
        if answer.duplicate {
            imported.duplicate += 1;
        } else {
            imported.kept += 1;
            kept.push(answer.id);
        }
    }
}

/// Looks up what became of the kept messages; waits for those that another worker has in hand.
async fn settle(app: &App, imported: &mut Imported, kept: &[MailId]) -> Result<(), AppError> {
    let (mut routed, mut attributed, mut unattributed, mut defective) = (0, 0, 0, 0);
    for chunk in kept.chunks(500) {
        let routes = loop {
            let routes = mails::newest_routes(app.store.reader(), chunk).await?;
            if routes.len() == chunk.len() {
                break routes;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            route_waiting(app, AT_ONCE).await?;
        };
        for route in routes.into_values() {
            routed += 1;
            attributed += u64::from(route.state == "routed");
            unattributed += u64::from(route.state == "unattributed");
            let defects = route.evidence.get("defects").and_then(serde_json::Value::as_array);
            defective += u64::from(defects.is_some_and(|defects| !defects.is_empty()));
        }
    }
    imported.routed = Some(routed);
    imported.attributed = Some(attributed);
    imported.unattributed = Some(unattributed);
    imported.defective = Some(defective);
    Ok(())
}
