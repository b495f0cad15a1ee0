//! The types of events that webhooks tell, which steps make them, and which scopes a system needs to be told.

use crate::domain::access::Scope;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// What another system may ask to be told of. Types are kept for ever: a new meaning is a new version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventType {
    NominationMade,
    ReferralMade,
    ConsultationRequested,
    ConsultationAnswered,
    StrategyApproved,
    DecisionRecorded,
    ContactRecorded,
}

/// Opening a case of this kind tells that.
const OPENINGS: [(&str, EventType); 1] = [("consultation", EventType::ConsultationRequested)];

/// This step of a case of this kind tells that.
const STEPS: [(&str, &str, EventType); 4] = [
    ("consultation", "answer", EventType::ConsultationAnswered),
    ("communications-strategy", "approve", EventType::StrategyApproved),
    ("vulnerable-repeat-caller", "refer", EventType::ReferralMade),
    ("vulnerable-repeat-caller", "change_unit", EventType::ReferralMade),
];

/// Where the data of a case say whose area it lies in.
const AREAS: [&str; 4] = ["/referral/area", "/referral/unit", "/area", "/unit"];

/// Where a case's data say in which area of the county it lies.
const OF_COUNTY: [&str; 2] = ["/referral/area", "/area"];

impl EventType {
    pub const ALL: [EventType; 7] = [
        EventType::NominationMade,
        EventType::ReferralMade,
        EventType::ConsultationRequested,
        EventType::ConsultationAnswered,
        EventType::StrategyApproved,
        EventType::DecisionRecorded,
        EventType::ContactRecorded,
    ];

    /// The `type` of its CloudEvents.
    pub fn as_str(self) -> &'static str {
        match self {
            EventType::NominationMade => "psd.nomination.made.v1",
            EventType::ReferralMade => "psd.referral.made.v1",
            EventType::ConsultationRequested => "psd.consultation.requested.v1",
            EventType::ConsultationAnswered => "psd.consultation.answered.v1",
            EventType::StrategyApproved => "psd.strategy.approved.v1",
            EventType::DecisionRecorded => "psd.decision.recorded.v1",
            EventType::ContactRecorded => "psd.contact.recorded.v1",
        }
    }

    /// What happened, for people.
    pub fn title(self) -> &'static str {
        match self {
            EventType::NominationMade => "Somebody was nominated",
            EventType::ReferralMade => "A caller was referred to a unit",
            EventType::ConsultationRequested => "A unit was asked for its view",
            EventType::ConsultationAnswered => "A unit answered",
            EventType::StrategyApproved => "A strategy was signed",
            EventType::DecisionRecorded => "The meeting decided on somebody",
            EventType::ContactRecorded => "A contact was recorded",
        }
    }

    /// The scopes of which a system needs one to be told.
    pub fn scopes(self) -> &'static [Scope] {
        match self {
            EventType::NominationMade => &[Scope::NominationsRead],
            EventType::ReferralMade => &[Scope::ReferralsRead],
            EventType::ConsultationRequested | EventType::ConsultationAnswered => {
                &[Scope::OfficersAct, Scope::OfficersActInFull]
            }
            EventType::StrategyApproved | EventType::DecisionRecorded => &[Scope::ChangesRead],
            EventType::ContactRecorded => &[Scope::ContactsRead],
        }
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a type of event")]
pub struct UnknownEventType(pub String);

impl FromStr for EventType {
    type Err = UnknownEventType;

    fn from_str(text: &str) -> Result<Self, UnknownEventType> {
        let known = EventType::ALL.into_iter().find(|event_type| event_type.as_str() == text);
        known.ok_or_else(|| UnknownEventType(text.to_owned()))
    }
}

/// What the opening of a case of this kind tells, if anything.
pub fn of_opening(workflow: &str) -> Option<EventType> {
    OPENINGS.iter().find(|(opened, _)| *opened == workflow).map(|(_, event_type)| *event_type)
}

/// What a step of a case of this kind tells, if anything.
pub fn of_step(workflow: &str, action: &str) -> Option<EventType> {
    let told = STEPS.iter().find(|(of, taken, _)| *of == workflow && *taken == action);
    told.map(|(_, _, event_type)| *event_type)
}

/// Whether a step of this name tells something in some kind of case.
pub fn is_told_of_some(action: &str) -> bool {
    STEPS.iter().any(|(_, taken, _)| *taken == action)
}

/// Whether a receiver for these areas is told of a case with these data: of every one that lies in no area, and of those
/// in an area of its own. A receiver without areas is told of all.
pub fn concerns(areas: &[String], data: &Value) -> bool {
    let mut of_case = AREAS.iter().filter_map(|at| data.pointer(at)).filter_map(Value::as_str).peekable();
    areas.is_empty() || of_case.peek().is_none() || of_case.any(|area| areas.iter().any(|own| own == area))
}

/// Whether a system of these areas may be told of a case with these data: of every one that lies in no area, and of those
/// in one of its own. A system without areas is the whole county's.
pub fn is_within(areas: &BTreeSet<String>, data: &Value) -> bool {
    let mut of_case = OF_COUNTY.iter().filter_map(|at| data.pointer(at)).filter_map(Value::as_str).peekable();
    areas.is_empty() || of_case.peek().is_none() || of_case.any(|area| areas.contains(area))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_type_is_written_and_read_the_same() {
        for event_type in EventType::ALL {
            assert_eq!(event_type.as_str().parse::<EventType>().unwrap(), event_type);
            assert!(!event_type.scopes().is_empty(), "{event_type} is told to anybody");
        }
        assert!("psd.consultation.answered".parse::<EventType>().is_err());
    }

    #[test]
    fn the_steps_that_others_wait_for_are_told_and_no_others() {
        assert_eq!(of_opening("consultation"), Some(EventType::ConsultationRequested));
        assert_eq!(of_opening("communications-strategy"), None);
        assert_eq!(of_step("consultation", "answer"), Some(EventType::ConsultationAnswered));
        assert_eq!(of_step("vulnerable-repeat-caller", "refer"), Some(EventType::ReferralMade));
        assert_eq!(of_step("vulnerable-repeat-caller", "change_unit"), Some(EventType::ReferralMade));
        assert_eq!(of_step("warning", "approve"), None);
    }

    #[test]
    fn a_receiver_with_areas_is_told_of_its_own_and_of_what_lies_in_none() {
        let areas = |areas: &[&str]| areas.iter().map(|area| (*area).to_owned()).collect::<Vec<_>>();
        let referred = json!({ "referral": { "area": "north", "unit": "snt-3" } });
        assert!(concerns(&areas(&[]), &referred));
        assert!(concerns(&areas(&["south", "north"]), &referred));
        assert!(concerns(&areas(&["snt-3"]), &referred));
        assert!(!concerns(&areas(&["south"]), &referred));
        assert!(!concerns(&areas(&["opt"]), &json!({ "unit": "snt" })));
        assert!(concerns(&areas(&["south"]), &json!({ "reason": "north" })));
    }

    #[test]
    fn a_system_of_some_areas_is_within_them_whatever_the_unit() {
        let east = BTreeSet::from(["east".to_owned()]);
        assert!(!is_within(&east, &json!({ "referral": { "area": "north", "unit": "snt" } })));
        assert!(is_within(&east, &json!({ "referral": { "area": "east", "unit": "snt" } })));
        assert!(is_within(&east, &json!({ "unit": "snt" })), "it lies in no area");
        assert!(is_within(&BTreeSet::new(), &json!({ "area": "north" })));
    }
}
