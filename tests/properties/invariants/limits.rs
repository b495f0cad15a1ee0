//! Invariants on what binds people and what becomes of their contacts: 4 to 7, 9 to 11, 18 and 19.

use super::super::history::{Bound, date, sha256, uuid};
use super::super::measure::measure;
use super::super::world::vouched_for;
use super::decisions::submitted;
use super::{Told, is_filled};
use entities::{contacts, events};
use evenhand::domain::calendar::london;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use uuid::Uuid;

const BREACHES: [&str; 5] = ["wrong_channel", "wrong_addressee", "closed_subject", "wrong_time", "over_frequency"];

fn kinds(contact: &contacts::Model) -> Vec<&str> {
    let detail = contact.verdict_detail.as_ref();
    detail.and_then(|detail| detail["kinds"].as_array()).into_iter().flatten().filter_map(Value::as_str).collect()
}

fn is_breach(contact: &contacts::Model) -> bool {
    kinds(contact).iter().any(|kind| BREACHES.contains(kind))
}

fn is_kept_back(contact: &contacts::Model) -> bool {
    ["held", "quarantine"].contains(&contact.place.as_str())
}

/// Breaches, each with what its strategy bound the person to.
fn breaches<'t>(told: &'t Told<'_>) -> impl Iterator<Item = (&'t contacts::Model, Option<&'t Bound>)> {
    let breaches = told.snapshot.contacts.iter().filter(|contact| is_breach(contact));
    breaches.filter_map(|contact| {
        let rests_on = uuid(&contact.verdict_detail.as_ref().unwrap()["strategy"]);
        let told_of = !rests_on.is_some_and(|strategy| told.is_erased(strategy));
        told_of.then(|| (contact, told.bounds.iter().find(|bound| Some(bound.strategy) == rests_on)))
    })
}

/// Invariant 4: Never in force before it was shared; limits bind from the deemed date of service, which is not before the
/// sharing; no contact before that is a breach.
pub fn in_force_only_after_sharing_and_no_breach_before_it_binds(told: &Told<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    for bound in &told.bounds {
        match bound.shared_at {
            None => wrong.push(format!("strategy {} came into force unshared", bound.strategy)),
            Some(shared) if bound.effective_from < london::start_of_day(london::date_of(shared)) => {
                wrong.push(format!("strategy {} binds from before it was shared", bound.strategy));
            }
            Some(_) => {}
        }
    }
    for (contact, bound) in breaches(told) {
        if bound.is_none_or(|bound| contact.received_at < bound.effective_from) {
            wrong.push(format!("contact {} breaches what did not bind yet", contact.id));
        }
    }
    wrong
}

/// Invariant 5: Nothing in force lacks its review or end date; past its end it binds nobody.
pub fn review_and_end_dates_and_nothing_binds_past_the_end(told: &Told<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    for story in told.strategies() {
        let in_force = story.steps.iter().filter(|step| step.to == "in_force" && step.from != "in_force");
        for step in in_force {
            let (review, end) = (date(&step.before["reviewOn"]), date(&step.before["endsOn"]));
            if review.is_none() || end.is_none() || review >= end {
                wrong.push(format!("strategy {} came into force without review and end", story.id));
            }
        }
    }
    for (contact, bound) in breaches(told) {
        if bound.is_some_and(|bound| contact.received_at >= bound.stops_at()) {
            wrong.push(format!("contact {} breaches what bound no more", contact.id));
        }
    }
    wrong
}

