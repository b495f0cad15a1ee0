//! What is held is read by a named person, who answers seven questions; what they tick is released.

use super::desk::{Desk, answers, one_a_week};
use crate::support::{Answer, on_each_database};
use serde_json::{Value, json};

/// A letter over the limit.
async fn held(desk: &Desk) -> Value {
    desk.limits_in_force(&desk.person, "2026-01-01T00:00:00Z", one_a_week()).await;
    desk.letter(&desk.person, "2026-05-01T09:00:00Z").await;
    let held = desk.letter(&desk.person, "2026-05-02T09:00:00Z").await;
    assert_eq!(held["place"], "held");
    held
}

async fn handle(desk: &Desk, contact: &Value, ticked: &[&str]) -> Answer {
    desk.act(contact, "handling", json!({ "handling": "read", "answers": answers(ticked) })).await
}

#[test]
fn a_held_letter_is_due_in_a_working_day_and_is_not_closed_unread() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        let held = held(&desk).await;
        // Recorded on Monday 1 June at 10:00.
        assert_eq!(held["readDueAt"], "2026-06-02T09:00:00Z");
        let listed = desk.app.get(&desk.staff, "/api/v1/contacts?place=held&order=reading").await.ok();
        let row = &listed["data"][0];
        assert_eq!((&row["id"], &row["placeBecause"]), (&held["id"], &json!("over_frequency")));
        assert_eq!((&row["readBy"]["task"], &row["ticksOwed"]), (&json!("read_held"), &json!(true)));
        assert_ne!(row["readBy"]["role"], row["readBy"]["officerId"], "somebody has to: {row}");
        assert_eq!(held["reply"], json!({ "kind": "later", "notBefore": "2026-05-08T09:00:00Z" }));
        desk.act(&held, "handling", json!({ "handling": "closed" })).await.is_problem(409, "tick-list-required");
        let some = json!({ "handling": "closed", "answers": { "risk": false } });
        let answer = desk.act(&held, "handling", some).await;
        answer.is_problem(422, "validation");
        assert_eq!(answer.body["errors"].as_array().unwrap().len(), 6, "{}", answer.text);
        let done = json!({ "handling": "closed", "answers": answers(&[]) });
        let closed = desk.act(&held, "handling", done).await.ok();
        assert_eq!((&closed["handling"], &closed["place"]), (&json!("closed"), &json!("held")));
        desk.act(&held, "handling", json!({ "handling": "closed" })).await.is_problem(409, "already-closed");
    });
}

#[test]
fn a_complaint_in_held_mail_is_released_and_opens_one_recording_task() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        let held = held(&desk).await;
        let released = handle(&desk, &held, &["complaint", "risk"]).await.ok();
        assert_eq!((&released["place"], &released["exempt"]), (&json!("released"), &json!(true)));
        assert_eq!(released["verdict"]["kinds"], json!(["exempt"]));
        assert_eq!(
            (&released["queues"], &released["recordingTask"]),
            (&json!(["safeguarding", "complaints"]), &json!(true))
        );
        handle(&desk, &held, &["complaint"]).await.ok();
        let tasks = desk.app.get(&desk.staff, "/api/v1/tasks").await.ok();
        let of_kind = |kind: &str| tasks["data"].as_array().unwrap().iter().filter(|task| task["kind"] == kind).count();
        assert_eq!((of_kind("record_complaint"), of_kind("read_held")), (1, 0));
    });
}

#[test]
fn a_threat_to_staff_is_passed_on_and_stays_a_breach() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        let held = held(&desk).await;
        let read = handle(&desk, &held, &["threat"]).await.ok();
        assert_eq!((&read["queues"], &read["exempt"]), (&json!(["staff_safety"]), &json!(false)));
        assert_eq!((&read["verdict"]["kinds"], &read["place"]), (&json!(["over_frequency"]), &json!("held")));
    });
}

#[test]
fn an_exempt_letter_gives_its_allowance_back() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        desk.limits_in_force(&desk.person, "2026-01-01T00:00:00Z", one_a_week()).await;
        let first = desk.letter(&desk.person, "2026-05-01T09:00:00Z").await;
        desk.letter(&desk.person, "2026-05-02T09:00:00Z").await;
        let no_flag = json!({ "exempt": true, "reason": "It seems important." });
        desk.act(&first, "triage", no_flag).await.is_problem(409, "exempt-needs-a-flag");
        let ticked = json!({ "raise": ["rights"], "exempt": true, "reason": "A subject access request." });
        desk.act(&first, "triage", ticked).await.ok();
        assert_eq!(desk.verdicts(&desk.person).await, ["exempt", "within_limit"]);
        let taken_back = json!({ "remove": ["rights"], "reason": "It was not." });
        desk.act(&first, "triage", taken_back).await.ok();
        assert_eq!(desk.verdicts(&desk.person).await, ["within_limit", "over_frequency"]);
    });
}

#[test]
fn what_a_person_did_with_a_letter_stays_done_when_it_is_measured_again() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        let held = held(&desk).await;
        handle(&desk, &held, &["crime"]).await.ok();
        desk.letter(&desk.person, "2026-04-29T09:00:00Z").await;
        let held = desk.contact(&held).await;
        assert_eq!((&held["place"], &held["handling"]), (&json!("released"), &json!("read")));
    });
}

#[test]
fn a_rule_raises_a_flag_and_only_moves_the_letter_up() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        desk.limits_in_force(&desk.person, "2026-01-01T00:00:00Z", one_a_week()).await;
        let body = json!({ "channel": "letter", "personId": desk.person, "words": "I cannot go on." });
        desk.app.post(&desk.staff, "/api/v1/contacts", body.clone()).await.ok();
        let second = desk.app.post(&desk.staff, "/api/v1/contacts", body).await.ok();
        assert_eq!((&second["flags"][0]["flag"], &second["flags"][0]["raisedBy"]), (&json!("risk"), &json!("rule")));
        assert_eq!((&second["place"], &second["exempt"]), (&json!("held"), &json!(false)));
        assert_eq!(second["readDueAt"], second["recordedAt"], "at once");
    });
}

#[test]
fn only_a_named_person_of_the_department_decides() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        let held = held(&desk).await;
        let path = format!("/api/v1/contacts/{}", held["id"].as_str().unwrap());
        let ccr = desk.app.officer("ccr", &[evenhand::domain::access::Role::Ccr]).await;
        for (action, body) in [
            ("handling", json!({ "handling": "read", "answers": answers(&[]) })),
            ("triage", json!({ "exempt": false, "reason": "For a test." })),
            ("attribution", json!({ "reason": "For a test." })),
        ] {
            let path = format!("{path}/{action}");
            desk.app.post_at(&desk.calls, &path, "\"v1\"", body.clone()).await.is_problem(403, "named-person-required");
            desk.app.post_at(&ccr, &path, "\"v1\"", body.clone()).await.is_problem(403, "wrong-role");
            desk.app.post(&desk.staff, &path, body.clone()).await.is_problem(428, "precondition-required");
            desk.app.post_at(&desk.staff, &path, "\"v9\"", body).await.is_problem(412, "stale-version");
        }
    });
}
