//! The consistency report (policy 5.1): decisions on like cases side by side, and where they differ.

use crate::domain::ids::CaseId;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// One decision on the threshold, and what followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Decided {
    pub case: CaseId,
    pub decision: Decision,
    /// Contacts in the 28 days before the decision.
    pub contacts_28_days: u64,
    /// The kinds of conduct the decision names; empty where it names none.
    #[serde(skip)]
    pub conduct: BTreeSet<String>,
    /// What the latest strategy that came into force asks: `limit email`, `no telephone`, `block letter`, `closed subject`.
    pub controls: BTreeSet<String>,
    /// From its signature to its end; absent without a strategy.
    pub days: Option<i64>,
    /// Whether it records adjustments that were made.
    pub adjustments_made: Option<bool>,
    /// From the opening of the case to the decision.
    pub days_to_decide: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    Met,
    NotMet,
}

/// Cases that are alike by kinds of conduct and frequency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    /// Empty for decisions that name no conduct.
    pub conduct: BTreeSet<String>,
    /// Contacts in the 28 days before the decision.
    pub frequency: &'static str,
    pub cases: Vec<Decided>,
    /// In what they differ: `decision`, `controls`, `length`, `adjustments`, `time_to_decide`.
    pub differ_in: Vec<&'static str>,
}

/// The band a number of contacts in 28 days falls into.
pub fn band(contacts: u64) -> &'static str {
    match contacts {
        0..5 => "0-4",
        5..10 => "5-9",
        10..25 => "10-24",
        25..50 => "25-49",
        50.. => "50 or more",
    }
}

/// Like cases together. A decision that names no conduct is like every other of the same frequency, because whoever found
/// the threshold not met need not say which conduct it was: it stands in each of their groups.
pub fn groups(decided: Vec<Decided>) -> Vec<Group> {
    let (unnamed, named): (Vec<_>, Vec<_>) = decided.into_iter().partition(|one| one.conduct.is_empty());
    let mut alike: BTreeMap<(&'static str, BTreeSet<String>), Vec<Decided>> = BTreeMap::new();
    for one in named {
        alike.entry((band(one.contacts_28_days), one.conduct.clone())).or_default().push(one);
    }
    for one in unnamed {
        let frequency = band(one.contacts_28_days);
        let mut found = false;
        for (_, group) in alike.iter_mut().filter(|((other, conduct), _)| *other == frequency && !conduct.is_empty()) {
            group.push(one.clone());
            found = true;
        }
        if !found {
            alike.entry((frequency, BTreeSet::new())).or_default().push(one);
        }
    }
    let group = |((frequency, conduct), cases): ((&'static str, BTreeSet<String>), Vec<Decided>)| {
        let differ_in = differences(&cases);
        Group { conduct, frequency, cases, differ_in }
    };
    alike.into_iter().map(group).collect()
}

fn differences(cases: &[Decided]) -> Vec<&'static str> {
    let restricted = || cases.iter().filter(|case| case.days.is_some());
    let mut differ_in = Vec::new();
    if differs(cases.iter().map(|case| case.decision == Decision::Met)) {
        differ_in.push("decision");
    }
    if differs(restricted().map(|case| &case.controls)) {
        differ_in.push("controls");
    }
    if is_far_apart(restricted().filter_map(|case| case.days)) {
        differ_in.push("length");
    }
    if differs(restricted().map(|case| case.adjustments_made)) {
        differ_in.push("adjustments");
    }
    if is_far_apart(cases.iter().map(|case| case.days_to_decide)) {
        differ_in.push("time_to_decide");
    }
    differ_in
}

fn differs<T: Ord>(values: impl Iterator<Item = T>) -> bool {
    values.collect::<BTreeSet<_>>().len() > 1
}

/// More than half as long again, and more than a week.
fn is_far_apart(days: impl Iterator<Item = i64> + Clone) -> bool {
    let (Some(least), Some(most)) = (days.clone().min(), days.max()) else { return false };
    2 * most > 3 * least && most - least > 7
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::Id;
    use uuid::Uuid;

    fn decided(n: u128, conduct: &[&str], decision: Decision) -> Decided {
        Decided {
            case: Id::from_uuid(Uuid::from_u128(n)),
            decision,
            contacts_28_days: 12,
            conduct: conduct.iter().map(|kind| (*kind).to_owned()).collect(),
            controls: BTreeSet::from(["limit email".to_owned()]),
            days: (decision == Decision::Met).then_some(180),
            adjustments_made: Some(true),
            days_to_decide: 5,
        }
    }

    #[test]
    fn like_cases_stand_together_and_what_differs_is_named() {
        let mut longer = decided(2, &["persistence"], Decision::Met);
        longer.days = Some(330);
        longer.controls.insert("block email".to_owned());
        let all = vec![decided(1, &["persistence"], Decision::Met), longer, decided(3, &["demands"], Decision::Met)];
        let groups = groups(all);
        let told: Vec<_> = groups.iter().map(|group| (group.cases.len(), group.differ_in.clone())).collect();
        assert_eq!(told, [(1, vec![]), (2, vec!["controls", "length"])]);
    }

    #[test]
    fn a_case_that_was_not_restricted_stands_beside_those_of_its_frequency_that_were() {
        let mut rare = decided(3, &[], Decision::NotMet);
        rare.contacts_28_days = 4;
        let all = vec![decided(1, &["persistence"], Decision::Met), decided(2, &[], Decision::NotMet), rare];
        let groups = groups(all);
        let told: Vec<_> =
            groups.iter().map(|group| (group.frequency, group.cases.len(), group.differ_in.clone())).collect();
        assert_eq!(told, [("0-4", 1, vec![]), ("10-24", 2, vec!["decision"])]);
    }
}
