//! What is known of a person's characteristics for equality monitoring (policy 3.2): for reports, and for nothing else.
//!
//! Nothing that decides, measures, attributes or shows a case looks here; `tests/architecture.rs` holds that.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A characteristic that is recorded. Age is not: it is computed from the date of birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Characteristic {
    Disability,
    GenderReassignment,
    MarriageOrCivilPartnership,
    PregnancyOrMaternity,
    Race,
    ReligionOrBelief,
    Sex,
    SexualOrientation,
    EconomicStatus,
    FamilyStatus,
}

impl Characteristic {
    pub const ALL: [Characteristic; 10] = [
        Characteristic::Disability,
        Characteristic::GenderReassignment,
        Characteristic::MarriageOrCivilPartnership,
        Characteristic::PregnancyOrMaternity,
        Characteristic::Race,
        Characteristic::ReligionOrBelief,
        Characteristic::Sex,
        Characteristic::SexualOrientation,
        Characteristic::EconomicStatus,
        Characteristic::FamilyStatus,
    ];

    /// The word the API uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Characteristic::Disability => "disability",
            Characteristic::GenderReassignment => "genderReassignment",
            Characteristic::MarriageOrCivilPartnership => "marriageOrCivilPartnership",
            Characteristic::PregnancyOrMaternity => "pregnancyOrMaternity",
            Characteristic::Race => "race",
            Characteristic::ReligionOrBelief => "religionOrBelief",
            Characteristic::Sex => "sex",
            Characteristic::SexualOrientation => "sexualOrientation",
            Characteristic::EconomicStatus => "economicStatus",
            Characteristic::FamilyStatus => "familyStatus",
        }
    }

    /// The answers that are counted. Few and broad, as the census heads its tables: narrow ones would all be suppressed.
    pub fn values(self) -> &'static [&'static str] {
        match self {
            Characteristic::Disability | Characteristic::GenderReassignment | Characteristic::PregnancyOrMaternity => {
                &["yes", "no"]
            }
            Characteristic::MarriageOrCivilPartnership => &[
                "never_married_or_partnered",
                "married",
                "in_civil_partnership",
                "separated",
                "divorced_or_dissolved",
                "widowed_or_surviving_partner",
            ],
            Characteristic::Race => &["asian", "black", "mixed", "white", "other"],
            Characteristic::ReligionOrBelief => {
                &["none", "buddhist", "christian", "hindu", "jewish", "muslim", "sikh", "other"]
            }
            Characteristic::Sex => &["female", "male"],
            Characteristic::SexualOrientation => &["heterosexual", "gay_or_lesbian", "bisexual", "other"],
            Characteristic::EconomicStatus => {
                &["employed", "self_employed", "unemployed", "student", "retired", "carer", "unable_to_work"]
            }
            Characteristic::FamilyStatus => &["no_dependants", "children", "other_dependants"],
        }
    }
}

/// How an answer came to be, or why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    SelfDescribed,
    RecordedByStaff,
    NotAsked,
    PrefersNotToSay,
}

/// What is known of one characteristic of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Answer {
    /// One of the characteristic's answers; absent where nobody asked, or the person prefers not to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    pub source: Source,
}

impl Answer {
    /// What is wrong with it as an answer about this characteristic, in words.
    pub fn fault(&self, characteristic: Characteristic) -> Option<String> {
        let given = matches!(self.source, Source::SelfDescribed | Source::RecordedByStaff);
        match &self.value {
            Some(_) if !given => Some("There is no answer where nobody asked or nothing was said.".to_owned()),
            None if given => Some("Say what the answer is.".to_owned()),
            Some(value) if !characteristic.values().contains(&value.as_str()) => {
                Some(format!("The answer is one of: {}.", characteristic.values().join(", ")))
            }
            Some(_) | None => None,
        }
    }

    /// Under which heading it is counted.
    pub fn counted_as(&self) -> &str {
        match (&self.value, self.source) {
            (Some(value), _) => value,
            (None, Source::PrefersNotToSay) => PREFERS_NOT_TO_SAY,
            (None, Source::SelfDescribed | Source::RecordedByStaff | Source::NotAsked) => NOT_KNOWN,
        }
    }
}

pub const PREFERS_NOT_TO_SAY: &str = "prefers_not_to_say";
pub const NOT_KNOWN: &str = "not_known";

/// What is known of one person, characteristic by characteristic.
pub type Answers = BTreeMap<Characteristic, Answer>;

/// The bands of age that are counted.
pub const AGE_BANDS: [&str; 7] = ["under_18", "18_24", "25_34", "35_44", "45_54", "55_64", "65_and_over"];

/// The band of somebody born on `born`, on the day `today`; a birthday counts from its first minute.
pub fn age_band(born: Option<NaiveDate>, today: NaiveDate) -> &'static str {
    let Some(born) = born else { return NOT_KNOWN };
    let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
    match today.year() - born.year() - i32::from(!had_birthday) {
        ..18 => "under_18",
        18..25 => "18_24",
        25..35 => "25_34",
        35..45 => "35_44",
        45..55 => "45_54",
        55..65 => "55_64",
        65.. => "65_and_over",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_band_changes_on_the_birthday() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let born = Some(day("2008-06-02"));
        assert_eq!(age_band(born, day("2026-06-01")), "under_18");
        assert_eq!(age_band(born, day("2026-06-02")), "18_24");
        assert_eq!(age_band(Some(day("1961-06-01")), day("2026-06-01")), "65_and_over");
        assert_eq!(age_band(None, day("2026-06-01")), "not_known");
    }

    #[test]
    fn an_answer_says_what_it_is_or_why_there_is_none() {
        let answer = |value: Option<&str>, source| Answer { value: value.map(str::to_owned), source };
        let sex = Characteristic::Sex;
        assert_eq!(answer(Some("female"), Source::SelfDescribed).fault(sex), None);
        assert_eq!(answer(None, Source::PrefersNotToSay).fault(sex), None);
        assert!(answer(None, Source::RecordedByStaff).fault(sex).is_some());
        assert!(answer(Some("female"), Source::NotAsked).fault(sex).is_some());
        assert!(answer(Some("muslim"), Source::SelfDescribed).fault(sex).is_some());
    }
}
