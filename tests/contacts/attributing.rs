//! Whose a contact is changes, and with it what was done about it.

use super::desk::{Desk, answers, one_a_week};
use crate::support::on_each_database;
use serde_json::{Value, json};

/// A letter from nobody known.
async fn anonymous(desk: &Desk, received_at: &str) -> Value {
    let body = json!({ "channel": "letter", "receivedAt": received_at });
    desk.app.post(&desk.staff, "/api/v1/contacts", body).await.ok()
}

async fn is_from(desk: &Desk, letter: &Value, person: &str) -> Value {
    let decision = json!({ "personId": person, "reason": "The handwriting is theirs." });
    desk.act(letter, "attribution", decision).await.ok()
}

#[test]
fn a_letter_read_before_it_was_attributed_is_held_once_it_turns_out_to_be_over_the_limit() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        desk.limits_in_force(&desk.person, "2026-01-01T00:00:00Z", one_a_week()).await;
        desk.letter(&desk.person, "2026-05-01T09:00:00Z").await;
        let letter = anonymous(&desk, "2026-05-02T09:00:00Z").await;
        desk.act(&letter, "handling", json!({ "handling": "read" })).await.ok();
        let known = is_from(&desk, &letter, &desk.person).await;
        assert_eq!((&known["place"], &known["handling"]), (&json!("held"), &json!("open")));
        assert_eq!(known["ticksOwed"], true);
        desk.act(&letter, "handling", json!({ "handling": "closed" })).await.is_problem(409, "tick-list-required");
    });
}

#[test]
fn a_closed_breach_that_turns_out_to_be_anothers_is_held_no_longer() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        desk.limits_in_force(&desk.person, "2026-01-01T00:00:00Z", one_a_week()).await;
        let other = desk.person_on_file("FSU-0002").await;
        desk.letter(&desk.person, "2026-05-01T09:00:00Z").await;
        let held = desk.letter(&desk.person, "2026-05-02T09:00:00Z").await;
        let closed = json!({ "handling": "closed", "answers": answers(&[]) });
        assert_eq!(desk.act(&held, "handling", closed).await.ok()["place"], "held");
        let corrected = is_from(&desk, &held, &other).await;
        assert_eq!((&corrected["place"], &corrected["handling"]), (&json!("to_read"), &json!("closed")));
        assert_eq!(corrected["verdict"]["kinds"], json!(["within_limit"]));
    });
}

#[test]
fn what_was_released_to_its_queue_stays_there_whoever_wrote_it() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        desk.limits_in_force(&desk.person, "2026-01-01T00:00:00Z", one_a_week()).await;
        let letter = anonymous(&desk, "2026-05-02T09:00:00Z").await;
        let read = json!({ "handling": "read", "answers": answers(&["crime"]) });
        desk.act(&letter, "handling", read).await.ok();
        let known = is_from(&desk, &letter, &desk.person).await;
        assert_eq!((&known["place"], &known["handling"]), (&json!("released"), &json!("read")));
    });
}

#[test]
fn a_letter_read_as_another_records_is_held_when_the_records_are_merged_and_over_the_limit_together() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        desk.limits_in_force(&desk.person, "2026-01-01T00:00:00Z", one_a_week()).await;
        let other = desk.person_on_file("FSU-0002").await;
        desk.letter(&desk.person, "2026-05-01T09:00:00Z").await;
        let within = desk.letter(&desk.person, "2026-05-20T09:00:00Z").await;
        let letter = desk.letter(&other, "2026-05-02T09:00:00Z").await;
        for read in [&within, &letter] {
            desk.act(read, "handling", json!({ "handling": "read" })).await.ok();
        }
        let merge = json!({ "keptId": desk.person, "mergedId": other, "reason": "One and the same." });
        desk.app.post(&desk.staff, "/api/v1/people/merges", merge).await.ok();
        let letter = desk.contact(&letter).await;
        assert_eq!((&letter["place"], &letter["handling"]), (&json!("held"), &json!("open")));
        assert_eq!(desk.contact(&within).await["handling"], "read", "nothing about it changed");
        assert!(desk.kinds(&desk.staff).await.contains(&"read_held".to_owned()));
    });
}
