//! What is ticked goes to its own queue, and nothing is done by only saying so.

use super::desk::{Desk, answers, one_a_week};
use crate::support::on_each_database;
use evenhand::domain::access::Role;
use serde_json::{Value, json};

async fn held(desk: &Desk) -> Value {
    desk.limits_in_force(&desk.person, "2026-01-01T00:00:00Z", one_a_week()).await;
    desk.letter(&desk.person, "2026-05-01T09:00:00Z").await;
    desk.letter(&desk.person, "2026-05-02T09:00:00Z").await
}

async fn in_queue(desk: &Desk, queue: &str) -> Vec<Value> {
    let page = desk.app.get(&desk.staff, &format!("/api/v1/contacts?queue={queue}")).await.ok();
    page["data"].as_array().unwrap().iter().map(|contact| contact["id"].clone()).collect()
}

async fn ticked(desk: &Desk, contact: &Value, ticked: &[&str]) -> Value {
    desk.act(contact, "handling", json!({ "handling": "read", "answers": answers(ticked) })).await.ok()
}

#[test]
fn each_tick_takes_a_held_letter_to_a_queue_with_a_task_of_its_own() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        let held = held(&desk).await;
        let released = ticked(&desk, &held, &["risk", "complaint", "crime", "threat"]).await;
        let queues = json!(["safeguarding", "complaints", "crime", "staff_safety"]);
        assert_eq!(released["queues"], queues);
        let expected = ["handle_crime", "handle_safeguarding", "handle_staff_safety", "record_complaint"];
        assert_eq!(desk.kinds(&desk.staff).await, [&expected[..], &["read_and_reply"][..]].concat().sorted());
        for task in desk.tasks(&desk.staff).await {
            let due = match task["kind"].as_str().unwrap() {
                "handle_crime" => "2026-06-02T09:00:00Z",
                "handle_safeguarding" | "handle_staff_safety" | "record_complaint" => "2026-06-01T09:00:00Z",
                _ => continue,
            };
            assert_eq!(task["dueAt"], due, "{task}");
        }
        assert_eq!(in_queue(&desk, "crime").await, [held["id"].clone()]);
        assert!(in_queue(&desk, "adjustments").await.is_empty());
        desk.app.get(&desk.staff, "/api/v1/contacts?queue=cellar").await.is_problem(422, "validation");
        ticked(&desk, &held, &["crime"]).await;
        let left = desk.kinds(&desk.staff).await;
        assert!(
            !left.contains(&"handle_staff_safety".to_owned()),
            "what is not ticked any more is not asked: {left:?}"
        );
        assert!(left.contains(&"record_complaint".to_owned()), "a complaint once seen is recorded: {left:?}");
    });
}

trait Sorted {
    fn sorted(self) -> Self;
}

impl Sorted for Vec<&str> {
    fn sorted(mut self) -> Self {
        self.sort_unstable();
        self
    }
}

#[test]
fn a_letter_taken_out_of_the_limits_before_it_is_held_goes_to_its_queue_too() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        let letter = desk.letter(&desk.person, "2026-05-01T09:00:00Z").await;
        let exempt = json!({ "raise": ["rights"], "exempt": true, "reason": "A subject access request." });
        let released = desk.act(&letter, "triage", exempt).await.ok();
        assert_eq!((&released["place"], &released["queues"]), (&json!("released"), &json!(["information_rights"])));
        assert_eq!(desk.kinds(&desk.staff).await, ["handle_information_rights"]);
        assert_eq!(in_queue(&desk, "information_rights").await, [letter["id"].clone()]);
        let back = json!({ "remove": ["rights"], "reason": "It was not." });
        let back = desk.act(&letter, "triage", back).await.ok();
        assert_eq!((&back["place"], &back["queues"]), (&json!("to_read"), &json!([])));
        assert!(desk.kinds(&desk.staff).await.is_empty());
    });
}

#[test]
fn a_held_letter_owes_its_answers_also_when_somebody_takes_it_out_of_the_limits() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        let held = held(&desk).await;
        let exempt = json!({ "raise": ["rights"], "exempt": true, "reason": "A subject access request." });
        let exempt = desk.act(&held, "triage", exempt).await.ok();
        assert_eq!((&exempt["place"], &exempt["ticksOwed"]), (&json!("released"), &json!(true)));
        desk.act(&held, "handling", json!({ "handling": "closed" })).await.is_problem(409, "tick-list-required");
        let answered = json!({ "handling": "closed", "answers": answers(&["rights"]) });
        assert_eq!(desk.act(&held, "handling", answered).await.ok()["ticksOwed"], false);
    });
}

#[test]
fn reading_is_done_by_reading_and_a_complaint_by_recording_it() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        let held = held(&desk).await;
        let task = async |kind: &str| {
            let tasks = desk.tasks(&desk.staff).await;
            tasks.into_iter().find(|task| task["kind"] == kind).unwrap_or_else(|| panic!("{kind}"))
        };
        let reading = task("read_held").await;
        desk.finish(&desk.staff, &reading, json!({})).await.is_problem(409, "done-by-its-own-action");
        ticked(&desk, &held, &["complaint"]).await;
        let recording = task("record_complaint").await;
        desk.finish(&desk.staff, &recording, json!({})).await.is_problem(422, "validation");
        desk.finish(&desk.staff, &recording, json!({ "number": 3 })).await.is_problem(422, "validation");
        let done = desk.finish(&desk.staff, &recording, json!({ "reference": "CO/123/26" })).await.ok();
        assert_eq!(done["doneBy"], json!(desk.staff.id));
        let told = |changes: &[Value]| {
            changes.iter().any(|change| change["subjectId"] == held["id"] && change["kind"] == "task_done")
        };
        let changes = desk.app.changes_until(&desk.staff, told).await;
        assert!(told(&changes), "it is part of the letter's history");
    });
}

#[test]
fn an_officer_complained_about_neither_sees_nor_does_the_tasks_about_that_person() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        let held = held(&desk).await;
        ticked(&desk, &held, &["complaint"]).await;
        let recording =
            desk.tasks(&desk.staff).await.into_iter().find(|task| task["kind"] == "record_complaint").unwrap();
        let named = desk.app.officer("named", &[Role::PsdStaff]).await;
        let path = format!("/api/v1/people/{}/complaints-about", desk.person);
        desk.app.post(&desk.staff, &path, json!({ "officerId": named.id })).await.ok();
        assert!(desk.tasks(&named).await.is_empty());
        let done = desk.finish(&named, &recording, json!({ "reason": "There is nothing in it." })).await;
        done.is_problem(403, "complained-about");
        assert_eq!(desk.tasks(&desk.staff).await.len(), 2);
    });
}
