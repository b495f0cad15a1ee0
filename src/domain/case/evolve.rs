//! The case that a history amounts to. Needs no workflow file: what a definition decided is in the events.

use super::event::{CaseEvent, ClockChange, Happening, Signature};
use super::pausing::Pause;
use crate::domain::ids::{CaseId, OfficerId, PersonId};
use crate::domain::marking::Marking;
use crate::domain::workflow::OPENING;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A case as its events leave it.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    pub id: CaseId,
    pub workflow: String,
    pub workflow_version: u32,
    /// The definition the case opened with and keeps.
    pub content_hash: String,
    pub state: String,
    pub state_since: DateTime<Utc>,
    /// The number of events so far: what a writer must know to add one.
    pub version: i64,
    pub person: Option<PersonId>,
    pub parent: Option<CaseId>,
    pub data: Value,
    pub opened_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// Who took which action, ever: what four eyes look at.
    pub took: BTreeMap<String, BTreeSet<OfficerId>>,
    /// The last signature of the content.
    pub signature: Option<Signature>,
    /// When the deadline of the present state stood, oldest first.
    pub pauses: Vec<Pause>,
    /// Its own; what the case is shown with may be higher.
    pub marking: Marking,
}

impl Case {
    /// The officer allocated as single point of contact, kept by convention in `data.spoc`.
    pub fn spoc(&self) -> Option<OfficerId> {
        self.data.get("spoc")?.as_str()?.parse().ok()
    }

    /// Folds a history. `None` where it does not begin with an opening.
    pub fn replay(id: CaseId, events: &[CaseEvent]) -> Option<Self> {
        let (first, rest) = events.split_first()?;
        let mut case = Self::opened(id, first)?;
        for event in rest {
            case.apply(event);
        }
        Some(case)
    }

    fn opened(id: CaseId, event: &CaseEvent) -> Option<Self> {
        let Happening::Opened {
            workflow, workflow_version, content_hash, state, person, parent, data, marking, ..
        } = &event.what
        else {
            return None;
        };
        Some(Self {
            id,
            workflow: workflow.clone(),
            workflow_version: *workflow_version,
            content_hash: content_hash.clone(),
            state: state.clone(),
            state_since: event.at,
            version: 1,
            person: *person,
            parent: *parent,
            data: if data.is_object() { data.clone() } else { Value::Object(Map::new()) },
            opened_at: event.at,
            updated_at: event.at,
            took: opened_by(event),
            signature: None,
            pauses: Vec::new(),
            marking: marking.unwrap_or_default(),
        })
    }

    /// The case after one more event.
    pub fn apply(&mut self, event: &CaseEvent) {
        self.version += 1;
        self.updated_at = event.at;
        match &event.what {
            Happening::Acted { action, to, input, into, signed, clock, .. } => {
                match clock {
                    Some(change) => self.change_clock(change, input, event.at),
                    None => keep_input(&mut self.data, into.as_deref(), input),
                }
                if let Some(officer) = event.actor.officer() {
                    self.took.entry(action.clone()).or_default().insert(officer);
                    if let Some(content_hash) = signed {
                        let content_hash = content_hash.clone();
                        self.signature = Some(Signature { by: officer, at: event.at, content_hash });
                    }
                }
                self.enter(to, event.at);
            }
            Happening::Struck { to, .. } => self.enter(to, event.at),
            Happening::Migrated { workflow_version, content_hash, to, data, .. } => {
                self.workflow_version = *workflow_version;
                self.content_hash.clone_from(content_hash);
                self.data = data.clone();
                // Under another name it is the same state: its deadline goes on.
                self.state.clone_from(to);
            }
            Happening::PersonLinked { person, .. } => self.person = *person,
            Happening::Marked { marking, .. } => self.marking = *marking,
            Happening::Opened { .. }
            | Happening::GuardFailed { .. }
            | Happening::LookedInto { .. }
            | Happening::Disposed { .. } => {}
        }
    }

    /// The reason stays with the pause: it is no part of what the case is about.
    fn change_clock(&mut self, change: &ClockChange, input: &Value, at: DateTime<Utc>) {
        match change {
            ClockChange::Paused { until } => {
                let reason = input.get("reason").and_then(Value::as_str).unwrap_or_default().to_owned();
                self.pauses.push(Pause { since: at, until: *until, resumed_at: None, reason });
            }
            ClockChange::Resumed => {
                if let Some(pause) = self.pauses.last_mut() {
                    pause.resumed_at = Some(at);
                }
            }
        }
    }

    fn enter(&mut self, state: &str, at: DateTime<Utc>) {
        if self.state != state {
            self.state = state.to_owned();
            self.state_since = at;
            self.pauses.clear();
        }
    }
}

/// Whoever opened the case took its first step: they may have written what it opened with.
pub(super) fn opened_by(event: &CaseEvent) -> BTreeMap<String, BTreeSet<OfficerId>> {
    event.actor.officer().map(|officer| (OPENING.to_owned(), BTreeSet::from([officer]))).into_iter().collect()
}

/// Keeps an action's input where the workflow says.
fn keep_input(data: &mut Value, into: Option<&str>, input: &Value) {
    let Some(fields) = data.as_object_mut() else { return };
    match into {
        None => {
            for (name, value) in input.as_object().into_iter().flatten() {
                fields.insert(name.clone(), value.clone());
            }
        }
        Some(place) => match place.strip_suffix("[]") {
            Some(list) => {
                let kept = fields.entry(list).or_insert_with(|| Value::Array(Vec::new()));
                match kept.as_array_mut() {
                    Some(items) => items.push(input.clone()),
                    None => *kept = Value::Array(vec![input.clone()]),
                }
            }
            None => {
                fields.insert(place.to_owned(), input.clone());
            }
        },
    }
}
