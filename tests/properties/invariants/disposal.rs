//! Invariant 22, and what is left to judge after a disposal. Told from events, and from what the test saw just before.

use super::super::casework::is_final;
use super::super::history::{self, Story, chained, root, uuid};
use super::super::retention::RETENTION_REVIEW;
use super::super::snapshot::Snapshot;
use super::{Told, is_filled};
use chrono::{DateTime, Utc};
use entities::events;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// A disposal as the history of its review tells it.
pub struct Disposal {
    pub review: Uuid,
    pub event: Uuid,
    pub position: i64,
    pub at: DateTime<Utc>,
    pub case: Option<Uuid>,
    /// Each named event, by stream and number: its hash, and the hash over what is left.
    pub named: HashMap<(Uuid, i64), (String, String)>,
    /// Each named stream, and of what kind it is.
    pub streams: BTreeMap<Uuid, String>,
}

pub fn disposals(snapshot: &Snapshot) -> Vec<Disposal> {
    snapshot.events.iter().filter(|event| event.kind == "disposed" && event.stream == "case").map(disposal).collect()
}

fn disposal(event: &events::Model) -> Disposal {
    let (mut named, mut streams) = (HashMap::new(), BTreeMap::new());
    for stream in event.data["streams"].as_array().into_iter().flatten() {
        let Some(id) = uuid(&stream["id"]) else { continue };
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        streams.insert(id, text(&stream["stream"]));
        for one in stream["events"].as_array().into_iter().flatten() {
            named.insert((id, one["seq"].as_i64().unwrap_or_default()), (text(&one["hash"]), text(&one["left"])));
        }
    }
    let (review, case) = (event.stream_id, uuid(&event.data["case"]));
    Disposal { review, event: event.id, position: event.position, at: event.at, case, named, streams }
}

/// The event that is said to have taken from this one what it said.
pub fn marker(event: &events::Model) -> Option<Uuid> {
    let fields = event.data.as_object().filter(|fields| fields.len() == 1)?;
    uuid(fields.get("disposedBy")?)
}

/// The snapshot without what was disposed of: the other invariants are about what is kept. Mergers that were erased with a
/// person still tell who was whom.
pub fn kept(snapshot: &Snapshot, disposals: &[Disposal]) -> Snapshot {
    let erased: BTreeSet<Uuid> = disposals.iter().flat_map(|one| one.streams.keys().copied()).collect();
    let mut kept = snapshot.clone();
    kept.events.retain(|event| !erased.contains(&event.stream_id));
    kept.cases.retain(|case| !erased.contains(&case.id));
    kept.witness.kept.retain(|(mail, _)| !erased.contains(mail));
    for (_, before) in &snapshot.witness.disposals {
        let gone = before.merges.iter().filter(|merge| !kept.merges.iter().any(|one| one.id == merge.id));
        let gone: Vec<_> = gone.cloned().collect();
        kept.merges.extend(gone);
        // A mail goes with the contact that came from it.
        let came = before.contacts.iter().filter(|contact| erased.contains(&contact.id));
        let mails: BTreeSet<Uuid> = came.filter_map(|contact| contact.mail_id).collect();
        kept.witness.kept.retain(|(mail, _)| !mails.contains(mail));
    }
    kept
}

/// People of whom a strategy was disposed of, but not they: what its limits were is not told any more.
pub fn forgotten_limits(snapshot: &Snapshot, disposals: &[Disposal]) -> BTreeSet<Uuid> {
    let erased = |id: &Uuid| disposals.iter().any(|one| one.streams.contains_key(id));
    let before = snapshot.witness.disposals.iter().flat_map(|(_, before)| &before.strategies);
    before.filter(|row| erased(&row.case_id)).map(|row| root(snapshot, row.person_id, snapshot.now)).collect()
}

/// Invariant 22: A hold beats disposal. Two named people dispose of a case; nothing is disposed of while a recorded hold
/// on it is open, or while the person has an open case or order, a strategy in force or a contact that owes its answers;
/// what is gone is exactly what the disposal names, and none of it is anybody else's.
pub fn a_hold_beats_disposal(told: &Told<'_>) -> Vec<String> {
    let mut wrong = unnamed(told);
    for disposal in &told.disposals {
        let mut fault = |what: String| wrong.push(format!("the disposal by review {} {what}", disposal.review));
        if !is_by_two_people(told, disposal) {
            fault("was not proposed by one named person and confirmed by another".to_owned());
        }
        let open = told.stories.values().filter(|story| holds(story, disposal));
        open.for_each(|story| fault(format!("went over a hold recorded in review {}", story.id)));
        match told.all.witness.disposals.iter().find(|(review, _)| *review == disposal.review) {
            None => fault("was seen by nobody".to_owned()),
            Some((_, before)) => held_by_itself(before, disposal).into_iter().for_each(&mut fault),
        }
        still_there(told, disposal).into_iter().for_each(&mut fault);
    }
    wrong
}

