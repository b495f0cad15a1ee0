//! Contacts of any channel are recorded once, whoever they are from, and rules put people on the list.

use super::desk::{Desk, utc};
use crate::support::on_each_database;
use reqwest::Method;
use serde_json::{Value, json};

fn call(n: usize, at: &str) -> Value {
    json!({ "channel": "101", "receivedAt": at, "presented": "01632 960123", "externalSystem": "cad",
            "externalRef": format!("CAD-{n}") })
}

async fn add_number(desk: &Desk, person: &str, role: &str) {
    let body = json!({ "kind": "telephone", "value": "+44 1632 960 123", "role": role, "confidence": "confirmed",
                       "source": "letter" });
    desk.app.post(&desk.staff, &format!("/api/v1/people/{person}/identifiers"), body).await.ok();
}

async fn batch(desk: &Desk, lines: &[String]) -> Vec<Value> {
    let request = desk.app.request(Method::POST, "/api/v1/contacts/batch").bearer_auth(&desk.calls.token);
    let answer = desk.app.send(request.header("content-type", "application/x-ndjson").body(lines.join("\n"))).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_contact_of_another_system_is_recorded_once() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        let first = desk.app.post(&desk.calls, "/api/v1/contacts", call(1, "2026-05-01T09:00:00Z")).await;
        assert_eq!(first.status, 201, "{}", first.text);
        let again = desk.app.post(&desk.calls, "/api/v1/contacts", call(1, "2026-05-02T09:00:00Z")).await;
        assert_eq!((again.status, &again.body), (200, &first.body));
    });
}

#[test]
fn a_batch_answers_a_line_each_and_a_faulty_line_stops_nobody_elses() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        let lines = [
            call(1, "2026-05-01T09:00:00Z").to_string(),
            "{\"channel\":\"pigeon\"}".to_owned(),
            call(1, "2026-05-01T09:00:00Z").to_string(),
            "not json".to_owned(),
            json!({ "channel": "letter", "personReference": "nobody" }).to_string(),
            json!({ "channel": "letter", "receivedAt": "2027-01-01T00:00:00Z" }).to_string(),
            json!({ "channel": "letter", "personReference": "FSU-0001" }).to_string(),
        ];
        let answers = batch(&desk, &lines).await;
        let statuses: Vec<_> = answers.iter().map(|answer| answer["status"].as_str().unwrap()).collect();
        let expected = ["recorded", "rejected", "duplicate", "rejected", "rejected", "rejected", "recorded"];
        assert_eq!(statuses, expected, "{answers:?}");
        assert_eq!(answers[0]["id"], answers[2]["id"]);
        assert_eq!(answers[4]["errors"][0]["pointer"], "/personReference");
    });
}

#[test]
fn ten_calls_in_a_week_put_a_person_on_the_list_and_nine_do_not() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        add_number(&desk, &desk.person, "self").await;
        let lines: Vec<String> = (1..=9).map(|n| call(n, &format!("2026-05-0{n}T09:00:00Z")).to_string()).collect();
        // The 1st is a week and more before the 9th: eight of them in the window, then nine, then ten.
        batch(&desk, &lines).await;
        let nominations = async || desk.app.get(&desk.staff, "/api/v1/nominations").await.ok()["data"].clone();
        desk.app.post(&desk.calls, "/api/v1/contacts", call(10, "2026-05-09T10:00:00Z")).await.ok();
        desk.app.post(&desk.calls, "/api/v1/contacts", call(11, "2026-05-09T11:00:00Z")).await.ok();
        assert_eq!(nominations().await, json!([]));
        desk.app.post(&desk.calls, "/api/v1/contacts", call(12, "2026-05-09T12:00:00Z")).await.ok();
        let listed = nominations().await;
        assert_eq!((&listed[0]["rule"], &listed[0]["personId"]), (&json!("repeat-calls"), &json!(desk.person)));
        assert_eq!(listed[0]["detail"]["count"], 10);
        let case = listed[0]["caseId"].as_str().expect("a case for the meeting to look at");
        let case = desk.app.get(&desk.staff, &format!("/api/v1/cases/{case}")).await.ok();
        assert_eq!((&case["state"], &case["data"]["source"]), (&json!("nominated"), &json!("rule")));
        desk.app.post(&desk.calls, "/api/v1/contacts", call(13, "2026-05-09T13:00:00Z")).await.ok();
        assert_eq!(nominations().await.as_array().unwrap().len(), 1, "once while the window remembers");
    });
}

