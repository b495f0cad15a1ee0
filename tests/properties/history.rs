//! Cases told from their events alone, and who was whom when: written anew, not with the code under test.

use super::snapshot::Snapshot;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use entities::events;
use evenhand::domain::calendar::london;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;
use uuid::Uuid;

/// The parts of a strategy that a signature is bound to.
const CONTENT: [&str; 10] = [
    "ndm",
    "shareable",
    "limits",
    "blocking",
    "leastRestrictive",
    "adjustments",
    "advocate",
    "reviewOn",
    "endsOn",
    "furtherSections",
];

/// One case, event by event.
pub struct Story {
    pub id: Uuid,
    pub workflow: String,
    pub person: Option<Uuid>,
    pub parent: Option<Uuid>,
    pub opened_at: DateTime<Utc>,
    pub steps: Vec<Step>,
}

pub struct Step {
    pub at: DateTime<Utc>,
    pub position: i64,
    /// `officer`, `system`, `clock` or `software`.
    pub by: String,
    pub officer: Option<Uuid>,
    /// The action; empty for openings and clocks.
    pub action: String,
    pub from: String,
    pub to: String,
    pub input: Value,
    pub signed: Option<String>,
    /// Whom the case was about then.
    pub person: Option<Uuid>,
    /// The case whose step made this one happen.
    pub through: Option<Uuid>,
    /// What the case held before and after.
    pub before: Value,
    pub after: Value,
}

impl Step {
    pub fn content_hash(&self) -> String {
        content_hash(&self.before)
    }
}

impl Story {
    pub fn state(&self) -> &str {
        self.steps.last().map_or("", |step| &step.to)
    }

    pub fn data(&self) -> &Value {
        &self.steps.last().unwrap().after
    }

    pub fn is(&self, workflow: &str) -> bool {
        self.workflow == workflow
    }
}

/// The stories of all cases, by id.
pub fn stories(snapshot: &Snapshot) -> BTreeMap<Uuid, Story> {
    let mut stories: BTreeMap<Uuid, Story> = BTreeMap::new();
    for event in snapshot.events.iter().filter(|event| event.stream == "case") {
        match event.kind.as_str() {
            "opened" => {
                stories.insert(event.stream_id, begun(event));
            }
            "acted" | "struck" => {
                let Some(story) = stories.get_mut(&event.stream_id) else { continue };
                let (before, person) = (story.data().clone(), story.person);
                story.steps.push(Step { person, ..step(event, before) });
            }
            "person_linked" => {
                if let Some(story) = stories.get_mut(&event.stream_id) {
                    story.person = uuid(&event.data["person"]);
                }
            }
            _ => {}
        }
    }
    stories
}

fn begun(event: &events::Model) -> Story {
    let data = if event.data["data"].is_object() { event.data["data"].clone() } else { json!({}) };
    let state = event.data["state"].as_str().unwrap_or_default().to_owned();
    let opening = Step {
        from: String::new(),
        to: state,
        action: String::new(),
        input: Value::Null,
        signed: None,
        person: uuid(&event.data["person"]),
        through: None,
        before: json!({}),
        after: data,
        ..step(event, json!({}))
    };
    Story {
        id: event.stream_id,
        workflow: event.data["workflow"].as_str().unwrap_or_default().to_owned(),
        person: uuid(&event.data["person"]),
        parent: uuid(&event.data["parent"]),
        opened_at: event.at,
        steps: vec![opening],
    }
}

fn step(event: &events::Model, before: Value) -> Step {
    let text = |name: &str| event.data[name].as_str().unwrap_or_default().to_owned();
    let mut after = before.clone();
    // What is said of a deadline that stands is no part of what the case is about.
    if event.kind == "acted" && event.data["clock"].is_null() {
        keep(&mut after, event.data["into"].as_str(), &event.data["input"]);
    }
    Step {
        at: event.at,
        position: event.position,
        by: event.actor["kind"].as_str().unwrap_or_default().to_owned(),
        officer: uuid(&event.actor["id"]).filter(|_| event.actor["kind"] == "officer"),
        action: text("action"),
        from: text("from"),
        to: text("to"),
        input: event.data["input"].clone(),
        signed: event.data["signed"].as_str().map(str::to_owned),
        person: None,
        through: uuid(&event.data["through"]),
        before,
        after,
    }
}

fn keep(data: &mut Value, into: Option<&str>, input: &Value) {
    let data = data.as_object_mut().unwrap();
    match into.map(|place| (place.trim_end_matches("[]"), place.ends_with("[]"))) {
        None => data.extend(input.as_object().cloned().unwrap_or_default()),
        Some((place, false)) => {
            data.insert(place.to_owned(), input.clone());
        }
        Some((place, true)) => {
            data.entry(place).or_insert_with(|| json!([])).as_array_mut().unwrap().push(input.clone());
        }
    }
}

pub fn uuid(value: &Value) -> Option<Uuid> {
    value.as_str()?.parse().ok()
}

/// SHA-256 of the text a signature is bound to.
pub fn content_hash(data: &Value) -> String {
    let held = CONTENT.iter().filter_map(|name| Some(((*name).to_owned(), data.get(*name)?.clone())));
    sha256(&canonical(&Value::Object(held.collect::<Map<_, _>>())))
}

pub fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

