//! A month of repeat callers as its readers see it.

use crate::domain::calls::months::{Month, Span, SystemDays};
use crate::domain::ids::{CallerId, MonthCheckId, MonthSendingId, PersonId};
use crate::domain::marking::Marking;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// Who called how often, and what that rests on.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CallerMonth {
    #[schema(value_type = String, example = "2026-05")]
    pub month: Month,
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    pub marking: Marking,
    /// From how many calls on somebody is on it.
    pub at_least: u32,
    /// Which lines are counted: `999`, `101`.
    pub channels: Vec<String>,
    /// The areas from which somebody on it called at least once; none: the whole county.
    pub areas: BTreeSet<String>,
    pub individuals: Vec<MonthRow>,
    pub organisations: Vec<MonthRow>,
    /// Of whom no system said whether it is a person or an organisation.
    pub unknown: Vec<MonthRow>,
    pub coverage: MonthCoverage,
    /// Of the table as a file, with everybody on it: what was sent is the same where its hash is.
    pub content_sha256: String,
    /// By when an Operational Partnership Team has checked it.
    pub check_due: Option<NaiveDate>,
    pub checks: Vec<MonthCheckView>,
    pub checks_owed: Vec<OwedCheck>,
    pub sendings: Vec<MonthSendingView>,
}

impl CallerMonth {
    /// Everybody on it: individuals, organisations, and the rest.
    pub fn rows(&self) -> impl Iterator<Item = (&'static str, &MonthRow)> {
        let individuals = self.individuals.iter().map(|row| ("Individual", row));
        let organisations = self.organisations.iter().map(|row| ("Organisation", row));
        individuals.chain(organisations).chain(self.unknown.iter().map(|row| ("Not said", row)))
    }
}

/// One caller, or several of whom an officer said that they are one person.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MonthRow {
    pub caller_id: CallerId,
    pub number: Option<String>,
    pub name: Option<String>,
    pub location: Option<String>,
    /// Other callers who are the same person on file; their calls are in here.
    pub also: Vec<SameCaller>,
    /// From wherever: somebody is on the table by all their calls.
    pub calls: u64,
    /// Of these, those that came from the areas of the table; absent for the whole county.
    pub calls_in_areas: Option<u64>,
    /// By line, from wherever.
    pub by_channel: BTreeMap<String, u64>,
    pub first_at: DateTime<Utc>,
    pub last_at: DateTime<Utc>,
    /// Whether an officer said which person on file it is.
    pub on_file: bool,
    #[serde(skip)]
    pub person: Option<PersonId>,
}

impl MonthRow {
    /// Everybody whose calls are in it.
    pub fn callers(&self) -> impl Iterator<Item = CallerId> {
        std::iter::once(self.caller_id).chain(self.also.iter().map(|same| same.caller_id))
    }
}

/// Another number of the same person.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SameCaller {
    pub caller_id: CallerId,
    pub number: Option<String>,
}

/// What the figures hold and what they cannot (policy 6.9).
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MonthCoverage {
    #[schema(value_type = Vec<String>)]
    pub statement: Vec<&'static str>,
    pub systems: Vec<SystemDays>,
    pub files: Vec<MonthFile>,
    /// Days that are over and of which no system holds a call.
    pub days_without_any: Vec<Span>,
    /// Every counted call of the month from the areas of the table.
    pub calls: u64,
    /// Those of which nobody can tell who called.
    pub calls_without_caller: u64,
    /// Counted calls of the whole county whose place names no known area: by themselves they put nobody on an area's table.
    pub calls_without_area: u64,
}

/// A file whose calls reach into the month.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MonthFile {
    pub system: String,
    pub file_name: String,
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
}

/// That somebody looked through it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MonthCheckView {
    pub id: MonthCheckId,
    /// Absent: the whole county.
    pub area: Option<String>,
    pub found: String,
    pub checked_by: String,
    pub checked_at: DateTime<Utc>,
    /// Made after the day it was due.
    pub late: bool,
}

/// A check that nobody made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OwedCheck {
    /// Absent: the whole county.
    pub area: Option<String>,
    /// The day it was due is over.
    pub missed: bool,
}

/// What was sent to a unit, and what the unit did with it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MonthSendingView {
    pub id: MonthSendingId,
    #[schema(example = "2026-05")]
    pub month: String,
    /// `opt` or `snt`.
    pub team: String,
    /// Absent: the whole county.
    pub area: Option<String>,
    /// Absent where the reader is of an area, and neither of the unit nor who sends.
    pub note: Option<String>,
    /// How many were on it whom the reader is shown.
    pub callers: u64,
    pub content_sha256: String,
    pub sent_by: String,
    pub sent_at: DateTime<Utc>,
    pub receipt_by: Option<String>,
    pub receipt_at: Option<DateTime<Utc>>,
    /// Absent as the note is.
    pub action: Option<String>,
    pub action_by: Option<String>,
    pub action_at: Option<DateTime<Utc>>,
}
