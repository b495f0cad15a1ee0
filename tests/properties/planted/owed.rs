//! What is owed to people: planted bugs of invariants 12 and 15 on orders and offences, 13, 20, 21, 23 and 24.

use super::{acted, chain_accesses, only, strategy};
use crate::properties::forms::{self, Occasion};
use crate::properties::retention::RETENTION_REVIEW;
use crate::properties::rng::Rng;
use crate::properties::snapshot::Snapshot;
use crate::properties::world::{World, command};
use crate::properties::{offences, orders};
use chrono::Duration;
use entities::cases;
use evenhand::app::cases::NewCase;
use evenhand::app::people::{NewPerson, create_person};
use evenhand::domain::ids::Id;
use evenhand::worker;
use serde_json::{Value, json};
use uuid::Uuid;

/// MASH is asked about the draft, reads the question and answers it.
pub async fn ask_mash(world: &mut World) {
    let draft = of(world.cases().await, "communications-strategy");
    let spoc = world.officer_with_id(draft.spoc_id.unwrap()).unwrap();
    let reply_by = world.today() + Duration::days(14);
    let question = json!({ "unit": "mash", "question": "Anything we should weigh?", "replyBy": reply_by });
    world.act(&spoc, &draft, command("consult", question)).await.unwrap();
    let (asked, mash) = (of(world.cases().await, "consultation"), world.officer("mash").clone());
    world.look_at_a_case(&mash, &asked).await;
    let answer = json!({ "spokenOn": world.today(), "advice": "Known to us; no concern." });
    world.act(&world.actor("mash"), &asked, command("answer", answer)).await.unwrap();
}

/// A warning on the first person, its breach, and the notice by another officer.
pub async fn order(world: &mut World) {
    let proposed = json!({ "kind": "community_protection_warning", "subject": "person", "conduct": "Shouts at night.",
                           "locality": "Example Road" });
    let (workflow, person) = ("enforcement-order".to_owned(), Some(world.people[0]));
    world.open(&world.actor("opt"), NewCase { workflow, person, parent: None, input: proposed }).await.unwrap();
    let mut rng = Rng::new(3);
    for (who, action, form) in [
        ("opt", "assess", "order_assessment"),
        ("authority", "pursue", "order_decision"),
        ("opt", "answer_tests", "cpw_tests"),
        ("opt", "issue_warning", "order_issued"),
        ("opt", "record_breach", "order_breach"),
        ("authority", "pursue_notice", "order_decision"),
        ("snt", "issue_notice", "order_issued"),
    ] {
        world.app.clock.advance(Duration::minutes(10));
        let case = of_order(&world.cases().await);
        let at = Occasion { today: world.today(), spocs: Vec::new(), addresses: Vec::new(), data: Value::Null };
        let input = orders::fill(form, &at, 0, &mut rng).unwrap();
        world.act(&world.actor(who), &case, command(action, input)).await.unwrap();
    }
}

fn of(cases: Vec<cases::Model>, workflow: &str) -> cases::Model {
    cases.into_iter().rev().find(|case| case.workflow == workflow).unwrap()
}

/// The person appeals, and somebody who took no part finds that the strategy stands.
pub async fn appeal(world: &mut World) {
    let mut rng = Rng::new(5);
    let strategy = of(world.cases().await, "communications-strategy");
    let lodged = forms::fill("appeal_lodged", &world.occasion(&strategy).await, 0, &mut rng);
    let parent = Some(Id::from_uuid(strategy.id));
    let new = NewCase { workflow: "appeal".to_owned(), person: None, parent, input: lodged };
    world.open(&world.actor("staff"), new).await.unwrap();
    world.app.clock.advance(Duration::minutes(10));
    let appeal = of(world.cases().await, "appeal");
    let decision = forms::fill("appeal_uphold", &world.occasion(&appeal).await, 0, &mut rng);
    world.act(&world.actor("judge"), &appeal, command("uphold", decision)).await.unwrap();
}

/// One offence is considered, the others are left out with reasons, and somebody else refers it.
pub async fn offences(world: &mut World) {
    let mut rng = Rng::new(5);
    let user = of(world.cases().await, "frequent-service-user");
    let prompt = offences::fill("offence_prompt", &world.occasion(&user).await, 0, &mut rng).unwrap();
    let (workflow, parent) = ("offence-consideration".to_owned(), Some(Id::from_uuid(user.id)));
    world.open(&world.actor("staff"), NewCase { workflow, person: None, parent, input: prompt }).await.unwrap();
    let staff = world.actor("staff");
    let case = of(world.cases().await, "offence-consideration");
    let at = world.occasion(&case).await;
    for offence in world.not_looked_at(&case) {
        world.app.clock.advance(Duration::minutes(1));
        let case = of(world.cases().await, "offence-consideration");
        let mut elements = offences::fill("offence_elements", &at, 0, &mut rng).unwrap();
        (elements["conclusion"], elements["limitationOn"]) = (json!("made_out"), Value::Null);
        elements.as_object_mut().unwrap().retain(|_, answer| !answer.is_null());
        let why = json!({ "offence": offence, "because": "Nothing of the kind was said." });
        let is_it = elements["offence"] == offence.as_str();
        let asked = if is_it { command("consider", elements) } else { command("not_consider", why) };
        world.act(&staff, &case, asked).await.unwrap();
    }
    let mut decision = offences::fill("offence_decision", &at, 0, &mut rng).unwrap();
    decision["outcome"] = json!("refer");
    world.app.clock.advance(Duration::minutes(1));
    let case = of(world.cases().await, "offence-consideration");
    let done = world.act(&world.actor("authority"), &case, command("decide", decision)).await;
    assert!(done.is_some(), "{:?}", world.told.last());
}

