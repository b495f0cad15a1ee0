//! What policy is made of changes in files, by the process that approves it, and never in the program (R14). Who changed
//! a file cannot be known here; that it changed is kept, so that whoever audits sees from when another text counts.

use crate::app::{App, AppError, rights};
use crate::catalog::PolicyFile;
use crate::domain::access::{Actor, ActorRef};
use crate::store::events::{self, Append, Event, NewEvent, Stream};
use crate::store::register_texts;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The one stream of what policy is made of.
const POLICY: Uuid = Uuid::from_u128(0x706f_6c69_6379);
const CHANGED: &str = "policy_file_changed";

/// Kind and name of each file, with its content hash.
type Known = BTreeMap<(String, String), String>;

/// Keeps the texts of the registers, for the decisions that will name them by their hashes.
///
/// # Errors
/// What the store says.
pub async fn keep_registers(app: &App) -> Result<(), AppError> {
    let texts = app.catalog.registers().texts.clone();
    if register_texts::are_kept(app.store.reader(), &texts).await? {
        return Ok(());
    }
    let at = app.now();
    let kept = app.store.write(async move |tx| Ok::<_, AppError>(register_texts::keep(tx, &texts, at).await?));
    Ok(kept.await?)
}

/// What a named person decided, with the version of the policy they decided under.
pub(crate) fn under_the_policy(app: &App, actor: &Actor, data: Value) -> Value {
    let version = app.catalog.registers().in_force.policy.clone().filter(|_| actor.officer().is_some());
    match (data, version) {
        (Value::Object(mut fields), Some(version)) => {
            fields.insert("policyVersion".to_owned(), json!(version));
            Value::Object(fields)
        }
        (data, _) => data,
    }
}

/// Writes down which case types, registers and nomination rules differ from those of the last start, each with its old
/// and its new content hash. Answers how many.
///
/// # Errors
/// What the store says.
pub async fn record_changed_files(app: &App) -> Result<usize, AppError> {
    if changes(&events::load(app.store.reader(), POLICY).await?, &app.catalog.policy_files()).is_empty() {
        return Ok(0);
    }
    let inner = app.clone();
    let written = app.store.write(async move |tx| {
        crate::store::hold(tx, &[POLICY]).await?;
        // Another program may have started on the same files meanwhile.
        let history = events::load(tx, POLICY).await?;
        let changes = changes(&history, &inner.catalog.policy_files());
        let count = changes.len();
        let event = |data: Value| NewEvent {
            id: inner.new_id(),
            at: inner.now(),
            actor: ActorRef::Software,
            kind: CHANGED.to_owned(),
            data,
        };
        let expected_seq = history.last().map_or(0, |last| last.seq);
        let events = changes.into_iter().map(event).collect();
        events::append_many(tx, vec![Append { stream: Stream::Policy, stream_id: POLICY, expected_seq, events }])
            .await?;
        Ok::<_, AppError>(count)
    });
    Ok(written.await?)
}

/// A file that a start found changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ChangedFile {
    /// `case_type`, `register`, `nomination_rule`.
    pub file: String,
    pub name: String,
    /// Content hash before; `null` where the file is new.
    pub from: Option<String>,
    /// Content hash since; `null` where the file is gone.
    pub to: Option<String>,
    /// When a start found it.
    #[serde(default)]
    pub at: DateTime<Utc>,
}

/// Every change of a case type, a register or a nomination rule that a start found, the newest first.
///
/// # Errors
/// `named-person-required`: policy is shown to whoever signs in.
pub async fn list_changed_files(app: &App, actor: &Actor) -> Result<Vec<ChangedFile>, AppError> {
    rights::liaison(actor)?;
    let history = events::load(app.store.reader(), POLICY).await?;
    let read = |event: Event| {
        let changed: ChangedFile = serde_json::from_value(event.data).ok()?;
        Some(ChangedFile { at: event.at, ..changed })
    };
    Ok(history.into_iter().rev().filter_map(read).collect())
}

/// One entry for each file that is new, changed or gone since the history was written.
fn changes(history: &[Event], now: &[PolicyFile]) -> Vec<Value> {
    let mut known = known(history);
    let mut changes = Vec::new();
    for file in now {
        let earlier = known.remove(&(file.kind.to_owned(), file.name.clone()));
        if earlier.as_ref() != Some(&file.content_hash) {
            changes.push(json!({ "file": file.kind, "name": file.name, "from": earlier, "to": file.content_hash }));
        }
    }
    let gone = known
        .into_iter()
        .map(|((file, name), hash)| json!({ "file": file, "name": name, "from": hash, "to": Value::Null }));
    changes.extend(gone);
    changes
}

fn known(history: &[Event]) -> Known {
    let mut known = Known::new();
    for event in history.iter().filter(|event| event.kind == CHANGED) {
        let text = |name: &str| event.data.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let file = (text("file"), text("name"));
        match event.data.get("to").and_then(Value::as_str) {
            Some(hash) => known.insert(file, hash.to_owned()),
            None => known.remove(&file),
        };
    }
    known
}
