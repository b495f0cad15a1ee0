//! The communication log of one message: every step in order, what was decided, by what evidence, by whom, and how long
//! it took. Put together from what each step wrote down itself; nothing is written for it.

use crate::domain::access::ActorRef;
use crate::domain::ids::Id;
use crate::store::events::Event;
use crate::store::jobs::Job;
use crate::store::mails::{DeliveryRow, MailRow, RouteRow};
use crate::store::tasks::TaskRow;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};

/// One step of a message.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LogEntry {
    pub at: DateTime<Utc>,
    /// Of mail in: `kept`, `delivered`, `waiting`, `read`, `kind`, `sender`, `thread`, `report`, `attribution`, `flags`,
    /// `verdict`, `place`, `quarantined`, then what people and the program did with its contact: `task_opened`,
    /// `task_done`, `acknowledged`, `not_acknowledged`, `attributed`, `triaged`, `handled`, … Of mail out: `queued`,
    /// `waits`, `begun`, `sent`, `failed`, `uncertain`, `given_up`, `cancelled`, `delivery_reported`.
    pub step: String,
    /// In a few words: `human`, `verified`, `over_frequency`.
    pub decision: String,
    pub evidence: Value,
    /// Who did it.
    pub by: Value,
    /// Measured, in microseconds; null where nothing was. Of `verdict` and `place`: of the whole batch it was in.
    pub duration_micros: Option<u64>,
}

/// Everything that is on record of a message.
pub(super) struct Record<'a> {
    pub(super) mail: &'a MailRow,
    pub(super) deliveries: &'a [DeliveryRow],
    /// Where it waits to be routed.
    pub(super) job: Option<&'a Job>,
    pub(super) routes: &'a [RouteRow],
    /// Of its contact.
    pub(super) events: &'a [Event],
    /// About its contact.
    pub(super) tasks: &'a [TaskRow],
}

/// All steps, the oldest first; of those at one time, in the order in which they follow from each other.
pub(super) fn log(record: &Record<'_>) -> Vec<LogEntry> {
    let mut entries = came(record.mail, record.deliveries);
    entries.extend(record.job.map(|job| waiting(record.mail, job)));
    entries.extend(record.routes.iter().flat_map(routed));
    entries.extend(record.tasks.iter().flat_map(asked));
    // How it was recorded is what its route says.
    entries.extend(record.events.iter().filter(|event| event.kind != "recorded").map(LogEntry::of_event));
    entries.sort_by_key(|entry| entry.at);
    entries
}

fn software() -> Value {
    json!(ActorRef::Software)
}

fn came(mail: &MailRow, deliveries: &[DeliveryRow]) -> Vec<LogEntry> {
    let kept = LogEntry {
        at: mail.received_at,
        step: "kept".to_owned(),
        decision: format!("by {}", mail.source),
        evidence: json!({ "sizeBytes": mail.size_bytes, "sha256": mail.sha256 }),
        by: software(),
        duration_micros: None,
    };
    let delivered = deliveries.iter().map(|delivery| LogEntry {
        at: delivery.received_at,
        step: "delivered".to_owned(),
        decision: match delivery.recipient.as_str() {
            "" => "to an address the door did not name".to_owned(),
            recipient => format!("to {recipient}"),
        },
        evidence: json!({ "door": delivery.source, "envelopeFrom": delivery.envelope_from }),
        by: software(),
        duration_micros: None,
    });
    std::iter::once(kept).chain(delivered).collect()
}

fn waiting(mail: &MailRow, job: &Job) -> LogEntry {
    LogEntry {
        at: job.created_at.max(mail.received_at),
        step: "waiting".to_owned(),
        decision: match job.attempts {
            0 => "to be routed".to_owned(),
            tried => format!("to be routed, tried {tried} times"),
        },
        evidence: json!({ "notBefore": job.run_at, "attempts": job.attempts, "reason": job.last_error }),
        by: software(),
        duration_micros: None,
    }
}

