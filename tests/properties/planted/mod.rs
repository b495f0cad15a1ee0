//! Planted bugs: each invariant is broken the way a bug would leave it, in a history that is otherwise sound, and its
//! checker says so, and no other does. Chains are sealed again after tampering, because a bug would write sound chains;
//! only the test of the chain itself leaves them as they are. Some bugs are planted in the workflow files instead, and
//! found by the random histories (`random`).

mod disposal;
mod owed;
mod random;

use super::door::Door;
use super::forms;
use super::history::chained;
use super::invariants::{CHECKERS, violations};
use super::rng::Rng;
use super::snapshot::Snapshot;
use super::world::{MAILBOX, Mail, OWN, World, command, shipped};
use crate::support::TestDatabase;
use chrono::Duration;
use entities::{cases, contacts, events};
use evenhand::app::cases::{NewCase, open_case};
use evenhand::app::contacts::{ContactFacts, Handling, handle_contact, record_contact};
use evenhand::app::mail::{Incoming, MailSource, keep_mail};
use evenhand::app::people::{NewAdjustment, merge_people, record_adjustment, reverse_merge};
use evenhand::domain::contact::{Channel, Flag};
use evenhand::domain::ids::Id;
use evenhand::worker;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;
use uuid::Uuid;

/// A strategy in force that limits e-mail to one a week and blocks online chat; a mail within it, one held over it, a
/// spoofed one; a complaint ticked, a rights request ticked, an emergency call; a merger reversed; a case and a contact
/// looked at, a question answered by MASH; an appeal that was upheld, offences considered and referred; for another person
/// a warning, its breach and the notice; and a case of a third that was held, released and disposed of with its person.
fn sound() -> Snapshot {
    static SOUND: OnceLock<Snapshot> = OnceLock::new();
    let make = || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(sound_history())
    };
    // On a thread of its own: the caller may be inside a runtime.
    SOUND.get_or_init(|| std::thread::spawn(make).join().unwrap()).clone()
}

async fn sound_history() -> Snapshot {
    let mut rng = Rng::new(7);
    let mut world = World::begin(TestDatabase::sqlite(), shipped(), Door::App, &mut rng).await;
    let (staff, person) = (world.actor("staff"), world.people[1]);
    let input = json!({ "source": "manual", "reason": "Nine mails in two days." });
    let new = NewCase { workflow: "frequent-service-user".to_owned(), person: Some(person), parent: None, input };
    open_case(&world.app, &staff, new).await.unwrap();
    let large = NewAdjustment {
        kind: "large_print".to_owned(),
        detail: "Letters in 16 point.".to_owned(),
        since: None,
        review_on: None,
    };
    record_adjustment(&world.app, &staff, person, large).await.unwrap();
    until_in_force(&mut world, &mut rng).await;
    world.app.clock.advance(Duration::days(1));
    for (n, dmarc) in [(1, "pass"), (2, "pass"), (3, "pass"), (4, "fail")] {
        world.app.clock.advance(Duration::hours(1));
        let message_id = format!("sound{n}");
        let mail =
            Mail { from: OWN[1], dmarc: Some(dmarc), subject: "A letter", words: "Again.", headers: "", message_id };
        let (raw, recipient) = (mail.raw(), MAILBOX.to_owned());
        let incoming =
            Incoming { raw: raw.clone(), recipient, source: MailSource::Http, received_at: None, envelope_from: None };
        let kept = keep_mail(&world.app, &world.border, incoming).await.unwrap();
        world.witness.kept.push((kept.id.as_uuid(), raw));
        worker::work_off(&world.app).await.unwrap();
    }
    for channel in [Channel::Phone999, Channel::OnlineChat, Channel::OnlineChat, Channel::Letter] {
        world.app.clock.advance(Duration::hours(1));
        let facts = ContactFacts {
            channel,
            received_at: None,
            addressee: None,
            presented: None,
            subject: None,
            words: Some("Again.".to_owned()),
            external_system: None,
            external_ref: None,
            person_id: Some(person),
            person_reference: None,
        };
        record_contact(&world.app, &world.actor("ccr"), facts).await.unwrap();
    }
    tick(&world, Flag::Complaint, 0).await;
    tick(&world, Flag::RightsRequest, 1).await;
    let pair = (person, world.people[2]);
    let merge = merge_people(&world.app, &staff, pair, "One and the same.".to_owned()).await.unwrap();
    world.app.clock.advance(Duration::hours(1));
    reverse_merge(&world.app, &staff, merge.id, "Two after all.".to_owned()).await.unwrap();
    let (case, reader) = (world.cases().await.remove(0), world.officer("staff").clone());
    world.look_at_a_case(&reader, &case).await;
    let held = world.contacts().await.into_iter().find(|contact| contact.place == "held").unwrap();
    world.look_at_a_contact(&reader, held.id).await;
    owed::order(&mut world).await;
    owed::appeal(&mut world).await;
    owed::offences(&mut world).await;
    owed::disposal(&mut world).await;
    world.snapshot().await
}

