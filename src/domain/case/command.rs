//! What somebody asks of a case, and what a decision may look at.

use crate::domain::calendar::WorkingCalendar;
use crate::domain::calendar::london::date_of;
use crate::domain::contact::Channel;
use crate::domain::ids::{CaseId, OfficerId};
use crate::domain::registers::{Areas, Enactment};
use crate::domain::workflow::scope::{ChildFacts, ParentFacts, PersonFacts, PolicyFacts, ReviewFacts};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use std::sync::Arc;

/// One action asked for.
#[derive(Clone, Debug)]
pub struct Command {
    pub action: String,
    /// The form's input; `null` counts as empty.
    pub input: Value,
    /// The hash of the content as the signer read it. Where given, it has to be the present one.
    pub content_hash: Option<String>,
    /// The case whose action makes this one happen, in the same person's name.
    pub through: Option<CaseId>,
}

impl Command {
    pub fn new(action: impl Into<String>, input: Value) -> Self {
        Self { action: action.into(), input, content_hash: None, through: None }
    }
}

/// What is known outside the case at the moment of deciding.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub person: PersonFacts,
    pub children: Vec<ChildFacts>,
    pub parent: Option<ParentFacts>,
    /// The delegations the actor holds, valid or not.
    pub delegations: Vec<Delegation>,
    /// For which points of contact the actor stands in, or once stood in.
    pub covers: Vec<Cover>,
    pub policy: PolicyFacts,
    pub calendar: Arc<WorkingCalendar>,
    /// The law that decisions cite, dated.
    pub legislation: Arc<[Enactment]>,
    /// The areas of the county, and whose each is.
    pub areas: Arc<Areas>,
    /// The person's contacts of late, for guards that count them.
    pub contacts: Vec<(DateTime<Utc>, Channel)>,
    /// Of the case a retention review is about.
    pub review: ReviewFacts,
}

/// One officer stands in for a single point of contact on their cases, in their own name; both days inclusive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    pub spoc: OfficerId,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub ended_at: Option<DateTime<Utc>>,
}

impl Cover {
    /// Whether it holds at `now`, on the London day `today`.
    pub fn valid(&self, now: DateTime<Utc>, today: NaiveDate) -> bool {
        self.from <= today && today <= self.to && self.ended_at.is_none_or(|ended| now < ended)
    }

    /// Whether it held on any day from `since` until `today`, both inclusive.
    pub fn held_since(&self, since: NaiveDate, today: NaiveDate) -> bool {
        let last = self.ended_at.map_or(self.to, |ended| self.to.min(date_of(ended)));
        self.from <= today && self.from <= last && last >= since
    }
}

/// The chief officer's function, delegated to one officer for a workflow and a time; both days inclusive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delegation {
    pub workflow: String,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub revoked_at: Option<DateTime<Utc>>,
}

impl Delegation {
    /// Whether it holds at `now`, on the London day `today`.
    pub fn valid(&self, now: DateTime<Utc>, today: NaiveDate) -> bool {
        self.from <= today && today <= self.to && self.revoked_at.is_none_or(|revoked| now < revoked)
    }
}
