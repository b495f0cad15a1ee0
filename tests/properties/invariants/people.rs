//! Invariants on what is owed to people: 13, 20 and 23.

use super::super::history::root;
use super::{Told, is_filled};
use chrono::{DateTime, Utc};
use entities::adjustments;
use evenhand::domain::calendar::london;
use serde_json::Value;
use uuid::Uuid;

/// Invariant 13: A strategy about somebody who is known as a targeted victim is not submitted, signed, shared or put in
/// force unless an appropriate authority had recorded on it why.
pub fn a_targeted_victim_is_restricted_by_an_override_only(told: &Told<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    for story in told.strategies() {
        let Some(person) = story.person else { continue };
        for (n, step) in story.steps.iter().enumerate() {
            let goes_on = ["submitted", "approved", "shared", "in_force"].contains(&step.to.as_str());
            let by_decision = goes_on && step.from != step.to && step.action != "retest";
            if !by_decision || !is_victim(told, person, step.at) {
                continue;
            }
            let allowed = story.steps[..n].iter().any(|earlier| {
                earlier.action == "override_victim"
                    && earlier.officer.is_some()
                    && is_filled(&earlier.input["rationale"])
            });
            if !allowed {
                wrong.push(format!("strategy {} of a targeted victim came to {}", story.id, step.to));
            }
        }
    }
    wrong
}

/// Whether any record that stood for the person was marked so.
fn is_victim(told: &Told<'_>, person: Uuid, at: DateTime<Utc>) -> bool {
    let whose = root(told.snapshot, person, at);
    told.snapshot.witness.born.iter().any(|(record, _)| {
        let mut marks = told.snapshot.witness.victims.iter().filter(|(one, since, _)| one == record && *since <= at);
        root(told.snapshot, *record, at) == whose && marks.next_back().is_some_and(|(_, _, is_one)| *is_one)
    })
}

/// What local units work on themselves, and see whole.
const WORKED_BY_UNITS: [&str; 3] = ["enforcement-order", "joint-problem-solving", "out-of-county-referral"];

/// Invariant 20: A unit sees the question put to it and its answer, with the adjustments to keep to where it speaks to the
/// person, and no word of the strategy behind them; each question
/// is a disclosure that is logged with the unit, and no disclosure is logged without its recipient.
pub fn units_see_their_question_only(told: &Told<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    for sight in &told.snapshot.witness.units {
        let shown = &sight.shown;
        if shown["workflow"].as_str().is_some_and(|workflow| WORKED_BY_UNITS.contains(&workflow)) {
            continue;
        }
        if let Some(what) = too_much(told, shown, &sight.roles) {
            wrong.push(format!("officer {} of a unit saw {what} in case {}", sight.officer, shown["id"]));
        }
    }
    let disclosed: Vec<_> = told.snapshot.accesses.iter().filter(|entry| entry.action == "disclose").collect();
    let nameless = disclosed.iter().filter(|entry| entry.recipient.as_deref().is_none_or(|to| to.trim().is_empty()));
    wrong.extend(nameless.map(|entry| format!("disclosure {} names no recipient", entry.position)));
    for asked in told.stories.values().filter(|story| story.is("consultation")) {
        let (id, unit) = (asked.id.to_string(), asked.data()["unit"].as_str());
        let logged =
            disclosed.iter().any(|entry| entry.object_id.as_deref() == Some(&id) && entry.recipient.as_deref() == unit);
        if !logged {
            wrong.push(format!("the question {id} was put to {unit:?} and nobody wrote that down"));
        }
    }
    wrong
}

fn too_much(told: &Told<'_>, shown: &Value, roles: &[String]) -> Option<&'static str> {
    let asked = shown["data"]["unit"].as_str().is_some_and(|unit| roles.iter().any(|role| role == unit));
    if shown["workflow"] != "consultation" || !asked {
        return Some("what is not theirs");
    }
    let theirs = ["unit", "question", "replyBy", "answer"];
    if shown["data"].as_object().is_none_or(|data| data.keys().any(|field| !theirs.contains(&field.as_str()))) {
        return Some("more than question and answer");
    }
    let empty = |field: &str| shown[field].is_null() || shown[field].as_array().is_some_and(Vec::is_empty);
    if !["parentId", "contentHash", "signature", "children", "mails"].iter().all(|field| empty(field)) {
        return Some("what stands around the question");
    }
    let id: Uuid = shown["id"].as_str()?.parse().ok()?;
    let behind = told.stories.get(&id).and_then(|asked| asked.parent).and_then(|parent| told.stories.get(&parent))?;
    let text = shown.to_string();
    let secret = ["ndm", "shareable", "leastRestrictive", "adjustments", "advocate"];
    let words = secret.iter().flat_map(|field| leaves(&behind.data()[*field]));
    words.into_iter().any(|word| text.contains(&word)).then_some("words of the strategy")
}

/// The texts in a value.
fn leaves(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) if text.len() > 3 => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(leaves).collect(),
        Value::Object(fields) => fields.values().flat_map(leaves).collect(),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

/// Invariant 23: Whatever is judged or composed about somebody has their adjustments in force beside it, or in it.
pub fn adjustments_are_shown(told: &Told<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    for seen in &told.snapshot.witness.adjusted {
        let forgotten = in_force(told, seen.person, seen.at).filter(|one| !seen.shown.contains(&one.id)).count();
        if forgotten > 0 {
            wrong.push(format!("{} was shown without {forgotten} adjustments in force", seen.beside));
        }
    }
    for notice in &told.snapshot.notices {
        let Some(person) = told.stories.get(&notice.case_id).and_then(|story| story.person) else { continue };
        let mut kept_to = in_force(told, person, notice.created_at);
        if kept_to.any(|one| !notice.text.contains(&one.detail) || !notice.html.contains(&one.detail)) {
            wrong.push(format!("notice {} does not say how the person's adjustments are kept to", notice.id));
        }
    }
    wrong
}

fn in_force<'t>(told: &'t Told<'_>, person: Uuid, at: DateTime<Utc>) -> impl Iterator<Item = &'t adjustments::Model> {
    let (whose, day) = (root(told.snapshot, person, at), london::date_of(at));
    told.snapshot.adjustments.iter().filter(move |one| {
        root(told.snapshot, one.person_id, at) == whose
            && one.recorded_at <= at
            && one.since <= day
            && one.ended_on.is_none_or(|end| day < end)
    })
}