/// Takes every step, by whoever has to, until the strategy binds.
async fn until_in_force(world: &mut World, rng: &mut Rng) {
    while !world.cases().await.iter().any(|case| case.state == "in_force") {
        world.app.clock.advance(Duration::minutes(10));
        let waits = |case: &cases::Model| case.state != "strategy_in_progress" && case.workflow != "consultation";
        let open = world.cases().await.into_iter().rev().find(waits).unwrap();
        match (open.state.as_str(), open.data.get("ndm")) {
            ("draft", None) => {
                let spoc = world.officer_with_id(open.spoc_id.unwrap()).unwrap();
                let draft = the_strategy(world, rng);
                world.act(&spoc, &open, command("edit", draft)).await.unwrap();
                owed::ask_mash(world).await;
            }
            ("approved", _) if open.data["harmTest"].get("items").is_some() => {
                let decided = json!({ "outcome": "full", "redactions": [], "reason": "As prepared." });
                world.act(&world.actor("authority"), &open, command("decide_harm_test", decided)).await.unwrap();
            }
            ("harm_tested", _) => {
                let spoc = world.officer_with_id(open.spoc_id.unwrap()).unwrap();
                let shared = json!({ "method": "in_person", "address": "At home.", "format": "standard",
                                     "adjustmentsMet": "None in force." });
                world.act(&spoc, &open, command("share", shared)).await.unwrap();
            }
            ("shared", _) => {
                let spoc = world.officer_with_id(open.spoc_id.unwrap()).unwrap();
                let served = json!({ "method": "in_person", "address": "At home.", "sentOn": world.today() });
                world.act(&spoc, &open, command("record_service", served)).await.unwrap();
            }
            _ => assert!(world.step_on(&open, 0, rng).await),
        }
    }
}

fn the_strategy(world: &World, rng: &mut Rng) -> Value {
    let tried =
        json!([{ "tried": "A warning", "whyFailed": "Ignored" }, { "tried": "One a week", "whyFailed": "Daily" }]);
    let mut draft = forms::strategy(world.today(), 0, rng);
    draft["limits"] = json!([{ "channel": "email", "allowed": true, "max": 1,
                               "window": { "kind": "rolling", "unit": "week", "n": 1 } }]);
    draft["blocking"] = json!([{ "channel": "online_chat", "alternatives": tried }]);
    draft
}

/// Ticks one question on the n-th contact that is held back.
async fn tick(world: &World, ticked: Flag, n: usize) {
    let snapshot = world.snapshot().await;
    let held: Vec<_> =
        snapshot.contacts.iter().filter(|contact| contact.place == "held" || contact.place == "quarantine").collect();
    let answers: BTreeMap<Flag, bool> = Flag::ALL.map(|flag| (flag, flag == ticked)).into();
    let asked =
        Handling { contact: Id::from_uuid(held[n].id), version: None, answers, note: String::new(), close: false };
    handle_contact(&world.app, &world.actor("staff"), asked).await.unwrap();
}

/// The invariants that this snapshot breaks.
fn broken(snapshot: &Snapshot) -> BTreeSet<u8> {
    violations(snapshot).into_iter().map(|violation| violation.invariant).collect()
}

/// Plants a bug; only this invariant's checker may notice, and it must.
#[track_caller]
fn only(invariant: u8, plant: impl FnOnce(&mut Snapshot)) {
    let mut snapshot = sound();
    plant(&mut snapshot);
    seal_again(&mut snapshot);
    assert_eq!(broken(&snapshot), BTreeSet::from([invariant]), "{:#?}", violations(&snapshot));
}

