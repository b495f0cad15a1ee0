//! `registers/calls-programme.yaml`: the aims of the work with repeat callers, its partners and its meetings (R63, R77).

use serde::{Deserialize, Serialize};

/// The programme as it was approved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all(serialize = "camelCase"))]
pub struct Programme {
    pub version: String,
    /// How far the practice was evaluated: `untested`.
    pub evidence: String,
    /// What may be concluded, in words for the reader.
    pub evidence_says: String,
    pub working_practice: WorkingPractice,
    pub target_group: String,
    pub aims: Vec<Aim>,
    pub partners: Vec<Partner>,
    pub meetings: Vec<MeetingKind>,
}

/// How the work is done here, in the force's own words (R66).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkingPractice {
    /// `https://…`, or `local page`.
    pub address: String,
    pub says: String,
}

/// What is wanted, and by which counts it is followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aim {
    pub key: String,
    pub title: String,
    pub outcome: String,
    pub measures: Vec<Measure>,
}

/// A count that this program can make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Nominations of callers, by a rule or by hand; none that was withdrawn before anybody looked at it.
    Nominated,
    /// Of these, taken up or left with a reason.
    LookedAt,
    /// Of these, not looked at yet.
    Waiting,
    /// Cases that a person referred to a unit, ever.
    Referred,
    /// Cases that are with a unit now, their review due or not.
    WithUnit,
    /// Targeted victims who left the process.
    Diverted,
    Concluded,
    /// Cases that are open now.
    Open,
    /// Calls of those whose case was concluded, in the four weeks before they were referred.
    CallsBefore,
    /// The same in the four weeks after the conclusion.
    CallsAfter,
}

/// An agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partner {
    pub key: String,
    pub title: String,
}

/// A meeting that is held again and again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeetingKind {
    pub key: String,
    pub title: String,
    /// Keys of partners.
    pub with: Vec<String>,
    /// What is spoken of every time.
    pub agenda: Vec<String>,
    /// What is put on the agenda of what there is when one is planned; every open case where nothing is named.
    #[serde(default)]
    pub looks_at: Vec<AgendaPart>,
}

/// What a meeting looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgendaPart {
    /// Callers who were nominated and whom nobody has looked at.
    Nominations,
    /// Open cases whose caller called in the last 24 hours.
    CallsOfTheLastDay,
    /// Cases past the day their state should have been left.
    Overdue,
    /// Cases whose review is due.
    ReviewDue,
    /// Cases of whom nobody knows yet where they call from.
    AreaUnknown,
    /// Cases listed for the three services since they last met about them.
    Listed,
    /// Every open case.
    Open,
    /// How the files of calls came in.
    Identification,
    /// The last months: sent, received, checked.
    Months,
}

impl Programme {
    pub fn meeting(&self, key: &str) -> Option<&MeetingKind> {
        self.meetings.iter().find(|meeting| meeting.key == key)
    }

    pub fn partner(&self, key: &str) -> Option<&Partner> {
        self.partners.iter().find(|partner| partner.key == key)
    }
}

/// The programme.
///
/// # Errors
/// What is wrong with the file, with line and column; a meeting with a partner that is none.
pub fn calls_programme(text: &str) -> Result<Programme, String> {
    let programme: Programme = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
    for meeting in &programme.meetings {
        if let Some(odd) = meeting.with.iter().find(|key| programme.partner(key).is_none()) {
            return Err(format!("“{}” is held with `{odd}`, which is no partner", meeting.title));
        }
    }
    Ok(programme)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../workflows/registers/calls-programme.yaml");

    #[test]
    fn the_shipped_programme_has_the_aims_meetings_and_the_label_of_the_practice() {
        let programme = calls_programme(SHIPPED).unwrap();
        let aims: Vec<&str> = programme.aims.iter().map(|aim| aim.key.as_str()).collect();
        assert_eq!(aims, ["identify", "safeguard", "reduce"]);
        assert_eq!(programme.evidence, "untested");
        for kind in ["morning", "monthly", "three_service"] {
            let meeting = programme.meeting(kind).unwrap();
            assert!(!meeting.agenda.is_empty() && !meeting.looks_at.is_empty(), "{kind}");
        }
        assert!(programme.working_practice.says.contains("999 and 101 are answered"));
    }

    #[test]
    fn a_meeting_with_a_partner_that_is_none_is_a_fault() {
        assert!(calls_programme(&SHIPPED.replace("with: [police, csp]", "with: [police, nobody]")).is_err());
    }
}
