//! In whatever order contacts become known, the same verdicts come out: those that brute force finds.
//!
//! Times of receipt differ by a microsecond at least. Two contacts received at the very same one are taken in the order
//! they were recorded; the random histories hold such pairs against brute force.

use super::forms;
use super::invariants::violations;
use super::rng::Rng;
use super::world::{MAILBOX, Mail, OWN, World, command, shipped};
use crate::support::{TestDatabase, on_each_database};
use chrono::{DateTime, Duration, SubsecRound, Utc};
use evenhand::app::contacts::{ContactFacts, record_contact};
use evenhand::app::mail::{Incoming, MailSource, keep_mail};
use evenhand::domain::contact::Channel;
use evenhand::worker;
use serde_json::json;
use std::collections::BTreeMap;

const CHANNELS: [Channel; 4] = [Channel::Email, Channel::Telephone, Channel::OnlineMessage, Channel::Letter];

/// A contact that is known before it arrives.
#[derive(Clone, Debug)]
struct Coming {
    name: String,
    channel: Channel,
    received_at: DateTime<Utc>,
    words: &'static str,
}

fn coming(from: DateTime<Utc>, rng: &mut Rng) -> Vec<Coming> {
    let words = ["Again.", "Again about the drainage report.", "Please answer."];
    let one = |n: i64| Coming {
        name: format!("c{n}"),
        channel: if rng.percent(60) { Channel::Email } else { *rng.pick(&CHANNELS) },
        received_at: (from + Duration::minutes(rng.between(0, 60 * 24 * 40))).trunc_subsecs(6)
            + Duration::microseconds(n),
        words: rng.word(&words),
    };
    (0..24).map(one).collect()
}

/// A person with a strategy in force; the rest follows from the seed, so that every order meets the same limits.
async fn a_strategy_in_force(database: TestDatabase, seed: u64) -> (World, DateTime<Utc>) {
    let mut rng = Rng::new(seed);
    let mut world = World::begin(database, shipped(), super::door::Door::App, &mut rng).await;
    world.nominate(Some(world.people[1]), &world.actor("staff")).await;
    loop {
        world.app.clock.advance(Duration::minutes(10));
        let cases = world.cases().await;
        if let Some(strategy) = cases.iter().find(|case| case.state == "in_force") {
            return (world, strategy.state_since);
        }
        let next = cases.into_iter().rev().find(|case| case.state != "strategy_in_progress").unwrap();
        if next.state == "draft" && next.data.get("ndm").is_none() {
            let spoc = world.officer_with_id(next.spoc_id.unwrap()).unwrap();
            let mut draft = forms::strategy(world.today(), 0, &mut rng);
            // Long enough that it binds throughout.
            draft["reviewOn"] = json!(world.today() + chrono::Days::new(200));
            draft["endsOn"] = json!(world.today() + chrono::Days::new(210));
            world.act(&spoc, &next, command("edit", draft)).await.unwrap();
        } else if next.state == "approved" && next.data.get("harmTest").is_some() {
            let decision = json!({ "outcome": "full", "redactions": [], "reason": "As prepared." });
            world.act(&world.actor("authority"), &next, command("decide_harm_test", decision)).await.unwrap();
        } else {
            assert!(world.step_on(&next, 0, &mut rng).await);
        }
    }
}

async fn arrives(world: &mut World, coming: &Coming) {
    world.app.clock.advance(Duration::seconds(1));
    if coming.channel == Channel::Email {
        let (dmarc, message_id) = (Some("pass"), coming.name.clone());
        let mail = Mail { from: OWN[1], dmarc, subject: "A letter", words: coming.words, headers: "", message_id };
        let received_at = Some(coming.received_at);
        let incoming = Incoming {
            raw: mail.raw(),
            recipient: MAILBOX.to_owned(),
            source: MailSource::Import,
            received_at,
            envelope_from: None,
        };
        keep_mail(&world.app, &world.border, incoming).await.unwrap();
        // Sometimes several wait and are routed together.
        if coming.received_at.timestamp_micros() % 3 > 0 {
            worker::work_off(&world.app).await.unwrap();
        }
        return;
    }
    let facts = ContactFacts {
        channel: coming.channel,
        received_at: Some(coming.received_at),
        addressee: None,
        presented: None,
        subject: None,
        words: Some(coming.words.to_owned()),
        external_system: Some("cad".to_owned()),
        external_ref: Some(coming.name.clone()),
        person_id: Some(world.people[1]),
        person_reference: None,
    };
    record_contact(&world.app, &world.feed, facts).await.unwrap();
}

/// Place and verdict of each contact by its time of receipt, once everything has arrived in this order.
async fn outcome(database: TestDatabase, seed: u64, order: u64) -> BTreeMap<DateTime<Utc>, (String, String)> {
    let (mut world, from) = a_strategy_in_force(database, seed).await;
    let mut coming = coming(from - Duration::days(5), &mut Rng::new(seed));
    world.app.clock.set(from + Duration::days(60));
    match order {
        0 => coming.sort_by_key(|coming| coming.received_at),
        1 => coming.sort_by_key(|coming| std::cmp::Reverse(coming.received_at)),
        shuffled => Rng::new(seed ^ (shuffled << 32)).shuffle(&mut coming),
    }
    for coming in &coming {
        arrives(&mut world, coming).await;
    }
    worker::work_off(&world.app).await.unwrap();
    let snapshot = world.snapshot().await;
    assert_eq!(violations(&snapshot), [], "seed {seed}, order {order}");
    assert_eq!(snapshot.contacts.len(), coming.len());
    let said = |contact: entities::contacts::Model| {
        let mut verdict = contact.verdict_detail.unwrap();
        // The strategy's id is the world's own.
        verdict["strategy"] = json!(contact.strategy_id.is_some());
        (contact.received_at, (contact.place, super::history::canonical(&verdict)))
    };
    snapshot.contacts.into_iter().map(said).collect()
}

#[test]
fn arrival_order_never_changes_verdicts() {
    on_each_database(async |database| {
        let postgres = database.is_postgres();
        let fresh = || if postgres { TestDatabase::postgres().unwrap() } else { TestDatabase::sqlite() };
        let mut breaches = 0;
        for seed in 100..if postgres { 102 } else { 106 } {
            let in_order = outcome(fresh(), seed, 0).await;
            breaches += in_order.values().filter(|(place, _)| place != "to_read").count();
            for order in 1..4 {
                assert_eq!(outcome(fresh(), seed, order).await, in_order, "seed {seed}, order {order}");
            }
        }
        assert!(breaches > 5, "too few breaches to tell");
    });
}
