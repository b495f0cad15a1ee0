//! A new reason to look at somebody is never lost, whatever their case is at.

use super::desk::Desk;
use crate::story::forms;
use crate::support::{Session, on_each_database};
use evenhand::domain::access::Role;
use serde_json::{Value, json};

/// A case of the desk's person that the meeting put under watch without restriction. Answers it and its chair.
async fn monitored(desk: &Desk) -> (String, Session) {
    let chair = desk.app.officer("chair", &[Role::Chair]).await;
    let new = json!({ "personId": desk.person, "reason": "Nine letters about one matter." });
    let nominated = desk.app.post(&desk.staff, "/api/v1/nominations", new).await.ok();
    let case = nominated["caseId"].as_str().unwrap().to_owned();
    act(desk, &desk.staff, &case, "triage", crate::story::forms::triage()).await;
    act(desk, &desk.staff, &case, "list", Value::Null).await;
    let not_met = forms::threshold_not_met();
    act(desk, &chair, &case, "decide_not_met", not_met).await;
    assert_eq!(state(desk, &case).await, "monitored");
    (case, chair)
}

async fn act(desk: &Desk, who: &Session, case: &str, action: &str, input: Value) {
    let path = format!("/api/v1/cases/{case}");
    let etag = desk.app.get(&desk.staff, &path).await.etag();
    let body = json!({ "input": input });
    desk.app.post_at(who, &format!("{path}/actions/{action}"), &etag, body).await.ok();
}

async fn state(desk: &Desk, case: &str) -> String {
    let case = desk.app.get(&desk.staff, &format!("/api/v1/cases/{case}")).await.ok();
    case["state"].as_str().unwrap().to_owned()
}

fn again(desk: &Desk) -> Value {
    json!({ "personId": desk.person, "reason": "It began again." })
}

#[test]
fn a_new_nomination_brings_somebody_monitored_back_to_the_meeting() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        let (case, _) = monitored(&desk).await;
        let nominated = desk.app.post(&desk.staff, "/api/v1/nominations", again(&desk)).await.ok();
        assert_eq!(nominated["caseId"], json!(case));
        assert_eq!(state(&desk, &case).await, "on_agenda");
        desk.app.post(&desk.staff, "/api/v1/nominations", again(&desk)).await.ok();
        let kept = desk.app.get(&desk.staff, "/api/v1/nominations").await.ok();
        assert_eq!(kept["data"].as_array().unwrap().len(), 3, "every one of them is kept: {kept}");
    });
}

#[test]
fn a_rule_brings_somebody_monitored_back_to_the_meeting() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        let (case, _) = monitored(&desk).await;
        for hour in 0..10 {
            let call = json!({ "channel": "101", "personId": desk.person,
                               "receivedAt": format!("2026-05-09T{hour:02}:00:00Z") });
            desk.app.post(&desk.staff, "/api/v1/contacts", call).await.ok();
        }
        assert_eq!(state(&desk, &case).await, "on_agenda");
        let kept = desk.app.get(&desk.staff, "/api/v1/nominations").await.ok();
        assert_eq!((&kept["data"][0]["source"], &kept["data"][0]["caseId"]), (&json!("rule"), &json!(case)));
    });
}

#[test]
fn who_may_not_list_a_case_asks_the_department_to() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        let (case, _) = monitored(&desk).await;
        let ccr = desk.app.officer("ccr", &[Role::Ccr]).await;
        desk.app.post(&ccr, "/api/v1/nominations", again(&desk)).await.ok();
        assert_eq!(state(&desk, &case).await, "monitored");
        let tasks = desk.app.get(&desk.staff, "/api/v1/tasks").await.ok();
        let asked = tasks["data"].as_array().unwrap().iter().any(|task| task["kind"] == "consider_nomination");
        assert!(asked, "{tasks}");
    });
}

#[test]
fn what_opens_a_case_is_a_nomination_and_only_a_rule_is_a_rule() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        let new = |source: &str| {
            json!({ "workflow": "frequent-service-user", "personId": desk.person,
                    "input": { "source": source, "reason": "Nine letters." } })
        };
        desk.app.post(&desk.staff, "/api/v1/cases", new("rule")).await.is_problem(422, "validation");
        let case = desk.app.post(&desk.staff, "/api/v1/cases", new("manual")).await.ok();
        let kept = desk.app.get(&desk.staff, "/api/v1/nominations").await.ok();
        assert_eq!((&kept["data"][0]["caseId"], &kept["data"][0]["reason"]), (&case["id"], &json!("Nine letters.")));
    });
}

#[test]
fn who_sees_no_case_sees_the_nominations_they_made() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        let other = desk.person_on_file("FSU-0002").await;
        let ccr = desk.app.officer("ccr", &[Role::Ccr]).await;
        let supervisor = desk.app.officer("supervisor", &[Role::PsdSupervisor]).await;
        let auditor = desk.app.officer("auditor", &[Role::Auditor]).await;
        let named = desk.app.officer("named", &[Role::PsdStaff]).await;
        desk.app.post(&desk.staff, "/api/v1/nominations", again(&desk)).await.ok();
        let theirs = json!({ "personId": other, "reason": "Twenty calls today." });
        desk.app.post(&ccr, "/api/v1/nominations", theirs).await.ok();
        let path = format!("/api/v1/people/{other}/complaints-about");
        desk.app.post(&desk.staff, &path, json!({ "officerId": named.id })).await.ok();
        for (who, expected) in [(&ccr, 1), (&supervisor, 2), (&auditor, 2), (&desk.staff, 2), (&named, 1)] {
            let listed = desk.app.get(who, "/api/v1/nominations").await.ok();
            assert_eq!(listed["data"].as_array().unwrap().len(), expected, "{}: {listed}", who.name);
        }
    });
}
