//! What can happen to the record of a call. Events are kept for ever: fields are added, never renamed.

use super::{About, Breach, Override, Purpose, Reference, RequestKind, Thrive};
use crate::domain::access::ActorRef;
use crate::domain::ids::PersonId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One event with who and when, in the order of the record's history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallEvent {
    pub at: DateTime<Utc>,
    pub actor: ActorRef,
    pub what: Recorded,
}

/// JSON: `{"type":"graded","grade":"D",…}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Recorded {
    Begun {
        about: About,
        /// The call script and the response plan, as they read then.
        steps: Vec<String>,
    },
    Assessed {
        purpose: Purpose,
        category: Option<String>,
        genuine: Option<bool>,
        crime: Option<bool>,
        report_needed: Option<bool>,
        breach: Option<Breach>,
    },
    Identified {
        person: PersonId,
        reason: String,
        /// What was added to the script for it.
        steps: Vec<String>,
    },
    ThriveAnswered {
        answers: Thrive,
    },
    Graded {
        grade: String,
        no_attendance: bool,
        #[serde(rename = "override")]
        overridden: Option<Override>,
    },
    StepSettled {
        step: u32,
        done: bool,
        reason: Option<String>,
    },
    Referred {
        kind: Reference,
        reference: String,
    },
    Advised {
        who: String,
        given_at: DateTime<Utc>,
        advice: String,
    },
    Requested {
        kind: RequestKind,
        urgent: bool,
        why: String,
    },
    RequestFinished {
        number: u32,
    },
    Completed {},
    Amended {
        note: String,
        reason: String,
        genuine: bool,
        crime: bool,
    },
    TakenBack {
        reason: String,
    },
}

impl Recorded {
    /// The short name that feeds and audit pages show.
    pub fn kind(&self) -> &'static str {
        match self {
            Recorded::Begun { .. } => "begun",
            Recorded::Assessed { .. } => "assessed",
            Recorded::Identified { .. } => "identified",
            Recorded::ThriveAnswered { .. } => "thrive_answered",
            Recorded::Graded { .. } => "graded",
            Recorded::StepSettled { .. } => "step_settled",
            Recorded::Referred { .. } => "referred",
            Recorded::Advised { .. } => "advised",
            Recorded::Requested { .. } => "requested",
            Recorded::RequestFinished { .. } => "request_finished",
            Recorded::Completed {} => "completed",
            Recorded::Amended { .. } => "amended",
            Recorded::TakenBack { .. } => "taken_back",
        }
    }
}
