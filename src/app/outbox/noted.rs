//! What happened to a mail of ours, in its row as it stands and in its history as it came.

use crate::app::{App, AppError};
use crate::domain::access::ActorRef;
use crate::domain::ids::OutgoingId;
use crate::store::Tx;
use crate::store::events::{self, NewEvent, Stream};
use crate::store::outgoing::{self, Attempt, OutgoingRow};
use serde_json::{Value, json};
use std::time::Duration;

/// Writes down what happened to the mail. `took`: how long the attempt was, where there was one.
///
/// # Errors
/// What the store says.
pub(super) async fn note(
    app: &App,
    tx: &Tx,
    id: OutgoingId,
    (attempt, took): (Attempt, Option<Duration>),
) -> Result<(), AppError> {
    let told = told(&attempt, took);
    outgoing::note(tx, id, attempt).await?;
    tell(app, tx, id, (ActorRef::Software, told)).await
}

/// It waits; its history says so once for each reason, however often it is looked at.
///
/// # Errors
/// What the store says.
pub(super) async fn note_waiting(app: &App, tx: &Tx, mail: &OutgoingRow, attempt: Attempt) -> Result<(), AppError> {
    let id = OutgoingId::from_uuid(mail.id);
    if let Attempt::Waits { because, .. } = &attempt
        && mail.waits_because.as_deref() == Some(*because)
    {
        return Ok(outgoing::note(tx, id, attempt).await?);
    }
    note(app, tx, id, (attempt, None)).await
}

/// One more event of a mail.
///
/// # Errors
/// What the store says.
pub(super) async fn tell(
    app: &App,
    tx: &Tx,
    id: OutgoingId,
    (actor, (kind, data)): (ActorRef, (&str, Value)),
) -> Result<(), AppError> {
    let event = NewEvent { id: app.new_id(), at: app.now(), actor, kind: kind.to_owned(), data };
    events::append_next(tx, vec![(Stream::Outgoing, id.as_uuid(), vec![event])]).await?;
    Ok(())
}

fn told(attempt: &Attempt, took: Option<Duration>) -> (&'static str, Value) {
    let micros = took.map(|took| u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    match attempt {
        Attempt::Begun { .. } => ("begun", json!({})),
        Attempt::Waits { until, because } => ("waits", json!({ "because": because, "until": until })),
        Attempt::Cancelled => ("cancelled", json!({})),
        Attempt::Sent { .. } => ("sent", json!({ "micros": micros })),
        Attempt::Failed { words } => ("failed", json!({ "words": words, "micros": micros })),
        Attempt::Uncertain { words } => ("uncertain", json!({ "words": words, "micros": micros })),
        Attempt::Dead { words } => ("given_up", json!({ "words": words, "micros": micros })),
    }
}
