//! Invariants on the record itself: 17, 21 and 25.

use super::super::history::{canonical, chained, sha256};
use super::Told;
use chrono::{DateTime, Duration, SecondsFormat, Utc};
use entities::events;
use evenhand::domain::access::Role;
use evenhand::domain::case::{Case, CaseEvent};
use evenhand::domain::ids::Id;
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Invariant 17: Every look, change, disclosure and merger is written down; what is written down is chained and stays.
pub fn everything_is_logged_and_chained(told: &Told<'_>) -> Vec<String> {
    let mut wrong = broken_chains(told);
    wrong.extend(forgotten_looks(told));
    let snapshot = told.snapshot;
    let told_of =
        |merge: &&entities::person_merges::Model| !told.is_erased(merge.kept_id) && !told.is_erased(merge.merged_id);
    for merge in snapshot.merges.iter().filter(told_of) {
        let is_told = |kind: &str, person: Uuid| {
            snapshot.events.iter().any(|event| {
                event.stream_id == person && event.kind == kind && event.data["merge"] == merge.id.to_string().as_str()
            })
        };
        let both = [merge.kept_id, merge.merged_id];
        let reversed = merge.reversed_at.is_some();
        if both.iter().any(|person| !is_told("merged", *person) || (reversed && !is_told("merge_reversed", *person))) {
            wrong.push(format!("merger {} is not on both histories", merge.id));
        }
    }
    for contact in &snapshot.contacts {
        if !snapshot.events.iter().any(|event| event.stream_id == contact.id && event.kind == "recorded") {
            wrong.push(format!("contact {} was recorded without a word", contact.id));
        }
    }
    wrong
}

fn broken_chains(told: &Told<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    let witness = &told.snapshot.witness;
    let seen: BTreeMap<i64, &events::Model> = witness.seen.iter().map(|event| (event.position, event)).collect();
    let mut heads: BTreeMap<Uuid, (i64, &str)> = BTreeMap::new();
    for event in &told.all.events {
        let (seq, before) = heads.get(&event.stream_id).copied().unwrap_or((0, ""));
        // What is to the letter what it was when its hash was right is right.
        let is_as_written =
            || seen.get(&event.position) == Some(&event) || is_disposed(event) || event.hash == chained(before, event);
        if event.seq != seq + 1 || event.prev_hash != before || !is_as_written() {
            wrong.push(format!("event {} of {} {} is not what was written", event.seq, event.stream, event.stream_id));
        }
        heads.insert(event.stream_id, (event.seq, &event.hash));
    }
    let now: BTreeMap<i64, &events::Model> = told.all.events.iter().map(|event| (event.position, event)).collect();
    let gone = seen.iter().filter(|(position, event)| {
        !now.get(position).is_some_and(|one| one == *event || is_disposed(one) && **one == without_words(event, one))
    });
    wrong.extend(gone.map(|(position, _)| format!("the event at {position} was there and is not, or is another")));
    let mut before = "";
    let (earlier, accesses) = (&witness.seen_accesses, &told.snapshot.accesses);
    if !accesses.starts_with(earlier) {
        wrong.push("the access log is not what it was".to_owned());
    }
    for (n, entry) in accesses.iter().enumerate() {
        if n < earlier.len() {
            before = &entry.hash;
            continue;
        }
        let value = json!({
            "at": entry.at.to_rfc3339_opts(SecondsFormat::Micros, true), "actor": entry.actor,
            "action": entry.action, "object": entry.object, "object_id": entry.object_id,
            "recipient": entry.recipient, "detail": entry.detail,
        });
        if entry.prev_hash != before || entry.hash != sha256(&format!("{before}{}", canonical(&value))) {
            wrong.push(format!("access log entry {} is not what was written", entry.position));
        }
        before = &entry.hash;
    }
    wrong
}

/// What disposals may leave is the matter of invariant 22.
fn is_disposed(event: &events::Model) -> bool {
    super::disposal::marker(event).is_some()
}

fn without_words(event: &events::Model, left: &events::Model) -> events::Model {
    events::Model { data: left.data.clone(), ..event.clone() }
}

fn forgotten_looks(told: &Told<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    let accesses = &told.snapshot.accesses;
    for (officer, object, id) in &told.snapshot.witness.looks {
        let logged = accesses.iter().any(|entry| {
            entry.actor["id"] == officer.to_string().as_str() && entry.object == *object && entry.object_id == *id
        });
        if !logged {
            wrong.push(format!("officer {officer} looked at {object} {id:?} and nobody wrote it down"));
        }
    }
    for story in told.strategies() {
        for step in story.steps.iter().filter(|step| step.action == "share") {
            let case = story.id.to_string();
            let disclosed = accesses.iter().any(|entry| {
                entry.action == "disclose"
                    && entry.object_id.as_deref() == Some(&case)
                    && entry.recipient.as_deref() == step.input["address"].as_str()
            });
            if !disclosed {
                wrong.push(format!("strategy {} was disclosed and nobody wrote down to whom", story.id));
            }
        }
    }
    wrong
}