/// Keys sorted, nothing between: one text for one value.
pub fn canonical(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| name.as_str());
            let fields = fields.into_iter().map(|(name, value)| format!("{}:{}", quoted(name), canonical(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        Value::String(text) => quoted(text),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            c if c < ' ' => write!(quoted, "\\u{:04x}", u32::from(c)).unwrap(),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

/// The hash an event has to carry after one that carries `before`.
pub fn chained(before: &str, event: &events::Model) -> String {
    let value = json!({
        "id": event.id, "stream": event.stream, "stream_id": event.stream_id, "seq": event.seq,
        "at": event.at.to_rfc3339_opts(SecondsFormat::Micros, true),
        "actor": event.actor, "kind": event.kind, "data": event.data,
    });
    sha256(&format!("{before}{}", canonical(&value)))
}

/// The record that stood for `person` at `at`, by the mergers that stood then.
pub fn root(snapshot: &Snapshot, person: Uuid, at: DateTime<Utc>) -> Uuid {
    let mut root = person;
    for _ in 0..=snapshot.merges.len() {
        let standing = snapshot.merges.iter().find(|merge| {
            merge.merged_id == root && merge.merged_at <= at && merge.reversed_at.is_none_or(|reversed| reversed > at)
        });
        match standing {
            Some(merge) => root = merge.kept_id,
            None => return root,
        }
    }
    root
}

/// Whether the person (after merges) had complained about the officer by then.
pub fn had_complained(snapshot: &Snapshot, person: Uuid, officer: Uuid, at: DateTime<Utc>) -> bool {
    let whose = root(snapshot, person, at);
    snapshot.complaints.iter().any(|complaint| {
        complaint.officer_id == officer
            && complaint.recorded_at <= at
            && root(snapshot, complaint.person_id, at) == whose
    })
}

/// What one version bound the person to, and when, told from the events of its case.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    pub strategy: Uuid,
    /// Whose case it is now, mergers and their reversals counted.
    pub person: Uuid,
    /// The record it was served on.
    pub served_on: Option<Uuid>,
    pub effective_from: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub lifted_at: Option<DateTime<Utc>>,
    /// When it was in force from, as an event and its time; and when and through which version it ended.
    pub put_in_force: (i64, DateTime<Utc>),
    pub ended: Option<(i64, DateTime<Utc>, Option<Uuid>)>,
    pub shared_at: Option<DateTime<Utc>>,
    pub limits: Vec<Value>,
    pub blocked: Vec<Value>,
}

impl Bound {
    pub fn stops_at(&self) -> DateTime<Utc> {
        self.lifted_at.map_or(self.ends_at, |lifted| lifted.min(self.ends_at))
    }

    pub fn binds(&self, at: DateTime<Utc>) -> bool {
        self.effective_from <= at && at < self.stops_at()
    }
}

/// Every strategy that ever came into force.
pub fn bounds(snapshot: &Snapshot, stories: &BTreeMap<Uuid, Story>) -> Vec<Bound> {
    let strategies = stories.values().filter(|story| story.is("communications-strategy"));
    let mut bounds: Vec<Bound> = strategies.filter_map(|story| bound(snapshot, story)).collect();
    bounds.sort_by_key(|bound| bound.put_in_force.0);
    let told = bounds.clone();
    for bound in &mut bounds {
        bound.lifted_at = lifted_at(snapshot, bound, &told);
    }
    bounds
}

/// A version that another one took over from binds until that one does; what happens to later ones only shortens this.
fn lifted_at(snapshot: &Snapshot, bound: &Bound, all: &[Bound]) -> Option<DateTime<Utc>> {
    let (position, at, through) = bound.ended?;
    let Some(through) = through else { return Some(at) };
    let next = all.iter().find(|other| other.strategy == through)?;
    let mut lifted = next.effective_from.max(at);
    let same = |other: &Bound, at| root(snapshot, other.person, at) == root(snapshot, bound.person, at);
    for other in all.iter().filter(|other| other.put_in_force.0 > position && other.strategy != through) {
        if same(other, other.put_in_force.1) {
            lifted = lifted.min(other.effective_from.max(other.put_in_force.1));
        }
    }
    for other in all.iter().filter(|other| other.strategy != bound.strategy) {
        if let Some((later, at, None)) = other.ended
            && later > position
            && same(other, at)
        {
            lifted = lifted.min(at);
        }
    }
    Some(lifted)
}

fn bound(snapshot: &Snapshot, story: &Story) -> Option<Bound> {
    let start = story.steps.iter().position(|step| step.to == "in_force" && step.from != "in_force")?;
    let service = &story.steps[start];
    let sent_on: NaiveDate = date(&service.input["sentOn"]).unwrap_or_else(|| london::date_of(service.at));
    let working_days = match service.input["method"].as_str() {
        Some("email") => Some(1),
        Some("letter") => Some(2),
        _ => None,
    };
    let next_day = sent_on.checked_add_days(chrono::Days::new(1));
    let deemed = working_days.map_or(next_day, |days| snapshot.calendar.add_working_days(sent_on, days))?;
    let end = story.steps[start + 1..].iter().find(|step| step.to != "in_force");
    let list = |name: &str| service.before[name].as_array().cloned().unwrap_or_default();
    let shared = story.steps[..start].iter().rev().find(|step| step.to == "shared" && step.from != "shared");
    Some(Bound {
        strategy: story.id,
        person: story.person?,
        served_on: service.person,
        effective_from: london::start_of_day(deemed),
        ends_at: date(&service.before["endsOn"]).map(london::start_of_day)?,
        lifted_at: None,
        put_in_force: (service.position, service.at),
        // Through a later version it is superseded; through an appeal it ends at once.
        ended: end.map(|step| (step.position, step.at, step.through.filter(|_| step.to == "superseded"))),
        shared_at: shared.map(|step| step.at),
        limits: list("limits"),
        blocked: list("blocking"),
    })
}

pub fn date(value: &Value) -> Option<NaiveDate> {
    value.as_str()?.parse().ok()
}