/// One pass of a message through routing, step by step.
fn routed(route: &RouteRow) -> Vec<LogEntry> {
    let found = |pointer: &str| route.evidence.pointer(pointer).cloned().unwrap_or_default();
    let entry = |step: &str, decision: String, evidence: Value, took: Option<u64>| LogEntry {
        at: route.at,
        step: step.to_owned(),
        decision,
        evidence,
        by: route.by.clone(),
        duration_micros: took,
    };
    if route.state == super::route_mail::QUARANTINED {
        return vec![entry("quarantined", words(&found("/reason")), route.evidence.clone(), None)];
    }
    let took = |step: &str| found(&format!("/took/{step}Micros")).as_u64();
    let given = |value: Value| Some(value).filter(|value| !value.is_null());
    let new_bytes = found("/words/newBytes").as_u64().unwrap_or_default();
    let read = json!({ "messageId": found("/messageId"), "words": found("/words"), "defects": found("/defects") });
    let mut entries = vec![
        entry("read", format!("{new_bytes} bytes of new words"), read, took("reading")),
        entry("kind", words(&found("/kind/is")), found("/kind"), None),
        entry("sender", words(&found("/sender/proof")), found("/sender"), None),
    ];
    if let Some(thread) = given(found("/thread")) {
        let lies =
            given(found("/case")).map_or_else(|| "with no case".to_owned(), |case| format!("with {}", words(&case)));
        entries.push(entry("thread", lies, thread, None));
    }
    if let Some(report) = given(found("/bounce")) {
        let outcome = given(found("/bounce/outcome")).unwrap_or_else(|| found("/bounce/nothingDoneBecause"));
        entries.push(entry("report", words(&outcome), report, None));
    }
    let place = json!({ "because": found("/placeBecause"), "notCountedBecause": found("/notCountedBecause") });
    entries.extend([
        entry("attribution", words(&found("/attribution/is")), found("/attribution"), None),
        entry("flags", flags(&found("/flags")), found("/flags"), None),
        entry("verdict", words(&found("/verdict/kinds")), found("/verdict"), took("deciding")),
        entry("place", words(&found("/place")), place, took("writing")),
    ]);
    entries
}

fn flags(raised: &Value) -> String {
    let names = raised.as_array().into_iter().flatten().filter_map(|flag| flag.get("flag")?.as_str());
    let names: Vec<&str> = names.collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

/// A short value as it is read: a name, or names with commas.
fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(words).collect::<Vec<_>>().join(", "),
        Value::Null => "none".to_owned(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

/// A task somebody was given because of the message, and its being done.
fn asked(task: &TaskRow) -> Vec<LogEntry> {
    let whom = json!({ "task": task.id, "kind": task.kind, "role": task.role, "officer": task.officer_id,
                       "dueAt": task.due_at });
    let entry = |at: DateTime<Utc>, step: &str, by: Value| LogEntry {
        at,
        step: step.to_owned(),
        decision: task.title.clone(),
        evidence: whom.clone(),
        by,
        duration_micros: None,
    };
    let done_by = task.done_by.map_or_else(software, |officer| json!(ActorRef::Officer(Id::from_uuid(officer))));
    let opened = entry(task.created_at, "task_opened", software());
    std::iter::once(opened).chain(task.done_at.map(|at| entry(at, "task_done", done_by))).collect()
}

impl LogEntry {
    /// What a stream of events says happened.
    pub(crate) fn of_event(event: &Event) -> Self {
        let said = ["because", "outcome", "reason", "words", "to"];
        let decision = said.iter().find_map(|name| event.data.get(*name)?.as_str());
        Self {
            at: event.at,
            step: event.kind.clone(),
            decision: decision.unwrap_or_default().to_owned(),
            evidence: event.data.clone(),
            by: json!(event.actor),
            duration_micros: event.data.get("micros").and_then(Value::as_u64),
        }
    }
}