/// Invariant 21: A case bears what its history says; only an appropriate authority or records lowers it; raising it raises
/// what is under it; its notices bear no less than it did when they were made, and it is never shown with less.
pub fn no_marking_is_lowered(told: &Told<'_>) -> Vec<String> {
    let mut wrong = unlawfully_marked(told);
    for row in &told.snapshot.cases {
        if rank(Some(&row.marking)) != borne(told, row.id, told.snapshot.now) {
            wrong.push(format!("case {} does not bear what its history says", row.id));
        }
    }
    for notice in &told.snapshot.notices {
        let lowered = rank(Some(&notice.marking)) < borne(told, notice.case_id, notice.created_at);
        if lowered || !notice.text.contains(&notice.marking) || !notice.html.contains(&notice.marking) {
            wrong.push(format!("notice {} does not bear the marking of its case", notice.id));
        }
    }
    for shown in &told.snapshot.witness.shown {
        if rank(shown.marking.as_deref()) < borne(told, shown.case, shown.at) {
            wrong.push(format!("case {} was shown with {:?}", shown.case, shown.marking));
        }
    }
    wrong
}

/// The lowest first.
const MARKINGS: [&str; 4] = ["OFFICIAL", "OFFICIAL-SENSITIVE", "SECRET", "TOP SECRET"];

fn rank(marking: Option<&str>) -> Option<usize> {
    MARKINGS.iter().position(|known| Some(*known) == marking)
}

/// What the history of a case says it bore then; `None` where it was not there, or is not told of any more.
fn borne(told: &Told<'_>, case: Uuid, at: DateTime<Utc>) -> Option<usize> {
    let marks = |event: &&events::Model| ["opened", "marked"].contains(&event.kind.as_str()) && event.at <= at;
    let marked = told.snapshot.events.iter().rfind(|event| event.stream_id == case && marks(event))?;
    rank(Some(marked.data["marking"].as_str().unwrap_or(MARKINGS[0])))
}

fn unlawfully_marked(told: &Told<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    let answers = |actor: &serde_json::Value| {
        let of = told.snapshot.witness.roles.iter().find(|(officer, _)| actor["id"] == officer.to_string().as_str());
        of.is_some_and(|(_, roles)| roles.iter().any(|role| [Role::Records, Role::AppropriateAuthority].contains(role)))
    };
    for event in told.snapshot.events.iter().filter(|event| event.stream == "case" && event.kind == "marked") {
        let (case, just_before) = (event.stream_id, event.at - Duration::microseconds(1));
        let now = rank(event.data["marking"].as_str());
        if now < borne(told, case, just_before) && !answers(&event.actor) {
            wrong.push(format!("case {case} was marked lower by somebody who does not answer for it"));
        }
        let below = told.stories.values().filter(|story| story.parent == Some(case) && story.opened_at < event.at);
        let forgotten = below.filter(|story| borne(told, story.id, event.at) < now);
        if now > borne(told, case, just_before) {
            wrong.extend(forgotten.map(|story| format!("case {} was not raised with the one above it", story.id)));
        }
    }
    wrong
}

/// Invariant 25: Replaying the events rebuilds the state of every case and meeting: by our own folding and by the program's.
pub fn events_rebuild_every_state(told: &Told<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    let of = |stream_id: Uuid| told.snapshot.events.iter().filter(move |event| event.stream_id == stream_id);
    for row in &told.snapshot.cases {
        let rebuilt = told.stories.get(&row.id).is_some_and(|story| {
            story.state() == row.state
                && i64::try_from(of(row.id).count()).unwrap() == row.version
                && story.person == row.person_id
                && story.parent == row.parent_id
                && story.opened_at == row.opened_at
                && canonical(story.data()) == canonical(&row.data)
                && story.data()["spoc"].as_str().map(str::to_owned) == row.spoc_id.map(|id| id.to_string())
        });
        let history = of(row.id).map(|event| CaseEvent {
            at: event.at,
            actor: serde_json::from_value(event.actor.clone()).unwrap(),
            what: serde_json::from_value(event.data.clone()).unwrap(),
        });
        let replayed = Case::replay(Id::from_uuid(row.id), &history.collect::<Vec<_>>()).is_some_and(|case| {
            (case.state.as_str(), case.version) == (row.state.as_str(), row.version)
                && case.state_since == row.state_since
                && canonical(&case.data) == canonical(&row.data)
        });
        if !rebuilt || !replayed {
            wrong.push(format!("{} {} is not what its events amount to", row.workflow, row.id));
        }
    }
    for meeting in &told.snapshot.meetings {
        let steps: Vec<&str> = of(meeting.id).map(|event| event.kind.as_str()).collect();
        let state = match (steps.contains(&"closed"), steps.contains(&"opened")) {
            (true, _) => "closed",
            (false, true) => "open",
            (false, false) => "planned",
        };
        if state != meeting.state || i64::try_from(steps.len()).unwrap() != meeting.version {
            wrong.push(format!("meeting {} is not what its events amount to", meeting.id));
        }
    }
    wrong
}
