//! Gathers the decisions that the consistency report lays side by side. Cases by reference; no names.

use super::stories::{self, Story};
use super::{as_json, is_filled, people};
use crate::app::{App, AppError};
use crate::domain::calendar::london::date_of;
use crate::domain::ids::PersonId;
use crate::domain::report::consistency::{Decided, Decision, groups};
use crate::store::case_steps::Step;
use crate::store::report_counts;
use chrono::{DateTime, Days, NaiveDate, Utc};
use sea_orm::ConnectionTrait;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const CASE: &str = "frequent-service-user";
const STRATEGY: &str = "communications-strategy";

/// How many days before a decision contacts are counted.
const DAYS_BEFORE: Days = Days::new(28);

pub(super) async fn content(app: &App, hidden: &[PersonId]) -> Result<Value, AppError> {
    let db = app.store.reader();
    let stories = stories::of_kinds(db, &[CASE, STRATEGY], hidden).await?;
    let named: BTreeSet<PersonId> =
        stories.iter().filter_map(|story| story.row.person_id.map(PersonId::from_uuid)).collect();
    let roots = people::roots(db, named).await?;
    let decisions: Vec<(&Story, &Step)> = stories
        .iter()
        .filter(|story| story.row.workflow == CASE)
        .filter_map(|story| Some((story, last(story)?)))
        .collect();
    let received = received(db, (&decisions, &roots)).await?;
    let mut strategies: BTreeMap<Uuid, &Story> = BTreeMap::new();
    for story in stories.iter().filter(|story| story.row.workflow == STRATEGY && story.first_in("in_force").is_some()) {
        if let Some(parent) = story.row.parent_id {
            strategies.insert(parent, story);
        }
    }
    let decided = decisions.into_iter().map(|(story, step)| {
        let person = story.row.person_id.and_then(|person| roots.get(&PersonId::from_uuid(person)));
        let of_person = person.and_then(|person| received.get(person)).map(Vec::as_slice).unwrap_or_default();
        let window = before(step)..step.at;
        let contacts = of_person.iter().filter(|at| window.contains(at)).count();
        decision((story, step), strategies.get(&story.row.id).copied(), u64::try_from(contacts).unwrap_or(u64::MAX))
    });
    as_json(&groups(decided.collect()))
}

/// The meeting's last decision; `None` where it has not decided.
fn last(story: &Story) -> Option<&Step> {
    story.steps.iter().rev().find(|step| ["decide_met", "decide_not_met"].contains(&step.action.as_str()))
}

fn before(step: &Step) -> DateTime<Utc> {
    step.at.checked_sub_days(DAYS_BEFORE).unwrap_or(step.at)
}

/// When contacts of these people were received, from before the first of the decisions to the last.
async fn received(
    db: &impl ConnectionTrait,
    (decisions, roots): (&[(&Story, &Step)], &BTreeMap<PersonId, PersonId>),
) -> Result<BTreeMap<PersonId, Vec<DateTime<Utc>>>, AppError> {
    let steps = || decisions.iter().map(|(_, step)| *step);
    let (Some(from), Some(until)) = (steps().map(before).min(), steps().map(|step| step.at).max()) else {
        return Ok(BTreeMap::new());
    };
    let people: BTreeSet<PersonId> = decisions
        .iter()
        .filter_map(|(story, _)| roots.get(&PersonId::from_uuid(story.row.person_id?)).copied())
        .collect();
    let mut received = BTreeMap::new();
    for some in people.into_iter().collect::<Vec<_>>().chunks(people::AT_ONCE) {
        received.extend(report_counts::received_between(db, some, (from, until)).await?);
    }
    Ok(received)
}

fn decision((story, step): (&Story, &Step), strategy: Option<&Story>, contacts_28_days: u64) -> Decided {
    let text = strategy.map(|strategy| &strategy.row.data);
    Decided {
        case: story.id(),
        decision: if step.action == "decide_met" { Decision::Met } else { Decision::NotMet },
        contacts_28_days,
        conduct: step.conduct.iter().cloned().collect(),
        controls: text.map(controls).unwrap_or_default(),
        days: strategy.and_then(length),
        adjustments_made: text.map(|text| is_filled(text.pointer("/adjustments/made"))),
        days_to_decide: (step.at - story.row.opened_at).num_days(),
    }
}

fn controls(text: &Value) -> BTreeSet<String> {
    let entries = |name: &str| text.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let channel = |entry: &Value| entry.get("channel").and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut controls = BTreeSet::new();
    for limit in entries("limits") {
        let shut = limit.get("allowed") == Some(&Value::Bool(false));
        controls.insert(format!("{} {}", if shut { "no" } else { "limit" }, channel(&limit)));
        if limit.get("closedSubjects").and_then(Value::as_array).is_some_and(|closed| !closed.is_empty()) {
            controls.insert("closed subject".to_owned());
        }
    }
    controls.extend(entries("blocking").iter().map(|block| format!("block {}", channel(block))));
    controls
}

/// From the day of its signature to its end.
fn length(strategy: &Story) -> Option<i64> {
    let signed = date_of(strategy.last("approve")?.at);
    let ends: NaiveDate = strategy.row.data.get("endsOn")?.as_str()?.parse().ok()?;
    Some((ends - signed).num_days())
}
