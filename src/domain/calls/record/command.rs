//! What somebody asks of the record of a call.

use super::{Breach, Grade, Override, Purpose, Reference, RequestKind, Thrive};
use crate::domain::ids::PersonId;
use chrono::{DateTime, Utc};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// What the call is for, and what was found in it.
    Assess(Assessment),
    /// The six answers, as they stand now.
    Thrive(Thrive),
    /// Who it turned out to be, on file; with what is to be gone through on a call of theirs.
    Identify {
        person: PersonId,
        reason: String,
        steps: Vec<String>,
    },
    Grade {
        grade: Grade,
        overridden: Option<Override>,
    },
    /// A step of the script was done, or was not and why; steps are numbered 1, 2, 3 ….
    SettleStep {
        step: u32,
        done: bool,
        reason: Option<String>,
    },
    Refer {
        kind: Reference,
        reference: String,
    },
    Advise {
        who: String,
        given_at: DateTime<Utc>,
        advice: String,
    },
    Request {
        kind: RequestKind,
        urgent: bool,
        why: String,
    },
    FinishRequest {
        number: u32,
    },
    Complete,
    /// Adds to a complete record. What is found now may open it again, so that it is graded anew.
    Amend {
        note: String,
        reason: String,
        genuine: bool,
        crime: bool,
    },
    /// It was begun by mistake: there was no such call, or it was another's.
    TakeBack {
        reason: String,
    },
}

/// What the call taker makes of the call. A question that cannot be answered yet is left open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    pub purpose: Purpose,
    /// An id of the register of call categories, for a call that is not genuine.
    pub category: Option<String>,
    pub genuine: Option<bool>,
    pub crime: Option<bool>,
    /// Whether NSIR or NCRS require a report (policy 6.4).
    pub report_needed: Option<bool>,
    pub breach: Option<Breach>,
}