fn seal_again(snapshot: &mut Snapshot) {
    let mut heads: HashMap<Uuid, (i64, String)> = HashMap::new();
    let disposals = snapshot.events.iter().filter(|event| event.kind == "disposed");
    let streams = disposals.flat_map(|event| event.data["streams"].as_array().cloned().unwrap_or_default());
    let disposed: BTreeSet<Uuid> = streams.filter_map(|stream| super::history::uuid(&stream["id"])).collect();
    for event in &mut snapshot.events {
        let (seq, before) = heads.get(&event.stream_id).cloned().unwrap_or_default();
        event.seq = seq + 1;
        // What was disposed of keeps the hash over what it said.
        let by_a_disposal = disposed.contains(&event.stream_id) && event.data.get("disposedBy").is_some();
        event.hash = if by_a_disposal { event.hash.clone() } else { chained(&before, event) };
        event.prev_hash = before;
        heads.insert(event.stream_id, (event.seq, event.hash.clone()));
    }
    for case in &mut snapshot.cases {
        case.version = heads.get(&case.id).map_or(0, |(seq, _)| *seq);
    }
}

fn strategy(snapshot: &mut Snapshot) -> &mut cases::Model {
    snapshot.cases.iter_mut().find(|case| case.workflow == "communications-strategy").unwrap()
}

/// The event of a step on a case.
fn acted<'s>(snapshot: &'s mut Snapshot, action: &str) -> &'s mut events::Model {
    snapshot.events.iter_mut().find(|event| event.data["action"] == action).unwrap()
}

/// A contact by its leading verdict.
fn contact<'s>(snapshot: &'s mut Snapshot, verdict: &str) -> &'s mut contacts::Model {
    let mut found = snapshot.contacts.iter_mut().filter(|contact| contact.verdict.as_deref() == Some(verdict));
    found.next().unwrap()
}

/// Changes the text of the strategy in one event and wherever it was copied from there.
fn in_the_text(snapshot: &mut Snapshot, change: impl Fn(&mut Value)) {
    change(&mut acted(snapshot, "edit").data["input"]);
    change(&mut strategy(snapshot).data);
    let story = super::history::stories(snapshot);
    let text = super::history::content_hash(story[&strategy(snapshot).id].data());
    acted(snapshot, "approve").data["signed"] = json!(text);
    snapshot.notices.iter_mut().for_each(|notice| notice.content_hash.clone_from(&text));
    let case = strategy(snapshot).data.clone();
    let row = &mut snapshot.strategies[0];
    (row.limits, row.blocked) = (case["limits"].clone(), case["blocking"].clone());
}

#[test]
fn a_sound_history_is_found_sound() {
    assert_eq!(violations(&sound()), []);
    let kinds: BTreeSet<_> = sound().contacts.into_iter().filter_map(|contact| contact.verdict).collect();
    let wanted = ["exempt", "not_counted", "over_frequency", "within_limit"];
    assert_eq!(kinds, wanted.map(str::to_owned).into());
}

#[test]
fn what_is_served_while_two_records_are_one_goes_back_with_its_case() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let mut rng = Rng::new(7);
        let mut world = World::begin(TestDatabase::sqlite(), shipped(), Door::App, &mut rng).await;
        let (other, person, staff) = (world.people[0], world.people[1], world.actor("staff"));
        world.nominate(Some(person), &staff).await;
        let merge = world.merge_records(&staff, (other, person)).await.unwrap();
        until_in_force(&mut world, &mut rng).await;
        world.app.clock.advance(Duration::minutes(10));
        world.reverse(&staff, merge).await.unwrap();
        let snapshot = world.snapshot().await;
        assert_eq!(violations(&snapshot), []);
        let bound = snapshot.strategies.iter().map(|row| row.person_id).collect::<Vec<_>>();
        assert_eq!(bound, [person.as_uuid()], "whoever it was decided for, and nobody else");
        assert!(snapshot.cases.iter().all(|case| case.person_id == Some(person.as_uuid())));
    });
}

#[test]
fn every_invariant_of_the_suite_has_a_checker() {
    let numbers: BTreeSet<u8> = CHECKERS.iter().map(|(invariant, _)| *invariant).collect();
    assert_eq!(numbers, (0..=15).chain(17..=25).collect());
}

#[test]
fn invariant_1_notices_a_text_shared_that_is_not_the_one_approved() {
    only(1, |snapshot| acted(snapshot, "approve").data["signed"] = json!("the hash of another text"));
}

