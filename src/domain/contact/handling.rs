//! The seven questions a named person answers about every held or quarantined item before it can be closed.

use super::triage::Flag;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt, str::FromStr};

/// The questions are the triage flags, asked of a person.
pub type Question = Flag;

/// An answer to every one of the seven questions: building one is the proof that none was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TickList {
    /// The questions answered *yes*, in their order.
    ticked: Vec<Question>,
}

impl TickList {
    /// # Errors
    /// The questions without an answer, in their order.
    pub fn complete(answers: &BTreeMap<Question, bool>) -> Result<Self, TickListIncomplete> {
        let missing: Vec<Question> = Flag::ALL.into_iter().filter(|question| !answers.contains_key(question)).collect();
        if !missing.is_empty() {
            return Err(TickListIncomplete { missing });
        }
        let ticked = Flag::ALL.into_iter().filter(|question| answers.get(question) == Some(&true));
        Ok(Self { ticked: ticked.collect() })
    }

    pub fn ticked(&self) -> &[Question] {
        &self.ticked
    }

    /// What the answers set in motion.
    pub fn release(&self) -> Release {
        Release {
            queues: self.ticked.iter().map(|question| Queue::of(*question)).collect(),
            exempt: self.ticked.iter().any(|question| question.may_exempt()),
            // Recording a complaint that is made is a duty, whatever the limits say (PRA 2002 Sch 3).
            recording_task: self.ticked.contains(&Flag::Complaint),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} of the seven questions have no answer", missing.len())]
pub struct TickListIncomplete {
    pub missing: Vec<Question>,
}

/// What follows from a tick list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    pub queues: Vec<Queue>,
    /// The item leaves every limit: no breach, and it uses no allowance.
    pub exempt: bool,
    /// A complaint has to be recorded.
    pub recording_task: bool,
}

/// Who deals with a released item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Queue {
    Safeguarding,
    Complaints,
    Crime,
    InformationRights,
    Adjustments,
    StaffSafety,
    Correspondence,
}

impl Queue {
    pub const ALL: [Queue; 7] = [
        Queue::Safeguarding,
        Queue::Complaints,
        Queue::Crime,
        Queue::InformationRights,
        Queue::Adjustments,
        Queue::StaffSafety,
        Queue::Correspondence,
    ];

    pub fn of(question: Question) -> Self {
        match question {
            Flag::Risk => Queue::Safeguarding,
            Flag::Complaint => Queue::Complaints,
            Flag::Crime => Queue::Crime,
            Flag::RightsRequest => Queue::InformationRights,
            Flag::Adjustment => Queue::Adjustments,
            Flag::ThreatToStaff => Queue::StaffSafety,
            Flag::RequestedReply => Queue::Correspondence,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Queue::Safeguarding => "safeguarding",
            Queue::Complaints => "complaints",
            Queue::Crime => "crime",
            Queue::InformationRights => "information_rights",
            Queue::Adjustments => "adjustments",
            Queue::StaffSafety => "staff_safety",
            Queue::Correspondence => "correspondence",
        }
    }

    /// Whether what waits here waits for nobody: a life or a colleague may be at risk.
    pub fn is_urgent(self) -> bool {
        matches!(self, Queue::Safeguarding | Queue::StaffSafety)
    }
}

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a queue")]
pub struct UnknownQueue(pub String);

impl FromStr for Queue {
    type Err = UnknownQueue;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Queue::ALL.into_iter().find(|queue| queue.as_str() == text).ok_or_else(|| UnknownQueue(text.to_owned()))
    }
}

impl fmt::Display for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(ticked: &[Flag]) -> BTreeMap<Flag, bool> {
        Flag::ALL.into_iter().map(|flag| (flag, ticked.contains(&flag))).collect()
    }

    #[test]
    fn a_question_left_out_is_named() {
        let mut answers = answers(&[]);
        answers.remove(&Flag::Crime);
        assert_eq!(TickList::complete(&answers), Err(TickListIncomplete { missing: vec![Flag::Crime] }));
    }

    #[test]
    fn a_complaint_in_held_mail_opens_a_recording_task_and_takes_it_out_of_the_limits() {
        let release = TickList::complete(&answers(&[Flag::Complaint])).unwrap().release();
        assert_eq!(release, Release { queues: vec![Queue::Complaints], exempt: true, recording_task: true });
    }

    #[test]
    fn a_threat_to_staff_goes_to_staff_safety_and_stays_a_breach() {
        let release = TickList::complete(&answers(&[Flag::ThreatToStaff])).unwrap().release();
        assert_eq!(release, Release { queues: vec![Queue::StaffSafety], exempt: false, recording_task: false });
    }

    #[test]
    fn queues_read_back() {
        assert!(Queue::ALL.iter().all(|queue| queue.as_str().parse::<Queue>().is_ok_and(|read| read == *queue)));
    }

    #[test]
    fn seven_times_no_releases_nothing() {
        let release = TickList::complete(&answers(&[])).unwrap().release();
        assert_eq!(release, Release { queues: vec![], exempt: false, recording_task: false });
    }
}
