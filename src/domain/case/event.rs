//! What can happen to a case. Events are kept for ever: fields are added, never renamed.

use crate::domain::{
    access::ActorRef,
    ids::{CaseId, OfficerId, PersonId},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One event with who and when, in the order of the case's history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseEvent {
    pub at: DateTime<Utc>,
    pub actor: ActorRef,
    pub what: Happening,
}

/// JSON: `{"type":"acted","action":"submit",…}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Happening {
    Opened {
        workflow: String,
        workflow_version: u32,
        content_hash: String,
        state: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<PersonId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parent: Option<CaseId>,
        data: Value,
    },
    Acted {
        action: String,
        from: String,
        to: String,
        input: Value,
        /// Where the input is kept: `None` at the top level, `x` at `data.x`, `x[]` appended to `data.x`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        into: Option<String>,
        /// The content's hash, where the action signs it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signed: Option<String>,
        /// The case whose action made this one happen, in the same person's name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        through: Option<CaseId>,
        /// The version of the policy in force.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        policy_version: Option<String>,
        /// What it did to the deadline of the state.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        clock: Option<ClockChange>,
    },
    /// A clock struck.
    Struck { from: String, to: String },
    /// A guard could not be evaluated; the action was refused.
    GuardFailed { action: String, guard: String, reason: String },
    /// The case goes on under another version of its case type.
    Migrated { workflow_version: u32, content_hash: String, from: String, to: String, data: Value, reason: String },
    /// The case now follows a merged or restored person.
    PersonLinked { person: Option<PersonId>, reason: String },
}

impl Happening {
    /// The short name that feeds and audit pages show.
    pub fn kind(&self) -> &'static str {
        match self {
            Happening::Opened { .. } => "opened",
            Happening::Acted { .. } => "acted",
            Happening::Struck { .. } => "struck",
            Happening::GuardFailed { .. } => "guard_failed",
            Happening::Migrated { .. } => "migrated",
            Happening::PersonLinked { .. } => "person_linked",
        }
    }
}

/// The deadline of a state stands, or goes on. JSON: `{"paused":{"until":"2026-07-01"}}`, `"resumed"`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockChange {
    /// Until the start of this day in London.
    Paused {
        until: NaiveDate,
    },
    Resumed,
}

/// A signature of the content by a named officer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Signature {
    pub by: OfficerId,
    pub at: DateTime<Utc>,
    pub content_hash: String,
}
