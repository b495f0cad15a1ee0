//! The communication log: of a message that came in, and of a mail of ours.

use super::budgets::{by_an_officer, draft, queue};
use super::mailroom::{Mailroom, OURS};
use crate::support::{SmtpSink, TestApp, on_each_database};
use chrono::Duration;
use evenhand::domain::access::Role;
use evenhand::mail::Delivery;
use serde_json::{Value, json};

fn steps(explained: &Value) -> Vec<&str> {
    explained["log"].as_array().unwrap().iter().map(|entry| entry["step"].as_str().unwrap()).collect()
}

fn entry<'a>(explained: &'a Value, step: &str) -> &'a Value {
    let mut entries = explained["log"].as_array().unwrap().iter();
    entries.find(|entry| entry["step"] == step).unwrap_or_else(|| panic!("no {step} in {explained}"))
}

#[test]
fn every_step_of_a_message_is_told_in_order_with_its_decision_evidence_and_duration() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        let person = room.person("person@example.com").await;
        let (explained, contact) = room.arrives("From: person@example.com", "I am going to end my life.").await;
        let expected =
            ["kept", "delivered", "read", "kind", "sender", "attribution", "flags", "verdict", "place", "task_opened"];
        assert_eq!(steps(&explained), expected);
        for (step, decision) in [
            ("kept", "by http"),
            ("delivered", &*format!("to {OURS}")),
            ("kind", "human"),
            ("sender", "claimed"),
            ("attribution", "suggested"),
            ("flags", "risk"),
            ("verdict", "unattributed"),
            ("place", "unattributed"),
        ] {
            assert_eq!(entry(&explained, step)["decision"], decision, "{step}");
        }
        assert_eq!(entry(&explained, "attribution")["evidence"]["person"], json!(person));
        for measured in ["read", "verdict", "place"] {
            assert!(entry(&explained, measured)["durationMicros"].as_u64().unwrap() > 0, "{measured}");
        }
        assert_eq!(entry(&explained, "task_opened")["evidence"]["kind"], "read_flagged");

        room.app.advance(Duration::minutes(5));
        let path = format!("/api/v1/contacts/{}", contact["id"].as_str().unwrap());
        let etag = format!("\"v{}\"", contact["version"]);
        let own = json!({ "personId": person, "reason": "They said so by telephone." });
        let decided = room.app.post_at(&room.staff, &format!("{path}/attribution"), &etag, own).await.ok();
        let etag = format!("\"v{}\"", decided["version"]);
        let read = json!({ "handling": "closed", "note": "Answered by telephone." });
        room.app.post_at(&room.staff, &format!("{path}/handling"), &etag, read).await.ok();
        let explained = room.app.get(&room.staff, &format!("/api/v1/mail/{}", explained["id"].as_str().unwrap())).await;
        let explained = explained.ok();
        let attributed = entry(&explained, "attributed");
        assert_eq!(attributed["by"], json!({ "kind": "officer", "id": room.staff.id }));
        assert_eq!(attributed["decision"], "They said so by telephone.");
        assert_eq!(entry(&explained, "handled")["by"]["id"], room.staff.id);
        assert_eq!(entry(&explained, "task_done")["by"]["id"], room.staff.id);
        let times: Vec<&str> =
            explained["log"].as_array().unwrap().iter().map(|entry| entry["at"].as_str().unwrap()).collect();
        assert!(times.is_sorted(), "{times:?}");
    });
}

#[test]
fn a_message_that_waits_says_so() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        let kept = room.app.post_mail(&room.border, OURS, "From: a@example.com\r\n\r\nWords\r\n").await.ok();
        let path = format!("/api/v1/mail/{}", kept["id"].as_str().unwrap());
        let waiting = room.app.get(&room.staff, &path).await.ok();
        assert_eq!((&waiting["state"], steps(&waiting)), (&json!("waiting"), vec!["kept", "delivered", "waiting"]));
        let listed = room.app.get(&room.staff, "/api/v1/mail?state=waiting").await.ok();
        assert_eq!((&listed["data"][0]["id"], &listed["data"][0]["attempts"]), (&kept["id"], &json!(0)));
        room.app.run_jobs().await;
        assert!(!steps(&room.app.get(&room.staff, &path).await.ok()).contains(&"waiting"));
        assert_eq!(room.app.get(&room.staff, "/api/v1/mail?state=waiting").await.ok()["data"], json!([]));
    });
}

#[test]
fn a_mail_of_ours_tells_each_attempt_with_the_servers_answer_and_how_long_it_took() {
    on_each_database(async |database| {
        let mut config = TestApp::config();
        config.sending.recipient_per_hour = 1;
        let mut app = TestApp::start_with(database, config).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let sent = queue(&app.app, draft(1, "person@example.com", by_an_officer())).await;
        app.run_jobs().await;
        let waits = queue(&app.app, draft(2, "person@example.com", by_an_officer())).await;
        for _look in 0..3 {
            app.run_jobs().await;
        }
        let log = async |app: &TestApp, id| app.get(&staff, &format!("/api/v1/outgoing/{id}")).await.ok();
        let told = log(&app, sent).await;
        assert_eq!(steps(&told), ["queued", "begun", "sent"]);
        assert!(entry(&told, "sent")["durationMicros"].is_u64());
        assert_eq!(entry(&told, "queued")["by"]["kind"], "officer");
        assert_eq!(told["mail"]["state"], "sent");
        let told = log(&app, waits).await;
        assert_eq!(steps(&told), ["queued", "waits"], "once, however often it is looked at");
        assert_eq!(entry(&told, "waits")["decision"], "recipient_budget");

        let sink = SmtpSink::start().await;
        sink.refuse_next("550 5.1.1 no such user");
        app.app.delivery = Delivery::smtp(&sink.url()).unwrap();
        let refused = queue(&app.app, draft(3, "other@example.com", by_an_officer())).await;
        app.run_jobs().await;
        let told = log(&app, refused).await;
        assert_eq!(steps(&told), ["queued", "begun", "given_up"]);
        assert!(entry(&told, "given_up")["decision"].as_str().unwrap().contains("no such user"), "{told}");

        let admin = app.officer("admin", &[Role::Admin]).await;
        app.get(&admin, &format!("/api/v1/outgoing/{sent}")).await.is_problem(403, "wrong-role");
    });
}