/// Invariant 6: At most one strategy in force a person, mergers counted.
pub fn one_strategy_in_force_a_person(told: &Told<'_>) -> Vec<String> {
    let mut by_person: BTreeMap<Uuid, (usize, usize)> = BTreeMap::new();
    for row in told.snapshot.strategies.iter().filter(|row| row.lifted_at.is_none()) {
        by_person.entry(told.root(row.person_id)).or_default().0 += 1;
    }
    for story in told.strategies().filter(|story| story.state() == "in_force") {
        if let Some(person) = story.person {
            by_person.entry(told.root(person)).or_default().1 += 1;
        }
    }
    let mut wrong = Vec::new();
    for (n, one) in told.bounds.iter().enumerate() {
        // Those served on one record: of people merged later each may have been bound at the time.
        for other in told.bounds.iter().skip(n + 1).filter(|other| other.served_on == one.served_on) {
            if one.effective_from.max(other.effective_from) < one.stops_at().min(other.stops_at()) {
                wrong.push(format!("strategies {} and {} bind at once", one.strategy, other.strategy));
            }
        }
    }
    let several = by_person.iter().filter(|(_, (rows, cases))| *rows > 1 || *cases > 1);
    wrong.extend(several.map(|(person, _)| format!("person {person} has more than one strategy in force")));
    wrong
}

/// Invariant 7: Blocking stands in the approved text with two alternatives tried; whatever came in is kept to the byte, and what
/// is held back is measured, waits on somebody's list until it is read, and is not closed before its questions are answered.
pub fn blocking_as_approved_and_what_it_blocks_is_kept_and_read(told: &Told<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    for row in &told.snapshot.strategies {
        let approved = told
            .stories
            .get(&row.case_id)
            .and_then(|story| story.steps.iter().rev().find(|step| step.signed.is_some()));
        let text = approved.map(|step| step.before["blocking"].as_array().cloned().unwrap_or_default());
        for block in row.blocked.as_array().into_iter().flatten() {
            let tried = block["alternatives"].as_array().into_iter().flatten();
            let tried = tried.filter(|tried| is_filled(&tried["tried"]) && is_filled(&tried["whyFailed"])).count();
            if tried < 2 || !text.as_ref().is_some_and(|text| text.contains(block)) {
                wrong.push(format!("strategy {} blocks what was not approved as a last resort", row.case_id));
            }
        }
    }
    wrong.extend(lost_mail(told));
    for contact in told.snapshot.contacts.iter().filter(|contact| is_kept_back(contact)) {
        let unread = contact.handling == "open";
        let on_a_list = told.snapshot.tasks.iter().any(|task| {
            task.kind == "read_held" && task.contact_id == Some(contact.id) && task.done_at.is_none() == unread
        });
        if !on_a_list || contact.verdict.is_none() {
            wrong.push(format!("contact {} is kept back and nobody is asked to read it", contact.id));
        }
        let answered = of_contacts(told, "handled")
            .any(|event| event.stream_id == contact.id && event.data["answers"]["risk"].is_boolean());
        if unread != contact.ticks_owed || !(unread || answered) {
            wrong.push(format!("contact {} is kept back and its seven questions were not answered", contact.id));
        }
    }
    let unanswered = told.snapshot.contacts.iter().filter(|contact| contact.ticks_owed && contact.handling == "closed");
    wrong.extend(unanswered.map(|contact| format!("contact {} was closed and owes its answers", contact.id)));
    wrong
}

fn lost_mail(told: &Told<'_>) -> Vec<String> {
    let bodies: BTreeMap<Uuid, &[u8]> =
        told.snapshot.bodies.iter().map(|body| (body.mail_id, body.raw.as_slice())).collect();
    let mut lost = Vec::new();
    for (mail, raw) in &told.snapshot.witness.kept {
        if bodies.get(mail) != Some(&raw.as_slice()) {
            lost.push(format!("message {mail} was acknowledged and is not kept as it came"));
        }
    }
    for mail in &told.snapshot.mails {
        if bodies.get(&mail.id).is_none_or(|raw| hex::encode(Sha256::digest(raw)) != mail.sha256) {
            lost.push(format!("message {} cannot be read back", mail.id));
        }
    }
    let gone = |contact: &&contacts::Model| contact.mail_id.is_some_and(|mail| !bodies.contains_key(&mail));
    lost.extend(
        told.snapshot.contacts.iter().filter(gone).map(|contact| format!("contact {} lost its mail", contact.id)),
    );
    lost
}

