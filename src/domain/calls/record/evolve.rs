//! A record as its events add up to it.

use super::{
    About, Advice, Amendment, Breach, CallEvent, Flags, Graded, Purpose, Recorded, Reference, Request, Settled, Step,
    TakenBack, Thrive,
};
use crate::domain::access::ActorRef;
use crate::domain::ids::CallId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecordState {
    Open,
    Complete,
    /// Begun by mistake. It stays on the record, and nothing is added to it.
    TakenBack,
}

impl RecordState {
    pub const fn as_str(self) -> &'static str {
        match self {
            RecordState::Open => "open",
            RecordState::Complete => "complete",
            RecordState::TakenBack => "taken_back",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallRecord {
    pub id: CallId,
    pub state: RecordState,
    /// How many events it has.
    pub version: i64,
    pub about: About,
    pub begun_by: ActorRef,
    pub begun_at: DateTime<Utc>,
    pub purpose: Option<Purpose>,
    pub category: Option<String>,
    pub flags: Flags,
    pub report_needed: Option<bool>,
    pub breach: Option<Breach>,
    pub thrive: Option<Thrive>,
    pub graded: Option<Graded>,
    pub steps: Vec<Step>,
    pub cad_reference: Option<String>,
    pub athena_reference: Option<String>,
    pub advice: Vec<Advice>,
    pub requests: Vec<Request>,
    pub completed_at: Option<DateTime<Utc>>,
    pub amendments: Vec<Amendment>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_back: Option<TakenBack>,
}

impl CallRecord {
    /// The record these events amount to; `None` where they do not begin with its beginning.
    pub fn replay(id: CallId, events: &[CallEvent]) -> Option<Self> {
        let (first, rest) = events.split_first()?;
        let mut record = Self::begun(id, first)?;
        rest.iter().for_each(|event| record.apply(event));
        Some(record)
    }

    /// Whether the grade does not answer for what was found since it was given.
    pub fn needs_grading(&self) -> bool {
        let outdated = self.graded.as_ref().is_some_and(|graded| graded.is_outdated(self.flags));
        outdated && self.state != RecordState::TakenBack
    }

    /// The CAD that is this call's and no other's; one that was taken back leaves it to the call it is of.
    pub fn holds_cad(&self) -> Option<&str> {
        self.cad_reference.as_deref().filter(|_| self.state != RecordState::TakenBack)
    }

    fn begun(id: CallId, event: &CallEvent) -> Option<Self> {
        let Recorded::Begun { about, steps } = &event.what else { return None };
        Some(Self {
            id,
            state: RecordState::Open,
            version: 1,
            about: *about,
            begun_by: event.actor,
            begun_at: event.at,
            purpose: None,
            category: None,
            flags: Flags::default(),
            report_needed: None,
            breach: None,
            thrive: None,
            graded: None,
            steps: steps.iter().cloned().map(Step::to_do).collect(),
            cad_reference: None,
            athena_reference: None,
            advice: Vec::new(),
            requests: Vec::new(),
            completed_at: None,
            amendments: Vec::new(),
            taken_back: None,
        })
    }

    /// Adds what happened.
    pub fn apply(&mut self, event: &CallEvent) {
        self.version += 1;
        match event.what.clone() {
            Recorded::Begun { .. } => {}
            Recorded::Assessed { purpose, category, genuine, crime, report_needed, breach } => {
                self.purpose = Some(purpose);
                self.category = category;
                self.flags = Flags { genuine, crime };
                self.report_needed = report_needed;
                self.breach = breach;
            }
            Recorded::Identified { person, steps, .. } => {
                self.about.person = Some(person);
                self.steps.extend(steps.into_iter().map(Step::to_do));
            }
            Recorded::ThriveAnswered { answers } => self.thrive = Some(answers),
            Recorded::Graded { grade, no_attendance, overridden } => {
                let (knowing, at, by) = (self.flags, event.at, event.actor);
                self.graded = Some(Graded { grade, no_attendance, knowing, overridden, at, by });
            }
            Recorded::StepSettled { step, done, reason } => {
                if let Some(step) = self.step_mut(step) {
                    step.settled = Some(Settled { done, reason, at: event.at, by: event.actor });
                }
            }
            Recorded::Referred { kind: Reference::Cad, reference } => self.cad_reference = Some(reference),
            Recorded::Referred { kind: Reference::Athena, reference } => self.athena_reference = Some(reference),
            Recorded::Advised { who, given_at, advice } => {
                self.advice.push(Advice { who, given_at, advice, by: event.actor });
            }
            Recorded::Requested { kind, urgent, why } => {
                let number = u32::try_from(self.requests.len() + 1).unwrap_or(u32::MAX);
                self.requests.push(Request { number, kind, urgent, why, asked_at: event.at, done_at: None });
            }
            Recorded::RequestFinished { number } => {
                if let Some(request) = self.requests.iter_mut().find(|request| request.number == number) {
                    request.done_at = Some(event.at);
                }
            }
            Recorded::Completed {} => {
                self.state = RecordState::Complete;
                self.completed_at = Some(event.at);
            }
            Recorded::Amended { note, reason, genuine, crime } => self.amended(event, (note, reason), (genuine, crime)),
            Recorded::TakenBack { reason } => {
                self.state = RecordState::TakenBack;
                self.taken_back = Some(TakenBack { reason, at: event.at, by: event.actor });
            }
        }
    }

    fn step_mut(&mut self, number: u32) -> Option<&mut Step> {
        let at = usize::try_from(number).ok()?.checked_sub(1)?;
        self.steps.get_mut(at)
    }

    /// What is found after the end opens the record again where the grade does not answer for it.
    fn amended(&mut self, event: &CallEvent, (note, reason): (String, String), (genuine, crime): (bool, bool)) {
        self.amendments.push(Amendment { note, reason, at: event.at, by: event.actor });
        if genuine {
            self.flags.genuine = Some(true);
            // What it was put down as, as a call that is not genuine, it is not.
            self.category = None;
        }
        if crime {
            self.flags.crime = Some(true);
        }
        if self.needs_grading() {
            self.state = RecordState::Open;
            self.completed_at = None;
        }
    }
}
