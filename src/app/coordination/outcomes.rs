//! What came of cases: how they ended and what their calls were estimated to cost others, as the unit recorded it (R78,
//! R79).

use super::measures::count;
use super::period::Period;
use super::referrals::{is_ended, text};
use crate::app::App;
use crate::domain::ids::CaseId;
use crate::store::case_steps::Step;
use crate::store::cases::CaseRow;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What a unit may say of a case when it concludes it, in the order of its form.
const CONCLUSIONS: [&str; 5] = ["no_longer_calling", "calls_reduced", "needs_met", "unchanged", "transferred"];
/// How a case ends otherwise: the state it is in.
const OTHER_ENDS: [&str; 3] = ["diverted", "not_taken_on", "closed"];
const CONCLUDED: &str = "concluded";
const RETURNED: &str = "returned";
/// The state of a case that a unit accepted.
const ACCEPTED: &str = "with_unit";
/// What is estimated of a case: the field, what it is called, its unit, and how many of them make one.
const ESTIMATED: [(&str, &str, &str, i64); 3] = [
    ("deniedServiceMinutes", "denied_service", "minutes", 1),
    ("staffingMinutes", "staffing", "minutes", 1),
    ("costPounds", "cost", "pence", 100),
];

/// The steps of each case, in the order they were taken.
pub(super) type Steps = BTreeMap<CaseId, Vec<Step>>;

/// Cases that came to one end in the period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutcomeCount {
    /// `no_longer_calling`, `calls_reduced`, `needs_met`, `unchanged`, `transferred`: concluded by the unit. `returned`: given
    /// back to the coordinator, at least once. `diverted`, `not_taken_on`, `closed`: ended otherwise.
    pub outcome: String,
    pub cases: u64,
}

/// What cases were estimated to cost others; no estimate is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImpactSum {
    /// `denied_service`, `staffing` or `cost`.
    pub kind: String,
    /// `minutes` or `pence`.
    pub unit: String,
    /// Always `estimate`.
    pub certainty: String,
    pub amount: i64,
    /// Cases that gave an estimate of it.
    pub cases: u64,
}

/// How long it took until a unit accepted a case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Acceptance {
    /// Cases that a unit accepted in the period.
    pub accepted: usize,
    /// Whole days from the opening of the case; of an even number of cases, the mean of the two in the middle. Absent where
    /// none was accepted.
    pub median_days: Option<i64>,
    pub longest_days: Option<i64>,
}

/// When a case ended, where it did.
pub(super) fn ended_at(app: &App, row: &CaseRow) -> Option<DateTime<Utc>> {
    is_ended(app, row).then_some(row.state_since)
}

pub(super) fn outcomes(app: &App, rows: &[CaseRow], steps: &Steps, period: Period) -> Vec<OutcomeCount> {
    let ended: Vec<&CaseRow> =
        rows.iter().filter(|row| ended_at(app, row).is_some_and(|at| period.holds_instant(at))).collect();
    let said = |outcome: &str| {
        let of = |row: &&&CaseRow| row.state == CONCLUDED && text(row, "/outcome/outcome").as_deref() == Some(outcome);
        ended.iter().filter(of).count()
    };
    let in_state = |state: &str| ended.iter().filter(|row| row.state == state).count();
    let gave_back = |step: &Step| step.action == "return" && period.holds_instant(step.at);
    let returned = rows.iter().filter(|row| of_case(steps, row).iter().any(gave_back)).count();
    let counted = CONCLUSIONS.map(|outcome| (outcome, said(outcome))).into_iter();
    let counted = counted.chain([(RETURNED, returned)]).chain(OTHER_ENDS.map(|state| (state, in_state(state))));
    counted.map(|(outcome, cases)| OutcomeCount { outcome: outcome.to_owned(), cases: count(cases) }).collect()
}

/// Sums of the estimates whose last day lies in the period, so that each is in one of two periods that meet.
pub(super) fn impacts(rows: &[CaseRow], period: Period) -> Vec<ImpactSum> {
    let of_period = |impact: &&Value| {
        let last = impact.get("to").and_then(Value::as_str).and_then(|day| day.parse::<NaiveDate>().ok());
        last.is_some_and(|day| period.holds(day))
    };
    let recorded = |row: &CaseRow| {
        let all = row.data.get("impacts").and_then(Value::as_array).into_iter().flatten();
        all.filter(of_period).cloned().collect::<Vec<Value>>()
    };
    let by_case: Vec<Vec<Value>> = rows.iter().map(recorded).collect();
    let sum = |(field, kind, unit, each): (&str, &str, &str, i64)| {
        let given = |impacts: &Vec<Value>| {
            let amounts: Vec<i64> = impacts.iter().filter_map(|impact| impact.get(field)?.as_i64()).collect();
            (!amounts.is_empty()).then(|| amounts.into_iter().fold(0, i64::saturating_add))
        };
        let cases: Vec<i64> = by_case.iter().filter_map(given).collect();
        ImpactSum {
            kind: kind.to_owned(),
            unit: unit.to_owned(),
            certainty: "estimate".to_owned(),
            cases: count(cases.len()),
            amount: cases.into_iter().fold(0, i64::saturating_add).saturating_mul(each),
        }
    };
    ESTIMATED.map(sum).into_iter().filter(|sum| sum.cases > 0).collect()
}

/// How long it took from opening to acceptance, of the cases first accepted in the period.
pub(super) fn acceptance(rows: &[CaseRow], steps: &Steps, period: Period) -> Acceptance {
    let took = |row: &CaseRow| {
        let accepted = of_case(steps, row).iter().find(|step| step.to == ACCEPTED)?;
        period.holds_instant(accepted.at).then_some(accepted.at - row.opened_at)
    };
    spread(rows.iter().filter_map(took).collect())
}

/// The steps of one case.
pub(super) fn of_case<'a>(steps: &'a Steps, row: &CaseRow) -> &'a [Step] {
    steps.get(&CaseId::from_uuid(row.id)).map_or(&[], Vec::as_slice)
}

fn spread(mut took: Vec<Duration>) -> Acceptance {
    took.sort_unstable();
    let middle = took.get(took.len().saturating_sub(1) / 2).zip(took.get(took.len() / 2));
    Acceptance {
        accepted: took.len(),
        median_days: middle.map(|(lower, upper)| ((*lower + *upper) / 2).num_days()),
        longest_days: took.last().map(Duration::num_days),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_it_took_is_said_in_whole_days_and_of_nothing_nothing_is() {
        assert_eq!(spread(Vec::new()), Acceptance::default());
        let said = spread([30, 1, 49].map(Duration::hours).to_vec());
        assert_eq!((said.accepted, said.median_days, said.longest_days), (3, Some(1), Some(2)));
        let said = spread([49, 1].map(Duration::days).to_vec());
        assert_eq!((said.median_days, said.longest_days), (Some(25), Some(49)));
    }

    #[test]
    fn the_conclusions_are_those_of_the_form() {
        let form: Value = serde_json::from_str(include_str!("../../../workflows/forms/vrc_outcome.json")).unwrap();
        assert_eq!(form.pointer("/properties/outcome/enum"), Some(&serde_json::json!(CONCLUSIONS)));
    }
}
