//! Who reads what, by when, and in which order.

use super::desk::{Desk, answers, one_a_week};
use crate::support::{Session, on_each_database};
use evenhand::domain::access::Role;
use serde_json::{Value, json};

async fn with_spoc(desk: &Desk, limits: Value) -> Session {
    let spoc = desk.app.officer("spoc", &[Role::Spoc]).await;
    desk.in_force_with(&desk.person, "2026-01-01T00:00:00Z", (limits, json!([])), Some(&spoc)).await;
    spoc
}

#[test]
fn what_is_measured_against_a_strategy_is_its_point_of_contacts_to_read() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        let spoc = with_spoc(&desk, one_a_week()).await;
        desk.letter(&desk.person, "2026-05-01T09:00:00Z").await;
        let held = desk.letter(&desk.person, "2026-05-02T09:00:00Z").await;
        assert_eq!(desk.kinds(&spoc).await, ["read_and_reply", "read_held"]);
        assert!(desk.kinds(&desk.staff).await.is_empty());
        let complaint = json!({ "handling": "read", "answers": answers(&["complaint"]) });
        desk.act(&held, "handling", complaint).await.ok();
        assert_eq!(desk.kinds(&spoc).await, ["read_and_reply", "record_complaint"]);
    });
}

#[test]
fn the_department_reads_where_the_point_of_contact_left_or_is_complained_about() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        let spoc = with_spoc(&desk, one_a_week()).await;
        desk.letter(&desk.person, "2026-05-01T09:00:00Z").await;
        let path = format!("/api/v1/people/{}/complaints-about", desk.person);
        desk.app.post(&desk.staff, &path, json!({ "officerId": spoc.id })).await.ok();
        desk.letter(&desk.person, "2026-05-02T09:00:00Z").await;
        assert!(desk.kinds(&spoc).await.is_empty());
        assert_eq!(desk.kinds(&desk.staff).await, ["read_and_reply", "read_held"], "the earlier one was handed over");

        let other = desk.person_on_file("FSU-0002").await;
        let gone = desk.app.officer("gone", &[Role::Spoc]).await;
        desk.in_force_with(&other, "2026-01-01T00:00:00Z", (one_a_week(), json!([])), Some(&gone)).await;
        desk.letter(&other, "2026-05-01T09:00:00Z").await;
        evenhand::app::change_officer(&desk.app.app, "gone", None, Some(false)).await.unwrap();
        assert_eq!(desk.kinds(&desk.staff).await.len(), 3);
    });
}

#[test]
fn a_letter_to_somebody_else_goes_to_the_point_of_contact_and_the_addressee_is_told_not_to_answer() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        let limits = json!([{ "channel": "letter", "allowed": true, "addressee": "The single point of contact" }]);
        let spoc = with_spoc(&desk, limits).await;
        let body = json!({ "channel": "letter", "personId": desk.person, "addressee": "The Chief Constable" });
        let letter = desk.app.post(&desk.staff, "/api/v1/contacts", body).await.ok();
        assert_eq!((&letter["place"], &letter["reply"]["kind"]), (&json!("moved_to_spoc"), &json!("by_spoc")));
        assert_eq!(desk.kinds(&spoc).await, ["read_moved"]);
        let told = desk.tasks(&desk.staff).await;
        assert_eq!(told[0]["kind"], "tell_addressee");
        assert!(told[0]["title"].as_str().unwrap().contains("The Chief Constable not to answer"));
        desk.finish(&desk.staff, &told[0], json!({})).await.ok();
    });
}

#[test]
fn a_letter_on_a_closed_subject_is_filed_and_still_read() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        let limits = json!([{ "channel": "letter", "allowed": true, "closedSubjects": ["the parking place"] }]);
        let spoc = with_spoc(&desk, limits).await;
        let body = json!({ "channel": "letter", "personId": desk.person, "words": "Again about the parking place." });
        let letter = desk.app.post(&desk.staff, "/api/v1/contacts", body).await.ok();
        assert_eq!(letter["place"], "filed");
        assert_eq!(desk.kinds(&spoc).await, ["read_closed_subject"]);
    });
}