/// A case of somebody else has ended; a claim holds it until it is released; two records officers dispose of it.
pub async fn disposal(world: &mut World) {
    let new = NewPerson {
        reference: "FSU-4".to_owned(),
        full_name: "Example Person 4".to_owned(),
        date_of_birth: None,
        targeted_victim: false,
        vulnerability: Vec::new(),
    };
    let staff = world.actor("staff");
    let person = create_person(&world.app, &staff, new, None).await.unwrap().id;
    world.something_ended(person).await;
    worker::work_off(&world.app).await.unwrap();
    let ended = world.cases().await.into_iter().find(|case| case.person_id == Some(person.as_uuid())).unwrap();
    let input =
        json!({ "reviewedCase": ended.id, "schedule": "Group 3", "reviewOn": world.today() + Duration::days(9) });
    let (workflow, person) = (RETENTION_REVIEW.to_owned(), Some(person));
    world.open(&world.actor("records"), NewCase { workflow, person, parent: None, input }).await.unwrap();
    let claim =
        json!({ "kind": "claim", "reference": "REF/1", "since": world.today(), "because": "It is about this." });
    let over =
        json!({ "kind": "claim", "reference": "REF/1", "releasedOn": world.today(), "because": "It is decided." });
    let reason = json!({ "reason": "Not needed any more." });
    for (who, action, input) in [
        ("records", "record_hold", claim),
        ("records", "review_now", reason.clone()),
        ("records2", "release_hold", over),
        ("records", "propose_disposal", reason),
        ("records2", "confirm_disposal", Value::Null),
    ] {
        world.app.clock.advance(Duration::minutes(1));
        worker::work_off(&world.app).await.unwrap();
        let review = of(world.cases().await, RETENTION_REVIEW);
        world.act(&world.actor(who), &review, command(action, input)).await.unwrap();
    }
}

fn of_order(cases: &[cases::Model]) -> cases::Model {
    cases.iter().find(|case| case.workflow == "enforcement-order").unwrap().clone()
}

/// Changes the input of a step, and where the case keeps it.
fn in_the_order(snapshot: &mut Snapshot, (action, kept): (&str, &str), change: impl Fn(&mut Value)) {
    change(&mut acted(snapshot, action).data["input"]);
    let case = snapshot.cases.iter_mut().find(|case| case.workflow == "enforcement-order").unwrap();
    change(&mut case.data[kept]);
}

#[test]
fn invariant_12_notices_an_order_pursued_without_reasons() {
    only(12, |snapshot| in_the_order(snapshot, ("pursue", "decision"), |decision| decision["rationale"] = json!(" ")));
}

#[test]
fn invariant_12_notices_an_order_pursued_by_whoever_assessed_it() {
    only(12, |snapshot| {
        let assessor = acted(snapshot, "assess").actor.clone();
        acted(snapshot, "pursue").actor = assessor;
    });
}

#[test]
fn invariant_12_notices_a_rule_that_issues_a_warning() {
    only(12, |snapshot| acted(snapshot, "issue_warning").actor = json!({ "kind": "software" }));
}

#[test]
fn invariant_13_notices_a_strategy_on_a_targeted_victim() {
    only(13, |snapshot| {
        let (person, since) = (strategy(snapshot).person_id.unwrap(), strategy(snapshot).opened_at);
        snapshot.witness.victims.push((person, since, true));
    });
}

#[test]
fn invariant_15_notices_a_warning_without_an_end() {
    only(15, |snapshot| {
        in_the_order(snapshot, ("issue_warning", "warning"), |issued| issued["endsOn"] = issued["issuedOn"].clone());
    });
}

#[test]
fn invariant_15_notices_a_warning_to_a_child() {
    only(15, |snapshot| {
        let on = snapshot.now.date_naive();
        snapshot.witness.born[0].1 = on.checked_sub_months(chrono::Months::new(15 * 12));
    });
}

#[test]
fn invariant_15_notices_a_notice_without_a_breach() {
    only(15, |snapshot| acted(snapshot, "record_breach").data["action"] = json!("answer_tests"));
}

