//! `registers/legislation.yaml`: the law that decisions cite (R3, policy 1.2), as dated data. Not legal advice: rows
//! marked `confirm` wait for Legal Services.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The provisions, in the order of the file, and the version of the register as a whole.
#[derive(Clone, Debug, Default)]
pub struct Legislation {
    /// What every decision cites; empty where there is no register.
    pub version: String,
    pub enactments: Arc<[Enactment]>,
}

/// A provision that decisions may cite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all(serialize = "camelCase"))]
pub struct Enactment {
    pub id: String,
    pub title: String,
    /// The first day in force; absent: longer ago than any case here.
    #[serde(default)]
    pub from: Option<NaiveDate>,
    /// The last day in force; absent: still so.
    #[serde(default)]
    pub to: Option<NaiveDate>,
    /// The rows that took its place when it ended.
    #[serde(default)]
    pub replaced_by: Vec<String>,
    /// The offence of policy 1.2 that it stands for; absent for a power or an order.
    #[serde(default)]
    pub applies: Option<Offence>,
    #[serde(default)]
    pub limitation: Option<Limitation>,
    /// Whose consent a prosecution needs.
    #[serde(default)]
    pub consent: Option<Consent>,
    #[serde(default)]
    pub note: Option<String>,
    /// Legal Services have still to confirm the row.
    pub confirm: bool,
}

/// The offences that policy 1.2 names, whatever law makes them offences on the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Offence {
    MaliciousCommunication,
    ImproperUseOfNetwork,
    Harassment,
    WastingPoliceTime,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    /// Of the Director of Public Prosecutions.
    Dpp,
}

/// By when proceedings have to begin. All that are given hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all(serialize = "camelCase"))]
pub struct Limitation {
    /// Since there was evidence enough.
    #[serde(default)]
    pub months_from_evidence: Option<u32>,
    #[serde(default)]
    pub months_from_offence: Option<u32>,
    #[serde(default)]
    pub years_from_offence: Option<u32>,
}

impl Enactment {
    /// Whether it was law on this day; both ends count.
    pub fn in_force_on(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

impl Limitation {
    /// The first day on which it is too late; `None` where nothing limits it. Without a day of sufficient evidence only
    /// the day of the offence counts.
    pub fn too_late_on(&self, offence: NaiveDate, evidence: Option<NaiveDate>) -> Option<NaiveDate> {
        let later = |day: NaiveDate, months: u32| day.checked_add_months(Months::new(months));
        let of_evidence = evidence.zip(self.months_from_evidence).and_then(|(day, months)| later(day, months));
        let of_offence = self.months_from_offence.and_then(|months| later(offence, months));
        let at_last = self.years_from_offence.and_then(|years| later(offence, years.checked_mul(12)?));
        [of_evidence, of_offence, at_last].into_iter().flatten().min()
    }

    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LegislationFile {
    version: String,
    enactments: Vec<Enactment>,
}

/// The register of legislation.
///
/// # Errors
/// What is wrong with the file, with line and column; an id given twice; a row that ends before it begins, names a
/// successor that is not there or is replaced while it is in force; a limitation that limits nothing.
pub fn legislation(text: &str) -> Result<Legislation, String> {
    let file: LegislationFile = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
    let rows = file.enactments;
    for (n, row) in rows.iter().enumerate() {
        if rows.iter().take(n).any(|earlier| earlier.id == row.id) {
            return Err(format!("`{}` stands here a second time", row.id));
        }
        if let Some(fault) = fault_of(row, &rows) {
            return Err(format!("`{}` {fault}", row.id));
        }
    }
    Ok(Legislation { version: file.version, enactments: rows.into() })
}

fn fault_of(row: &Enactment, all: &[Enactment]) -> Option<String> {
    if row.from.zip(row.to).is_some_and(|(from, to)| to < from) {
        return Some("ends before it begins".to_owned());
    }
    if !row.replaced_by.is_empty() && row.to.is_none() {
        return Some("is replaced and has no last day".to_owned());
    }
    if row.limitation.is_some_and(|limitation| limitation.is_empty()) {
        return Some("has a limitation that limits nothing".to_owned());
    }
    let missing = row.replaced_by.iter().find(|id| !all.iter().any(|other| other.id == **id))?;
    Some(format!("is replaced by `{missing}`, which is not here"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../workflows/registers/legislation.yaml");

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn shipped(id: &str) -> Enactment {
        let register = legislation(SHIPPED).unwrap();
        register.enactments.iter().find(|row| row.id == id).unwrap().clone()
    }

    #[test]
    fn law_is_dated() {
        let in_force = |id: &str, on: &str| shipped(id).in_force_on(day(on));
        assert!(in_force("ca-2003-s127-2ab", "2024-01-30") && !in_force("ca-2003-s127-2ab", "2024-01-31"));
        assert!(!in_force("osa-2023-s179", "2024-01-30") && in_force("osa-2023-s179", "2024-01-31"));
        assert!(in_force("ca-2003-s127-2c", "2030-01-01"));
    }

    #[test]
    fn every_offence_of_the_policy_is_some_law_on_any_day() {
        let register = legislation(SHIPPED).unwrap();
        for on in ["2020-01-01", "2024-01-30", "2024-01-31", "2026-11-25"] {
            for offence in [
                Offence::MaliciousCommunication,
                Offence::ImproperUseOfNetwork,
                Offence::Harassment,
                Offence::WastingPoliceTime,
            ] {
                let law =
                    register.enactments.iter().any(|row| row.applies == Some(offence) && row.in_force_on(day(on)));
                assert!(law, "{offence:?} on {on}");
            }
        }
    }

    #[test]
    fn proceedings_begin_within_six_months_of_evidence_and_three_years_of_the_offence() {
        let limitation = shipped("ca-2003-s127-2c").limitation.unwrap();
        let too_late = |offence: &str, evidence: Option<&str>| {
            limitation.too_late_on(day(offence), evidence.map(day)).unwrap().to_string()
        };
        assert_eq!(too_late("2026-01-10", Some("2026-02-28")), "2026-08-28");
        assert_eq!(too_late("2023-12-01", Some("2026-11-01")), "2026-12-01", "the long stop comes first");
        assert_eq!(too_late("2024-02-29", None), "2027-02-28", "a leap day has no third birthday");
        assert_eq!(shipped("cla-1967-s5-2").consent, Some(Consent::Dpp));
        assert_eq!(shipped("asbcpa-2014-s43").limitation, None);
    }

    #[test]
    fn a_row_that_cannot_be_meant_is_a_fault() {
        for (rows, says) in [
            ("{ id: a, title: A, confirm: true }\n  - { id: a, title: B, confirm: true }", "second time"),
            ("{ id: a, title: A, confirm: true, from: 2024-02-01, to: 2024-01-01 }", "ends before"),
            ("{ id: a, title: A, confirm: true, to: 2024-01-01, replaced_by: [b] }", "which is not here"),
            ("{ id: a, title: A, confirm: true, replaced_by: [a] }", "no last day"),
            ("{ id: a, title: A, confirm: true, limitation: {} }", "limits nothing"),
            ("{ id: a, title: A, confirm: true, applies: rudeness }", "rudeness"),
        ] {
            let fault = legislation(&format!("version: \"1\"\nenactments:\n  - {rows}\n")).unwrap_err();
            assert!(fault.contains(says), "{fault}");
        }
    }
}
