//! Gathers the decisions that the consistency report lays side by side. Cases by reference; no names.

use super::stories::{self, Story};
use super::{as_json, people};
use crate::app::{App, AppError};
use crate::domain::calendar::london::date_of;
use crate::domain::ids::PersonId;
use crate::domain::report::consistency::{Decided, Decision, groups};
use crate::store::report_counts;
use chrono::{Days, NaiveDate};
use sea_orm::ConnectionTrait;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const CASE: &str = "frequent-service-user";
const STRATEGY: &str = "communications-strategy";

pub(super) async fn content(app: &App, hidden: &[PersonId]) -> Result<Value, AppError> {
    let db = app.store.reader();
    let stories = stories::of_kinds(db, &[CASE, STRATEGY], hidden).await?;
    let named: BTreeSet<PersonId> =
        stories.iter().filter_map(|story| story.row.person_id.map(PersonId::from_uuid)).collect();
    let roots = people::roots(db, named).await?;
    let mut decided = Vec::new();
    for story in stories.iter().filter(|story| story.row.workflow == CASE) {
        let children = || stories.iter().filter(|child| child.row.parent_id == Some(story.row.id));
        let strategy = children().rfind(|child| child.first_in("in_force").is_some());
        decided.extend(decision(db, (story, strategy), &roots).await?);
    }
    as_json(&groups(decided))
}

/// `None` where the meeting has not decided.
async fn decision(
    db: &impl ConnectionTrait,
    (story, strategy): (&Story, Option<&Story>),
    roots: &BTreeMap<PersonId, PersonId>,
) -> Result<Option<Decided>, AppError> {
    let decisions = ["decide_met", "decide_not_met"];
    let Some(step) = story.steps.iter().rev().find(|step| decisions.contains(&step.action.as_str())) else {
        return Ok(None);
    };
    let person = story.row.person_id.and_then(|person| roots.get(&PersonId::from_uuid(person)));
    let before = step.at.checked_sub_days(Days::new(28)).unwrap_or(step.at);
    let contacts_28_days = match person {
        Some(person) => report_counts::contacts_between(db, *person, (before, step.at)).await?,
        None => 0,
    };
    let conduct = step.input.get("conduct").and_then(Value::as_array).into_iter().flatten();
    let text = strategy.map(|strategy| &strategy.row.data);
    Ok(Some(Decided {
        case: story.id(),
        decision: if step.action == "decide_met" { Decision::Met } else { Decision::NotMet },
        contacts_28_days,
        conduct: conduct.filter_map(Value::as_str).map(str::to_owned).collect(),
        controls: text.map(controls).unwrap_or_default(),
        days: strategy.and_then(length),
        adjustments_made: text.map(|text| is_filled(text.pointer("/adjustments/made"))),
        days_to_decide: (step.at - story.row.opened_at).num_days(),
    }))
}

fn is_filled(value: Option<&Value>) -> bool {
    value.and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty())
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