#[test]
fn invariant_15_notices_a_notice_by_whoever_saw_the_breach() {
    only(15, |snapshot| {
        let witness = acted(snapshot, "record_breach").actor.clone();
        acted(snapshot, "issue_notice").actor = witness;
    });
}

#[test]
fn invariant_20_notices_a_unit_that_sees_the_strategy() {
    only(20, |snapshot| {
        let words = strategy(snapshot).data["ndm"]["assessment"].clone();
        snapshot.witness.units[0].shown["data"]["question"] = words;
    });
}

#[test]
fn invariant_20_notices_a_unit_that_sees_another_case() {
    only(20, |snapshot| snapshot.witness.units[0].shown["workflow"] = json!("frequent-service-user"));
}

#[test]
fn invariant_20_notices_a_question_whose_recipient_nobody_wrote_down() {
    only(20, |snapshot| {
        snapshot.accesses.retain(|entry| entry.recipient.as_deref() != Some("mash"));
        chain_accesses(snapshot);
    });
}

#[test]
fn invariant_21_notices_a_notice_of_a_lower_marking_than_its_case() {
    only(21, |snapshot| {
        let id = strategy(snapshot).id;
        strategy(snapshot).marking = "OFFICIAL-SENSITIVE".to_owned();
        let mut events = snapshot.events.iter_mut();
        let opened = events.find(|event| event.stream_id == id && event.kind == "opened").unwrap();
        opened.data["marking"] = json!("OFFICIAL-SENSITIVE");
        snapshot.witness.shown.clear();
    });
}

#[test]
fn invariant_21_notices_a_notice_that_does_not_bear_its_marking() {
    only(21, |snapshot| {
        snapshot.notices.iter_mut().for_each(|notice| notice.text = notice.text.replace("OFFICIAL", "Not marked"));
    });
}

#[test]
fn invariant_23_notices_a_contact_shown_without_the_adjustments_in_force() {
    only(23, |snapshot| snapshot.witness.adjusted.last_mut().unwrap().shown.clear());
}

#[test]
fn invariant_23_notices_a_notice_that_forgot_the_adjustments() {
    only(23, |snapshot| {
        let detail = snapshot.adjustments[0].detail.clone();
        snapshot.notices.iter_mut().for_each(|notice| notice.text = notice.text.replace(&detail, ""));
    });
}

#[test]
fn invariant_24_notices_a_strategy_quashed_by_whoever_signed_it() {
    only(24, |snapshot| {
        let mut quashed = acted(snapshot, "approve").clone();
        let (id, at, from) = (quashed.stream_id, snapshot.now, strategy(snapshot).state.clone());
        let reason = json!({ "reason": "On appeal." });
        quashed.id = Uuid::from_u128(24);
        (quashed.position, quashed.at) = (2_000_000, at);
        quashed.data = json!({ "type": "acted", "action": "quash", "from": from, "to": "quashed", "input": reason,
                               "into": "ended" });
        snapshot.events.push(quashed);
        let case = strategy(snapshot);
        (case.state, case.state_since) = ("quashed".to_owned(), at);
        case.data["ended"] = reason;
        let row = snapshot.strategies.iter_mut().find(|row| row.case_id == id).unwrap();
        row.lifted_at = Some(at);
    });
}

#[test]
fn invariant_24_notices_an_appeal_decided_by_whoever_signed_what_it_is_against() {
    only(24, |snapshot| {
        let signer = acted(snapshot, "approve").actor.clone();
        acted(snapshot, "uphold").actor = signer;
    });
}

#[test]
fn invariant_12_notices_offences_decided_by_whoever_gathered_them() {
    only(12, |snapshot| {
        let gathered = acted(snapshot, "consider").actor.clone();
        acted(snapshot, "decide").actor = gathered;
    });
}

#[test]
fn invariant_21_notices_a_marking_lowered_by_somebody_who_may_not() {
    only(21, |snapshot| {
        let staff = acted(snapshot, "triage").actor.clone();
        let mut raised = acted(snapshot, "approve").clone();
        for (n, marking) in [(1, "SECRET"), (2, "OFFICIAL")] {
            raised.id = Uuid::from_u128(2_100 + n);
            (raised.position, raised.at) =
                (2_000_000 + i64::try_from(n).unwrap(), snapshot.now + Duration::seconds(i64::try_from(n).unwrap()));
            (raised.kind, raised.actor) = ("marked".to_owned(), staff.clone());
            raised.data = json!({ "type": "marked", "marking": marking, "reason": "A source is named." });
            snapshot.events.push(raised.clone());
        }
        snapshot.now += Duration::seconds(5);
    });
}

#[test]
fn invariant_21_notices_a_case_shown_with_less_than_it_bears() {
    only(21, |snapshot| snapshot.witness.shown[0].marking = None);
}
