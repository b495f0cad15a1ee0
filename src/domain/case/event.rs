//! What can happen to a case. Events are kept for ever: fields are added, never renamed.

use crate::domain::{
    access::ActorRef,
    ids::{CaseId, OfficerId, PersonId},
    marking::Marking,
    registers::VersionsInForce,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

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
        /// The marking it opened with; absent where it was the lowest.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        marking: Option<Marking>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        policy_version: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        legislation_version: Option<String>,
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        registers: BTreeMap<String, String>,
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
        /// The version of the register of legislation in force.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        legislation_version: Option<String>,
        /// Content hashes of the registers in force, by name: under which their texts are kept.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        registers: BTreeMap<String, String>,
    },
    /// A clock struck.
    Struck { from: String, to: String },
    /// A guard could not be evaluated; the action was refused.
    GuardFailed { action: String, guard: String, reason: String },
    /// The case goes on under another version of its case type.
    Migrated { workflow_version: u32, content_hash: String, from: String, to: String, data: Value, reason: String },
    /// The case now follows a merged or restored person.
    PersonLinked { person: Option<PersonId>, reason: String },
    /// The protective marking was raised, or lowered by somebody who may.
    Marked { marking: Marking, reason: String },
    /// Somebody who does not see the case broke the glass to read it until then.
    LookedInto { reason: String, until: DateTime<Utc> },
    /// A retention review disposed of a case: these events, and no others, have lost what they said.
    Disposed { case: CaseId, streams: Vec<DisposedStream> },
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
            Happening::Marked { .. } => "marked",
            Happening::LookedInto { .. } => "looked_into",
            Happening::Disposed { .. } => "disposed",
        }
    }

    /// The same, with what was in force when somebody opened the case or acted on it.
    pub fn under(mut self, in_force: &VersionsInForce) -> Self {
        match &mut self {
            Happening::Opened { policy_version, legislation_version, registers, .. }
            | Happening::Acted { policy_version, legislation_version, registers, .. } => {
                policy_version.clone_from(&in_force.policy);
                legislation_version.clone_from(&in_force.legislation);
                registers.clone_from(&in_force.registers);
            }
            Happening::Struck { .. }
            | Happening::GuardFailed { .. }
            | Happening::Migrated { .. }
            | Happening::PersonLinked { .. }
            | Happening::Marked { .. }
            | Happening::LookedInto { .. }
            | Happening::Disposed { .. } => {}
        }
        self
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

/// Events of one stream that have lost what they said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DisposedStream {
    /// `case`, `person`, `contact`, …
    pub stream: String,
    pub id: uuid::Uuid,
    pub events: Vec<DisposedEvent>,
}

/// One event that has lost what it said, but not that it happened, when, and by whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisposedEvent {
    pub seq: i64,
    /// Its hash over what it said: what the next event and the seals know it by.
    pub hash: String,
    /// The hash over what is left of it.
    pub left: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_event_from_before_registers_were_kept_is_written_as_it_always_was() {
        let acted = json!({ "type": "acted", "action": "submit", "from": "draft", "to": "submitted", "input": {},
                            "policyVersion": "2" });
        let opened = json!({ "type": "opened", "workflow": "consultation", "workflowVersion": 1, "contentHash": "c",
                             "state": "asked", "data": {} });
        for written in [acted, opened] {
            let read: Happening = serde_json::from_value(written.clone()).unwrap();
            assert_eq!(json!(read), written);
        }
    }

    #[test]
    fn what_somebody_does_is_kept_with_what_was_in_force_and_what_a_clock_does_is_not() {
        let in_force = VersionsInForce {
            policy: Some("2".to_owned()),
            legislation: Some("7".to_owned()),
            registers: BTreeMap::from([("legislation".to_owned(), "abc".to_owned())]),
        };
        let acted: Happening = serde_json::from_value(json!({
            "type": "acted", "action": "submit", "from": "draft", "to": "submitted", "input": {} }))
        .unwrap();
        let written = json!(acted.under(&in_force));
        assert_eq!(written["policyVersion"], "2");
        assert_eq!(
            (&written["legislationVersion"], &written["registers"]["legislation"]),
            (&json!("7"), &json!("abc"))
        );
        let struck = Happening::Struck { from: "a".to_owned(), to: "b".to_owned() };
        assert_eq!(struck.clone().under(&in_force), struck);
    }
}