fn is_by_two_people(told: &Told<'_>, disposal: &Disposal) -> bool {
    let Some(review) = told.stories.get(&disposal.review) else { return false };
    let earlier = |action: &'static str| {
        review.steps.iter().rev().find(move |step| step.position < disposal.position && step.action == action)
    };
    let (Some(proposed), Some(confirmed)) = (earlier("propose_disposal"), earlier("confirm_disposal")) else {
        return false;
    };
    proposed.officer.is_some()
        && confirmed.officer.is_some()
        && proposed.officer != confirmed.officer
        && is_filled(&proposed.input["reason"])
}

/// Whether this review is about what was disposed of, and a hold recorded in it was open then.
fn holds(review: &Story, disposal: &Disposal) -> bool {
    let about = review.steps.first().and_then(|opening| uuid(&opening.after["reviewedCase"]));
    if !review.is(RETENTION_REVIEW) || !about.is_some_and(|case| disposal.streams.contains_key(&case)) {
        return false;
    }
    let mut open: BTreeMap<(String, String), i64> = BTreeMap::new();
    for step in review.steps.iter().filter(|step| step.position < disposal.position) {
        let by = match step.action.as_str() {
            "record_hold" => 1,
            "release_hold" => -1,
            _ => continue,
        };
        let text = |name: &str| step.input[name].as_str().unwrap_or_default().trim().to_owned();
        *open.entry((text("kind"), text("reference"))).or_default() += by;
    }
    open.values().any(|count| *count > 0)
}

/// What held the record though nobody had to record it, and what went that was not of this person or case.
fn held_by_itself(before: &Snapshot, disposal: &Disposal) -> Vec<String> {
    let before = &kept(before, &disposals(before));
    let stories = history::stories(before);
    let whose = disposal.case.and_then(|case| stories.get(&case)).and_then(|story| story.person);
    let whose = whose.map(|person| root(before, person, disposal.at));
    let is_theirs = |person: Option<Uuid>| whose.is_some() && person.map(|one| root(before, one, disposal.at)) == whose;
    let mut wrong = Vec::new();
    for story in stories.values().filter(|story| !story.is(RETENTION_REVIEW)) {
        let goes = disposal.streams.contains_key(&story.id);
        if (goes || is_theirs(story.person)) && !is_final(story.state()) {
            wrong.push(format!("went over {} {}, which had not ended", story.workflow, story.id));
        }
        let below = disposal.case.is_some_and(|case| is_below(&stories, story, case));
        if goes != below {
            wrong.push(format!("and case {}: below what was disposed of {below}, gone {goes}", story.id));
        }
        let person_goes = disposal.streams.values().any(|kind| kind == "person");
        if person_goes && !goes && is_theirs(story.person) {
            wrong.push(format!("took the person of case {}, which is kept", story.id));
        }
    }
    for bound in history::bounds(before, &stories) {
        if is_theirs(Some(bound.person)) && bound.stops_at() > disposal.at {
            wrong.push(format!("went over strategy {}, which binds", bound.strategy));
        }
    }
    for contact in before.contacts.iter().filter(|contact| contact.ticks_owed) {
        if is_theirs(contact.person_id) || is_theirs(contact.counts_for_id) {
            wrong.push(format!("went over contact {}, which nobody has read", contact.id));
        }
    }
    for (stream, _) in disposal.streams.iter().filter(|(_, kind)| *kind == "person") {
        if !is_theirs(Some(*stream)) {
            wrong.push(format!("took person {stream}, whom it was not about"));
        }
    }
    wrong
}

fn is_below(stories: &BTreeMap<Uuid, Story>, story: &Story, case: Uuid) -> bool {
    story.id == case
        || story.parent.and_then(|parent| stories.get(&parent)).is_some_and(|parent| is_below(stories, parent, case))
}

/// Every event without words is named by the disposal it names, with its hash and the hash over what is left.
fn unnamed(told: &Told<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    for event in &told.all.events {
        let Some(by) = marker(event) else { continue };
        let disposal = told.disposals.iter().find(|one| one.event == by && one.position > event.position);
        let named = disposal.and_then(|one| one.named.get(&(event.stream_id, event.seq)));
        if !named.is_some_and(|(hash, left)| *hash == event.hash && *left == chained(&event.prev_hash, event)) {
            wrong.push(format!("event {} of {} lost its words, and no disposal says so", event.seq, event.stream_id));
        }
    }
    wrong
}

/// What was named and still says something.
fn still_there(told: &Told<'_>, disposal: &Disposal) -> Vec<String> {
    let named = told.all.events.iter().filter(|event| disposal.streams.contains_key(&event.stream_id));
    let kept = named.filter(|event| event.position < disposal.position && marker(event).is_none());
    kept.map(|event| format!("left what event {} of {} said", event.seq, event.stream_id)).collect()
}