#[test]
fn a_number_that_two_people_share_is_nobodys_and_anothers_is_on_behalf() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        add_number(&desk, &desk.person, "family").await;
        let told = desk.app.post(&desk.calls, "/api/v1/contacts", call(1, "2026-05-01T09:00:00Z")).await.ok();
        assert_eq!((&told["attribution"], &told["personId"]), (&json!("on_behalf"), &json!(desk.person)));
        assert_eq!((&told["countsForId"], &told["notCountedBecause"]), (&Value::Null, &json!("on_behalf")));
        let other = desk.person_on_file("FSU-0002").await;
        add_number(&desk, &other, "self").await;
        let told = desk.app.post(&desk.calls, "/api/v1/contacts", call(2, "2026-05-01T09:00:00Z")).await.ok();
        assert_eq!((&told["attribution"], &told["place"]), (&json!("unattributed"), &json!("unattributed")));
    });
}

#[test]
fn a_system_cannot_make_a_mail_count_by_naming_whom_it_is_from() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        let mail = json!({ "channel": "email", "presented": "one@example.org", "personId": desk.person });
        let told = desk.app.post(&desk.calls, "/api/v1/contacts", mail).await.ok();
        assert_eq!((&told["attribution"], &told["countsForId"]), (&json!("suggested"), &Value::Null));
    });
}

#[test]
fn a_call_taker_sees_the_last_24_hours_adjustments_and_that_limits_never_bind_999() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        add_number(&desk, &desk.person, "self").await;
        let adjustment = json!({ "kind": "speech", "detail": "Speak slowly." });
        desk.app.post(&desk.staff, &format!("/api/v1/people/{}/adjustments", desk.person), adjustment).await.ok();
        desk.limits_in_force(&desk.person, "2026-01-01T00:00:00Z", super::desk::one_a_week()).await;
        let now = utc("2026-06-01T09:00:00Z");
        assert_eq!(desk.app.now(), now);
        for (n, at) in
            ["2026-05-31T09:00:00Z", "2026-05-31T09:00:00.001Z", "2026-06-01T08:00:00Z"].into_iter().enumerate()
        {
            desk.app.post(&desk.calls, "/api/v1/contacts", call(n, at)).await.ok();
        }
        let ccr = desk.app.officer("ccr", &[evenhand::domain::access::Role::Ccr]).await;
        let clue = json!({ "telephone": "(01632) 960123" });
        let found = desk.app.post(&ccr, "/api/v1/caller-lookups", clue).await.ok();
        let found = &found["data"][0];
        assert_eq!((&found["personId"], &found["matchedBy"]), (&json!(desk.person), &json!(["telephone"])));
        assert_eq!(found["contactsLast24Hours"].as_array().unwrap().len(), 2, "exactly 24 hours ago is out");
        assert_eq!(found["red"], true);
        assert_eq!(found["adjustments"][0]["detail"], "Speak slowly.");
        assert!(found["strategyInForce"]["limits"].is_array());
        assert!(found["callScript"].to_string().contains("never limits 999"));
        let nobody = desk.app.post(&ccr, "/api/v1/caller-lookups", json!({ "telephone": "01632 960999" })).await.ok();
        assert_eq!(nobody["data"], json!([]));
        desk.app.post(&ccr, "/api/v1/caller-lookups", json!({})).await.is_problem(422, "validation");
    });
}