#[test]
fn invariant_1_notices_sharing_without_a_harm_test() {
    only(1, |snapshot| {
        let tested = acted(snapshot, "decide_harm_test");
        (tested.data["action"], tested.data["into"]) = (json!("prepare_harm_test"), json!("harmTestDecision"));
    });
}

#[test]
fn invariant_2_notices_a_signature_by_an_author() {
    only(2, |snapshot| {
        let signer = acted(snapshot, "approve").actor.clone();
        acted(snapshot, "edit").actor = signer;
    });
}

#[test]
fn invariant_2_notices_a_signature_by_somebody_complained_about() {
    only(2, |snapshot| {
        let signer = super::history::uuid(&acted(snapshot, "approve").actor["id"]).unwrap();
        let person = strategy(snapshot).person_id.unwrap();
        let complaint = &mut snapshot.complaints[0];
        (complaint.officer_id, complaint.person_id) = (signer, person);
    });
}

#[test]
fn invariant_3_notices_a_signature_after_the_delegation_ended() {
    only(3, |snapshot| {
        let signer = super::history::uuid(&acted(snapshot, "approve").actor["id"]).unwrap();
        let signed_at = acted(snapshot, "approve").at;
        let lent = snapshot.delegations.iter_mut().filter(|delegation| delegation.officer_id == signer);
        lent.for_each(|delegation| delegation.revoked_at = Some(signed_at));
    });
}

#[test]
fn a_delegation_revoked_after_the_signature_rewrites_nothing() {
    let mut snapshot = sound();
    let later = snapshot.now;
    snapshot.delegations.iter_mut().for_each(|delegation| delegation.revoked_at = Some(later));
    assert_eq!(violations(&snapshot), []);
}

#[test]
fn invariant_4_notices_limits_that_bind_from_before_the_sharing() {
    // As a service dated before the sharing would leave it.
    only(4, |snapshot| {
        let service = acted(snapshot, "record_service");
        let early = service.at.date_naive() - chrono::Days::new(60);
        service.data["input"]["sentOn"] = json!(early);
        strategy(snapshot).data["service"]["sentOn"] = json!(early);
        let next_day = early + chrono::Days::new(1);
        snapshot.strategies[0].effective_from = evenhand::domain::calendar::london::start_of_day(next_day);
    });
}

#[test]
fn invariant_5_notices_a_strategy_in_force_without_a_review_after_which_it_ends() {
    only(5, |snapshot| {
        in_the_text(snapshot, |text| text["reviewOn"] = text["endsOn"].clone());
    });
}

#[test]
fn invariant_6_notices_a_second_strategy_in_force_for_a_person() {
    only(6, |snapshot| {
        // Of a record that was merged with the first one's meanwhile.
        let whose = strategy(snapshot).person_id.unwrap();
        let first = strategy(snapshot).id;
        let other = snapshot.merges[0].merged_id;
        assert_eq!(snapshot.merges[0].kept_id, whose);
        snapshot.merges[0].reversed_at = None;
        snapshot.witness.victims.clear();
        let second = Uuid::from_u128(77);
        let parent = strategy(snapshot).parent_id;
        let mut row = strategy(snapshot).clone();
        (row.id, row.person_id) = (second, Some(other));
        snapshot.cases.push(row);
        let mut copies: Vec<_> = snapshot.events.iter().filter(|event| event.stream_id == first).cloned().collect();
        copies[0].data["person"] = json!(other);
        assert_eq!(copies[0].data["parent"], json!(parent));
        for (n, mut copy) in (1..).zip(copies) {
            (copy.stream_id, copy.id, copy.position) =
                (second, Uuid::from_u128(1_000 + n), 1_000_000 + i64::try_from(n).unwrap());
            snapshot.events.push(copy);
        }
        let of_first = first.to_string();
        let is_disclosure = |entry: &&entities::access_log::Model| entry.object_id.as_ref() == Some(&of_first);
        let mut disclosures = snapshot.accesses.iter().filter(|entry| entry.action == "disclose");
        let disclosed = disclosures.find(is_disclosure).unwrap().clone();
        snapshot.accesses.push(entities::access_log::Model { object_id: Some(second.to_string()), ..disclosed });
        chain_accesses(snapshot);
        let mut consulted: Vec<_> = snapshot.strategies.clone();
        (consulted[0].case_id, consulted[0].person_id) = (second, other);
        // From the same instant, so that the verdicts are the same whichever is asked but for its name.
        consulted[0].effective_from = snapshot.strategies[0].effective_from;
        snapshot.strategies.append(&mut consulted);
        for contact in &mut snapshot.contacts {
            if contact.strategy_id == Some(first) {
                contact.strategy_id = Some(second);
                contact.verdict_detail.as_mut().unwrap()["strategy"] = json!(second);
            }
        }
        prefer(snapshot, first, second);
    });
}