#[test]
fn one_reply_is_owed_for_all_that_is_held_until_it_is_closed() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        with_spoc(&desk, one_a_week()).await;
        let first = desk.letter(&desk.person, "2026-05-01T09:00:00Z").await;
        let held = desk.letter(&desk.person, "2026-05-02T09:00:00Z").await;
        let list = async |reply: &str| {
            let page = desk.app.get(&desk.staff, &format!("/api/v1/contacts?reply={reply}")).await.ok();
            page["data"].as_array().unwrap().clone()
        };
        assert_eq!(list("owed").await[0]["id"], first["id"]);
        let later = list("later").await;
        assert_eq!((&later[0]["id"], &later[0]["reply"]["notBefore"]), (&held["id"], &json!("2026-05-08T09:00:00Z")));
        let closed = json!({ "handling": "closed", "answers": answers(&[]) });
        let closed = desk.act(&held, "handling", closed).await.ok();
        assert_eq!(closed["reply"], json!({ "kind": "not_owed" }));
        assert!(list("later").await.is_empty());
    });
}

#[test]
fn the_reading_list_begins_with_what_is_flagged_and_goes_on_by_the_day_it_is_due() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        desk.limits_in_force(&desk.person, "2026-01-01T00:00:00Z", one_a_week()).await;
        let within = desk.letter(&desk.person, "2026-05-01T09:00:00Z").await;
        let held = desk.letter(&desk.person, "2026-05-02T09:00:00Z").await;
        let words = json!({ "channel": "letter", "words": "I am going to end my life." });
        let anonymous = desk.app.post(&desk.staff, "/api/v1/contacts", words).await.ok();
        assert_eq!(anonymous["place"], "unattributed");
        let read = desk.letter(&desk.person, "2026-05-20T09:00:00Z").await;
        desk.act(&read, "handling", json!({ "handling": "read" })).await.ok();
        let expected = [&anonymous["id"], &held["id"], &within["id"]];
        let mut listed = Vec::new();
        let mut next = "/api/v1/contacts?order=reading&limit=1".to_owned();
        loop {
            let page = desk.app.get(&desk.staff, &next).await.ok();
            listed.extend(page["data"].as_array().unwrap().iter().map(|contact| contact["id"].clone()));
            let Some(cursor) = page["page"]["next"].as_str() else { break };
            next = format!("/api/v1/contacts?order=reading&limit=1&cursor={cursor}");
        }
        assert_eq!(listed.iter().collect::<Vec<_>>(), expected);
        assert!(desk.kinds(&desk.staff).await.contains(&"read_flagged".to_owned()), "whosever it is");
    });
}

#[test]
fn a_flag_raised_later_brings_the_reading_forward() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        desk.limits_in_force(&desk.person, "2026-01-01T00:00:00Z", one_a_week()).await;
        desk.letter(&desk.person, "2026-05-01T09:00:00Z").await;
        let held = desk.letter(&desk.person, "2026-05-02T09:00:00Z").await;
        let due = async || {
            let tasks = desk.tasks(&desk.staff).await;
            tasks.into_iter().find(|task| task["kind"] == "read_held").map(|task| task["dueAt"].clone())
        };
        assert_eq!(due().await, Some(json!("2026-06-02T09:00:00Z")));
        let raise = json!({ "raise": ["risk"], "reason": "They telephoned and sounded desperate." });
        desk.act(&held, "triage", raise).await.ok();
        assert_eq!(due().await, Some(json!("2026-06-01T09:00:00Z")));
    });
}

#[test]
fn what_is_held_no_longer_is_not_asked_for_and_asked_again_when_it_is_held_again() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        desk.limits_in_force(&desk.person, "2026-01-01T00:00:00Z", one_a_week()).await;
        let first = desk.letter(&desk.person, "2026-05-01T09:00:00Z").await;
        desk.letter(&desk.person, "2026-05-02T09:00:00Z").await;
        let asked = async || desk.kinds(&desk.staff).await.iter().filter(|kind| *kind == "read_held").count();
        assert_eq!(asked().await, 1);
        let other = desk.person_on_file("FSU-0002").await;
        let to = async |person: &str| {
            let decision = json!({ "personId": person, "reason": "By the signature." });
            desk.act(&first, "attribution", decision).await.ok();
        };
        to(&other).await;
        assert_eq!(asked().await, 0);
        to(&desk.person).await;
        assert_eq!(asked().await, 1);
    });
}