/// Invariant 9: No text that is submitted touches 999 or 101, and no contact by them is ever a breach or kept back.
pub fn emergency_numbers_are_never_limited(told: &Told<'_>) -> Vec<String> {
    let is_emergency = |channel: &str| ["999", "101"].contains(&channel);
    let mut wrong = Vec::new();
    for (story, step) in submitted(told) {
        let entries =
            ["limits", "blocking"].into_iter().flat_map(|name| step.before[name].as_array().into_iter().flatten());
        if entries.into_iter().any(|entry| entry["channel"].as_str().is_none_or(is_emergency)) {
            wrong.push(format!("strategy {} limits an emergency number", story.id));
        }
    }
    let calls = told.snapshot.contacts.iter().filter(|contact| is_emergency(&contact.channel));
    for call in calls.filter(|call| is_breach(call) || is_kept_back(call)) {
        wrong.push(format!("call {} to {} was limited", call.id, call.channel));
    }
    wrong
}

fn of_contacts<'t>(told: &'t Told<'_>, kind: &str) -> impl Iterator<Item = &'t events::Model> {
    told.snapshot.events.iter().filter(move |event| event.stream == "contact" && event.kind == kind)
}

/// Invariant 10: Whoever ticks that something is a complaint makes a task to record it, whatever the limits say.
pub fn every_complaint_gets_its_recording_task(told: &Told<'_>) -> Vec<String> {
    let raised = |event: &&events::Model| {
        event.data["raised"].as_array().is_some_and(|flags| flags.contains(&"complaint".into()))
    };
    let ticked = of_contacts(told, "handled").filter(|event| event.data["answers"]["complaint"] == true);
    let ticked = ticked.chain(of_contacts(told, "triaged").filter(raised));
    let is_asked = |contact: Uuid| {
        told.snapshot.tasks.iter().any(|task| task.kind == "record_complaint" && task.contact_id == Some(contact))
    };
    let forgotten = ticked.filter(|event| !is_asked(event.stream_id));
    forgotten.map(|event| format!("the complaint in contact {} is not to be recorded", event.stream_id)).collect()
}

/// Invariant 11: What a person ticked as outside the limits is no breach and is not kept back; what a rule suspects to be such
/// and is kept back is read at once.
pub fn rights_requests_are_never_limited(told: &Told<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    for contact in &told.snapshot.contacts {
        if contact.exempt && (is_breach(contact) || is_kept_back(contact)) {
            wrong.push(format!("contact {} is outside the limits and limited", contact.id));
        }
        let flagged = contact.flags.as_array().is_some_and(|flags| !flags.is_empty());
        let unread = contact.handling == "open" && is_kept_back(contact) && flagged;
        if unread && contact.read_due_at.is_none_or(|due| due > contact.recorded_at) {
            wrong.push(format!("contact {} is flagged, kept back and not to be read at once", contact.id));
        }
    }
    let ticked = of_contacts(told, "handled").filter(|event| event.data["answers"]["rights"] == true);
    let limited = ticked.filter(|event| event.data["exempt"] != true);
    wrong.extend(limited.map(|event| format!("the rights request {} stays within the limits", event.stream_id)));
    wrong
}