/// Of two versions that bind from the same instant the later id is asked; makes `second` the later one.
fn prefer(snapshot: &mut Snapshot, first: Uuid, second: Uuid) {
    if second > first {
        return;
    }
    for contact in &mut snapshot.contacts {
        if contact.strategy_id == Some(second) {
            contact.strategy_id = Some(first);
            contact.verdict_detail.as_mut().unwrap()["strategy"] = json!(first);
        }
    }
}

fn chain_accesses(snapshot: &mut Snapshot) {
    let mut before = String::new();
    for entry in &mut snapshot.accesses {
        let value = json!({
            "at": entry.at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true), "actor": entry.actor,
            "action": entry.action, "object": entry.object, "object_id": entry.object_id,
            "recipient": entry.recipient, "detail": entry.detail,
        });
        entry.hash = super::history::sha256(&format!("{before}{}", super::history::canonical(&value)));
        entry.prev_hash = std::mem::replace(&mut before, entry.hash.clone());
    }
}

#[test]
fn invariant_7_notices_a_held_mail_that_is_deleted() {
    only(7, |snapshot| {
        let mail = contact(snapshot, "over_frequency").mail_id.unwrap();
        snapshot.bodies.retain(|body| body.mail_id != mail);
        snapshot.mails.retain(|row| row.id != mail);
    });
}

#[test]
fn invariant_7_notices_a_held_contact_that_nobody_is_asked_to_read() {
    only(7, |snapshot| {
        let held = contact(snapshot, "over_frequency").id;
        snapshot.tasks.retain(|task| task.contact_id != Some(held));
    });
}

#[test]
fn invariant_7_notices_a_held_contact_that_is_closed_without_its_answers() {
    only(7, |snapshot| {
        let held = contact(snapshot, "over_frequency");
        (held.handling, held.ticks_owed) = ("closed".to_owned(), false);
    });
}

#[test]
fn invariant_7_notices_a_held_contact_whose_reading_somebody_only_said_was_done() {
    only(7, |snapshot| {
        let (held, now) = (contact(snapshot, "over_frequency").id, snapshot.now);
        let reading = snapshot.tasks.iter_mut().filter(|task| task.contact_id == Some(held));
        reading.for_each(|task| task.done_at = Some(now));
    });
}

#[test]
fn invariant_7_notices_blocking_without_alternatives() {
    only(7, |snapshot| in_the_text(snapshot, |text| text["blocking"][0]["alternatives"] = json!([])));
}

#[test]
fn invariant_8_notices_a_text_that_leaves_no_working_channel() {
    only(8, |snapshot| {
        // On e-mail stands one a week; all else is limited to nothing, or blocked.
        in_the_text(snapshot, |text| {
            let week = json!({ "kind": "rolling", "unit": "week", "n": 1 });
            let none = |channel: &str| json!({ "channel": channel, "allowed": true, "max": 0, "window": week });
            let others = ["in_person", "online_message", "telephone"].map(none);
            let limits = text["limits"].as_array_mut().unwrap();
            limits.extend(others);
            let tried = text["blocking"][0]["alternatives"].clone();
            let blocking = text["blocking"].as_array_mut().unwrap();
            blocking.push(json!({ "channel": "letter", "alternatives": tried }));
            blocking.push(json!({ "channel": "email", "alternatives": tried }));
        });
        // What it blocks is found blocked.
        for contact in &mut snapshot.contacts {
            let blocked = ["letter", "email"].contains(&contact.channel.as_str()) && contact.strategy_id.is_some();
            if blocked {
                contact.verdict_detail.as_mut().unwrap()["blocked"] = json!(true);
            }
        }
    });
}

