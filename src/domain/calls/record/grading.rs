//! Grades, and when one of them needs somebody to answer for it.

use crate::domain::access::ActorRef;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A grade of the register of call grading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grade {
    pub id: String,
    /// Nobody attends a call of this grade.
    pub no_attendance: bool,
}

/// What was found in a call, where somebody said so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flags {
    pub genuine: Option<bool>,
    pub crime: Option<bool>,
}

impl Flags {
    /// Whether somebody has to be sent unless a person answers for not doing so.
    pub fn is_raised(self) -> bool {
        self.genuine == Some(true) || self.crime == Some(true)
    }

    /// Whether both questions were answered.
    pub fn are_answered(self) -> bool {
        self.genuine.is_some() && self.crime.is_some()
    }

    /// Whether something is found here that was not found when `earlier` was.
    pub fn goes_beyond(self, earlier: Flags) -> bool {
        let more = |now: Option<bool>, then: Option<bool>| now == Some(true) && then != Some(true);
        more(self.genuine, earlier.genuine) || more(self.crime, earlier.crime)
    }
}

/// Who answers for a grade by which nobody attends though a crime or a genuine call for service was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Override {
    pub reason: String,
    /// Name and rank of whoever decides it.
    pub by: String,
}

/// The grade a call was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Graded {
    pub grade: String,
    pub no_attendance: bool,
    /// What had been found by then.
    pub knowing: Flags,
    #[serde(rename = "override")]
    pub overridden: Option<Override>,
    pub at: DateTime<Utc>,
    pub by: ActorRef,
}

impl Graded {
    /// Whether something was found since that the grade does not answer for.
    pub fn is_outdated(&self, flags: Flags) -> bool {
        self.no_attendance && flags.is_raised() && (self.overridden.is_none() || flags.goes_beyond(self.knowing))
    }
}

/// Whether a grade may only be given by overriding (policy 6.6, invariant 16).
pub fn needs_override(no_attendance: bool, flags: Flags) -> bool {
    no_attendance && flags.is_raised()
}