/// Invariant 18: Every verdict is what brute force finds from the attributions and mergers that stand; merging and reversing at
/// once leaves every verdict as it was.
pub fn verdicts_follow_attribution_and_mergers(told: &Told<'_>) -> Vec<String> {
    let mut wrong = told.snapshot.witness.not_restored.clone();
    let mut by_person: BTreeMap<Option<Uuid>, Vec<&contacts::Model>> = BTreeMap::new();
    for contact in &told.snapshot.contacts {
        let counts = ["verified", "confirmed"].contains(&contact.attribution.as_str());
        let whose = contact.person_id.filter(|_| counts).map(|person| told.root(person));
        if whose != contact.counts_for_id {
            wrong.push(format!("contact {} counts for {:?}, not {whose:?}", contact.id, contact.counts_for_id));
        }
        by_person.entry(contact.counts_for_id).or_default().push(contact);
    }
    for (person, contacts) in by_person {
        if person.is_some_and(|person| told.forgotten_limits.contains(&person)) {
            continue;
        }
        let of_person = |bound: &&Bound| person.is_some_and(|person| told.root(bound.person) == person);
        let bounds: Vec<&Bound> = told.bounds.iter().filter(of_person).collect();
        let found = measure(&contacts, &bounds);
        for contact in contacts {
            let expected = &found[&contact.id];
            let detail = contact.verdict_detail.clone().unwrap_or_default();
            let frequency = &detail["frequency"];
            let used = frequency["limit"].as_u64().map(|limit| (limit, frequency["used"].as_u64().unwrap()));
            let same = kinds(contact) == expected.kinds
                && contact.verdict.as_deref() == expected.kinds.first().copied()
                && uuid(&detail["strategy"]) == expected.strategy
                && (detail["blocked"] == true) == expected.blocked
                && used.is_none_or(|(limit, used)| expected.used.get(&limit) == Some(&used));
            if !same {
                wrong.push(format!("contact {} should be {expected:?} and is {detail}", contact.id));
            }
        }
    }
    wrong
}

/// Invariant 19: Where our border server did not vouch for a mail, no breach, hold or counting rests on it, unless a named person
/// decided whose it is; and nothing is sent but by somebody's act.
pub fn nothing_rests_on_an_unproven_sender(told: &Told<'_>) -> Vec<String> {
    let bodies: BTreeMap<Uuid, &[u8]> =
        told.snapshot.bodies.iter().map(|body| (body.mail_id, body.raw.as_slice())).collect();
    let decided: Vec<Uuid> = of_contacts(told, "attributed")
        .filter(|event| event.actor["kind"] == "officer" && event.data["to"]["attribution"] == "confirmed")
        .map(|event| event.stream_id)
        .collect();
    let mut wrong = Vec::new();
    for contact in &told.snapshot.contacts {
        let Some(raw) = contact.mail_id.and_then(|mail| bodies.get(&mail)) else { continue };
        let rests = is_breach(contact) || is_kept_back(contact) || contact.counts_for_id.is_some();
        if rests && !vouched_for(raw) && !decided.contains(&contact.id) {
            wrong.push(format!("contact {} rests on an unproven sender", contact.id));
        }
    }
    let by_officers: Vec<Uuid> =
        told.all.events.iter().filter(|event| event.actor["kind"] == "officer").map(|event| event.id).collect();
    // The one exception: the clock that ends a strategy tells the person so, where the notice had gone by e-mail.
    let expired: Vec<Uuid> = told
        .snapshot
        .events
        .iter()
        .filter(|event| event.kind == "struck" && event.data["to"] == "expired")
        .filter(|event| event.actor["kind"] == "clock")
        .map(|event| event.id)
        .collect();
    let automatic = told
        .snapshot
        .outgoing
        .iter()
        .filter(|sent| !by_officers.contains(&sent.cause_event_id) && !expired.contains(&sent.cause_event_id));
    wrong.extend(automatic.map(|sent| format!("mail {} was sent by no act of a person", sent.id)));
    wrong
}

/// What limits are measured from is what the events of the strategies say.
pub fn rows_say_what_events_say(told: &Told<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    if told.snapshot.strategies.len() != told.bounds.len() {
        wrong.push("strategies came into force that are not measured against, or the other way round".to_owned());
    }
    for row in &told.snapshot.strategies {
        let Some(bound) = told.bounds.iter().find(|bound| bound.strategy == row.case_id) else { continue };
        let list = |value: &Value| sha256(&super::super::history::canonical(value));
        let same = told.root(row.person_id) == told.root(bound.person)
            && row.effective_from == bound.effective_from
            && row.ends_at == bound.ends_at
            && row.lifted_at == bound.lifted_at
            && list(&row.limits) == list(&bound.limits.clone().into())
            && list(&row.blocked) == list(&bound.blocked.clone().into());
        if !same {
            wrong
                .push(format!("the limits of strategy {} are not what its events say: {row:?} {bound:?}", row.case_id));
        }
    }
    wrong
}
