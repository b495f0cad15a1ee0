//! The equality report (policy 3.2): how many people of each heading were nominated, met the threshold, are restricted,
//! were warned, appealed.

use super::suppress::{Shown, Wider, suppressed};
use crate::domain::person::equality::{AGE_BANDS, Answers, Characteristic, NOT_KNOWN, PREFERS_NOT_TO_SAY, age_band};
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::BTreeMap;

/// One person, after merges, whom a case of a frequent service user is or was about.
#[derive(Clone, Debug, Default)]
pub struct Subject {
    pub date_of_birth: Option<NaiveDate>,
    pub answers: Answers,
    pub threshold_met: bool,
    pub restricted_now: bool,
    pub warned: bool,
    pub appealed: bool,
}

/// One characteristic, heading by heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Table {
    pub characteristic: &'static str,
    pub rows: Vec<Row>,
    /// The same for every characteristic.
    pub total: Counts,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    pub value: String,
    #[serde(flatten)]
    pub counts: Counts,
}

/// Numbers of people; `None` is suppressed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    pub nominated: Option<u64>,
    pub threshold_met: Option<u64>,
    pub restricted_now: Option<u64>,
    pub warned: Option<u64>,
    pub appealed: Option<u64>,
}

/// A table a characteristic, age first.
pub fn tables(subjects: &[Subject], today: NaiveDate) -> Vec<Table> {
    let age = |subject: &Subject| age_band(subject.date_of_birth, today).to_owned();
    let bands = AGE_BANDS.into_iter().chain([NOT_KNOWN]).collect();
    let mut tables = vec![table("age", bands, subjects, age)];
    for characteristic in Characteristic::ALL {
        let answered = |subject: &Subject| match subject.answers.get(&characteristic) {
            Some(answer) => answer.counted_as().to_owned(),
            None => NOT_KNOWN.to_owned(),
        };
        let headings = characteristic.values().iter().copied().chain([PREFERS_NOT_TO_SAY, NOT_KNOWN]).collect();
        tables.push(table(characteristic.as_str(), headings, subjects, answered));
    }
    tables
}

fn table(
    characteristic: &'static str,
    headings: Vec<&'static str>,
    subjects: &[Subject],
    heading_of: impl Fn(&Subject) -> String,
) -> Table {
    let count = |is: fn(&Subject) -> bool| -> Vec<u64> {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for subject in subjects.iter().filter(|subject| is(subject)) {
            *counts.entry(heading_of(subject)).or_default() += 1;
        }
        headings.iter().map(|heading| counts.get(*heading).copied().unwrap_or_default()).collect()
    };
    let all = count(|_| true);
    let nominated = suppressed(&all, None);
    let threshold = count(|subject| subject.threshold_met);
    let met = suppressed(&threshold, Some(Wider { counts: &all, shown: &nominated }));
    let part = |is: fn(&Subject) -> bool| suppressed(&count(is), Some(Wider { counts: &threshold, shown: &met }));
    let columns = Columns {
        restricted: part(|subject| subject.threshold_met && subject.restricted_now),
        warned: part(|subject| subject.threshold_met && subject.warned),
        appealed: part(|subject| subject.threshold_met && subject.appealed),
        nominated,
        met,
    };
    let rows = headings.iter().enumerate().map(|(place, heading)| Row {
        value: (*heading).to_owned(),
        counts: columns.counts(|column| column.cells.get(place).copied().flatten()),
    });
    Table { characteristic, rows: rows.collect(), total: columns.counts(|column| column.total) }
}

struct Columns {
    nominated: Shown,
    met: Shown,
    restricted: Shown,
    warned: Shown,
    appealed: Shown,
}

impl Columns {
    fn counts(&self, of: impl Fn(&Shown) -> Option<u64>) -> Counts {
        Counts {
            nominated: of(&self.nominated),
            threshold_met: of(&self.met),
            restricted_now: of(&self.restricted),
            warned: of(&self.warned),
            appealed: of(&self.appealed),
        }
    }
}
