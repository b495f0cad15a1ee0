//! What a record is made of.

use crate::domain::access::ActorRef;
use crate::domain::contact::Channel;
use crate::domain::ids::{CallerId, CaseId, PersonId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Who is on the line, as far as the call taker knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct About {
    pub channel: Channel,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller: Option<CallerId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
}

/// Whether the call has a policing purpose (policy 1.2). There is no default: somebody finds it and says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    Policing,
    NoneApparent,
    NotYetClear,
}

impl Finding {
    pub const ALL: [Finding; 3] = [Finding::Policing, Finding::NoneApparent, Finding::NotYetClear];

    pub fn as_str(self) -> &'static str {
        match self {
            Finding::Policing => "policing",
            Finding::NoneApparent => "none_apparent",
            Finding::NotYetClear => "not_yet_clear",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Purpose {
    pub finding: Finding,
    pub reason: String,
}

/// The six answers of THRIVE. Each has words before the call is graded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Thrive {
    pub threat: String,
    pub harm: String,
    pub risk: String,
    pub investigation: String,
    pub vulnerability: String,
    pub engagement: String,
}

impl Thrive {
    /// Each answer with its name, in the order it is asked.
    pub fn answers(&self) -> [(&'static str, &str); 6] {
        [
            ("threat", &self.threat),
            ("harm", &self.harm),
            ("risk", &self.risk),
            ("investigation", &self.investigation),
            ("vulnerability", &self.vulnerability),
            ("engagement", &self.engagement),
        ]
    }
}

/// The order that the call may breach, and what was considered of the law on anti-social behaviour (policy 6.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Breach {
    #[schema(value_type = uuid::Uuid)]
    pub order_case_id: CaseId,
    pub legislation_considered: String,
}

/// A step of the call script or of the person's response plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    pub text: String,
    /// `None`: still to be done.
    pub settled: Option<Settled>,
}

impl Step {
    pub(super) fn to_do(text: String) -> Self {
        Self { text, settled: None }
    }
}

/// What became of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settled {
    pub done: bool,
    /// Why it was not done.
    pub reason: Option<String>,
    pub at: DateTime<Utc>,
    pub by: ActorRef,
}

/// Another system's record that this one names. It is never made or merged by us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// The CAD of this very call.
    Cad,
    /// The crime's record in Athena.
    Athena,
}

/// What NSFT First Response advised (policy 6.8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Advice {
    pub who: String,
    pub given_at: DateTime<Utc>,
    pub advice: String,
    pub by: ActorRef,
}

/// What the officer in the case asks of the control room (policy 6.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RequestKind {
    CallDownload,
    /// A witness statement.
    Mg11,
}

impl RequestKind {
    pub fn as_str(self) -> &'static str {
        match self {
            RequestKind::CallDownload => "call_download",
            RequestKind::Mg11 => "mg11",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// 1, 2, 3 … in the record.
    pub number: u32,
    pub kind: RequestKind,
    /// Urgent ones are done in the control room; the others go to the CCR Systems Support Team.
    pub urgent: bool,
    pub why: String,
    pub asked_at: DateTime<Utc>,
    pub done_at: Option<DateTime<Utc>>,
}

/// Why the record was begun by mistake, and who said so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TakenBack {
    pub reason: String,
    pub at: DateTime<Utc>,
    pub by: ActorRef,
}

/// What was added after the record was complete. Nothing that stood in it is changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Amendment {
    pub note: String,
    pub reason: String,
    pub at: DateTime<Utc>,
    pub by: ActorRef,
}