#[test]
fn invariant_9_notices_a_limit_on_999() {
    only(9, |snapshot| {
        in_the_text(snapshot, |text| {
            text["limits"].as_array_mut().unwrap().push(json!({ "channel": "999", "allowed": false }));
        });
    });
}

#[test]
fn invariant_10_notices_a_complaint_without_its_recording_task() {
    only(10, |snapshot| snapshot.tasks.retain(|task| task.kind != "record_complaint"));
}

#[test]
fn invariant_11_notices_a_rights_request_that_is_held_all_the_same() {
    only(11, |snapshot| {
        let request = snapshot.events.iter().find(|event| event.data["answers"]["rights"] == true).unwrap().stream_id;
        snapshot.contacts.iter_mut().find(|contact| contact.id == request).unwrap().place = "held".to_owned();
    });
}

#[test]
fn invariant_12_notices_a_clock_that_puts_a_strategy_in_force() {
    only(12, |snapshot| acted(snapshot, "record_service").actor = json!({ "kind": "clock" }));
}

#[test]
fn invariant_12_notices_a_threshold_decision_without_reasons() {
    only(12, |snapshot| {
        acted(snapshot, "decide_met").data["input"]["rationale"]["information"] = json!(" ");
        let case = snapshot.cases.iter_mut().find(|case| case.workflow == "frequent-service-user").unwrap();
        case.data["threshold"]["rationale"]["information"] = json!(" ");
    });
}

#[test]
fn invariant_14_notices_a_submission_without_one_of_the_units() {
    only(14, |snapshot| {
        acted(snapshot, "record_consultation").data["input"]["reason"] = json!("");
        strategy(snapshot).data["consultations"][0]["reason"] = json!("");
    });
}

#[test]
fn invariant_17_notices_an_event_that_was_edited() {
    let mut snapshot = sound();
    let warned = acted(&mut snapshot, "record_warning");
    warned.data["policyVersion"] = json!("of next year");
    assert_eq!(broken(&snapshot), BTreeSet::from([17]), "{:#?}", violations(&snapshot));
}

#[test]
fn invariant_17_notices_a_look_that_nobody_wrote_down() {
    only(17, |snapshot| {
        snapshot.accesses.retain(|entry| entry.action != "read");
        chain_accesses(snapshot);
    });
}

#[test]
fn invariant_17_notices_a_history_that_lost_its_end() {
    let mut snapshot = sound();
    snapshot.witness.seen = snapshot.events.clone();
    let last = snapshot.events.iter().rposition(|event| event.stream == "officer").unwrap();
    snapshot.events.remove(last);
    assert_eq!(broken(&snapshot), BTreeSet::from([17]), "{:#?}", violations(&snapshot));
}

#[test]
fn invariant_18_notices_a_breach_that_stands_after_the_contact_turned_out_to_be_nobodys() {
    only(18, |snapshot| {
        let held = contact(snapshot, "over_frequency");
        held.attribution = "unattributed".to_owned();
        (held.person_id, held.counts_for_id) = (None, None);
    });
}

#[test]
fn invariant_18_notices_a_merger_whose_reversal_left_other_verdicts() {
    only(18, |snapshot| snapshot.witness.not_restored.push("a merger changed verdicts".to_owned()));
}

#[test]
fn invariant_19_notices_a_breach_that_rests_on_an_unproven_sender() {
    only(19, |snapshot| {
        // The person's own words, but nobody vouched for the sender.
        let mail = contact(snapshot, "over_frequency").mail_id.unwrap();
        let body = snapshot.bodies.iter_mut().find(|body| body.mail_id == mail).unwrap();
        body.raw.splice(..1, *b"X-");
        let hash = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&body.raw));
        let raw = body.raw.clone();
        snapshot.mails.iter_mut().find(|row| row.id == mail).unwrap().sha256 = hash;
        snapshot.witness.kept.iter_mut().filter(|(kept, _)| *kept == mail).for_each(|(_, kept)| kept.clone_from(&raw));
    });
}

#[test]
fn invariant_25_notices_a_row_that_its_events_do_not_amount_to() {
    only(25, |snapshot| {
        let case = snapshot.cases.iter_mut().find(|case| case.workflow == "frequent-service-user").unwrap();
        case.state = "monitored".to_owned();
    });
}

#[test]
fn limits_that_differ_from_the_text_in_force_are_noticed() {
    only(0, |snapshot| snapshot.strategies[0].limits[0]["max"] = json!(2));
}
