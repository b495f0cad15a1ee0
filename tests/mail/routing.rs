//! What machines seem to send, what pretends to be ours, and what answers us, through the whole intake.

use super::mailroom::{Mailroom, OURS};
use crate::support::on_each_database;
use evenhand::domain::access::Role;
use serde_json::{Value, json};

#[test]
fn a_machines_words_are_read_for_risk_like_a_persons() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        let header = "From: person@example.com\r\nSubject: Automatic reply: hello\r\nAuto-Submitted: auto-replied";
        let (_, away) = room.arrives(header, "I am away.").await;
        assert_eq!((&away["place"], &away["readDueAt"]), (&json!("filed"), &Value::Null));
        let (_, risk) = room.arrives(header, "I am going to end my life.").await;
        assert_eq!((&risk["automatic"], &risk["place"]), (&json!("auto_reply"), &json!("filed")));
        assert_eq!(risk["flags"][0]["flag"], "risk");
        assert_eq!(risk["readDueAt"], risk["recordedAt"], "at once");
        let tasks = room.app.get(&room.staff, "/api/v1/tasks").await.ok();
        let reading = |task: &&Value| task["kind"] == "read_flagged" && task["contactId"] == risk["id"];
        assert!(tasks["data"].as_array().unwrap().iter().any(|task| reading(&task)), "{tasks}");
    });
}

#[test]
fn a_person_decides_that_a_person_wrote_what_was_taken_for_a_machines() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        let person = room.person("person@example.com").await;
        let (_, mail) = room.arrives("From: person@example.com\r\nPrecedence: bulk", "Where is my answer?").await;
        assert_eq!((&mail["automatic"], &mail["counted"]), (&json!("list"), &json!(false)));
        let path = format!("/api/v1/contacts/{}/attribution", mail["id"].as_str().unwrap());
        let decide = json!({ "personId": person, "writtenByPerson": true, "reason": "It answers my letter." });
        let etag = format!("\"v{}\"", mail["version"]);
        let counted = room.app.post_at(&room.staff, &path, &etag, decide).await.ok();
        assert_eq!((&counted["counted"], &counted["countsForId"]), (&json!(true), &json!(person)));
        assert_eq!(counted["verdict"]["kinds"], json!(["within_limit"]));
    });
}

#[test]
fn what_only_looks_like_our_own_mail_is_a_suspected_spoof() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        let domain = room.app.app.settings.message_id_domain.clone();
        for header in [
            format!("From: {OURS}\r\nSubject: x"),
            format!("From: person@example.com\r\nMessage-ID: <made-up@{domain}>"),
            format!("Authentication-Results: mx.force.example; dmarc=fail header.from=force.example\r\nFrom: {OURS}"),
        ] {
            let (_, feigned) = room.arrives(&header, "I want to make a complaint.").await;
            assert_eq!(feigned["notCountedBecause"], "suspected_spoof", "{header}");
            assert_eq!(feigned["place"], "unattributed", "{header}");
        }
        let proven =
            format!("Authentication-Results: mx.force.example; dmarc=pass header.from=force.example\r\nFrom: {OURS}");
        let (_, own) = room.arrives(&proven, "A copy for us.").await;
        assert_eq!((&own["notCountedBecause"], &own["place"]), (&json!("own"), &json!("filed")));
        let (_, ours) = room.wrote().await;
        let signed = format!("From: {OURS}\r\nMessage-ID: <{ours}>");
        assert_eq!(room.arrives(&signed, "The notice, come back.").await.1["notCountedBecause"], "own");
    });
}

#[test]
fn an_answer_of_whom_we_wrote_to_lies_with_its_case_and_says_nothing_of_who_wrote_it() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        let (case, ours) = room.wrote().await;
        let header = format!("From: person@example.com\r\nIn-Reply-To: <{ours}>");
        let (explained, answer) = room.arrives(&header, "I read this.").await;
        assert_eq!(answer["caseId"], json!(case));
        assert_eq!((&answer["attribution"], &answer["personId"]), (&json!("unattributed"), &Value::Null));
        assert_eq!(explained["contact"]["caseId"], json!(case));
        assert_eq!(explained["steps"][0]["evidence"]["case"], json!(case));
        room.arrives("From: other@example.net", "Something else.").await;
        let of_case = room.app.get(&room.staff, &format!("/api/v1/contacts?case={case}")).await.ok();
        let listed: Vec<_> = of_case["data"].as_array().unwrap().iter().map(|contact| &contact["id"]).collect();
        assert_eq!(listed, [&answer["id"]]);
        let made_up = ours.replacen(|c: char| c.is_ascii_digit(), "f", 1);
        let (_, forged) = room.arrives(&format!("From: a@example.net\r\nReferences: <{made_up}>"), "And I.").await;
        assert_eq!(forged["caseId"], Value::Null);
    });
}

#[test]
fn an_administrator_and_whoever_is_complained_about_read_no_explanation() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        let person = room.person("person@example.com").await;
        let header = "Authentication-Results: mx.force.example; dmarc=pass header.from=example.com\r\n\
                      From: person@example.com";
        let (explained, _) = room.arrives(header, "Good morning.").await;
        let path = format!("/api/v1/mail/{}", explained["id"].as_str().unwrap());
        let admin = room.app.officer("admin", &[Role::Admin]).await;
        room.app.get(&admin, &path).await.is_problem(403, "wrong-role");
        let named = room.app.officer("named", &[Role::PsdStaff]).await;
        let complaint = format!("/api/v1/people/{person}/complaints-about");
        room.app.post(&room.staff, &complaint, json!({ "officerId": named.id })).await.ok();
        room.app.get(&named, &path).await.is_problem(404, "not-found");
    });
}
