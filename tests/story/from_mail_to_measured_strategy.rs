//! The main job from end to end: mail comes in, people decide, the notice goes out, contact is measured and held, a
//! held mail is read and its complaint released.

use super::cast::{ADDRESS, Force, Mail};
use super::forms;
use crate::support::{SmtpSink, on_each_database};
use chrono::Duration;
use evenhand::mail::Delivery;
use mail_parser::MimeHeaders;
use serde_json::{Value, json};

#[test]
fn a_mail_over_the_limit_is_held_read_and_its_complaint_released() {
    on_each_database(async |database| {
        let mut force = Force::gather(database).await;
        let sink = SmtpSink::start().await;
        force.app.app.delivery = Delivery::smtp(&sink.url()).unwrap();

        // Mail comes in; it is the person's because the border server proved it and the address is confirmed.
        for n in 1..=3 {
            let contact = force.mail_arrives(&Mail::proven(&format!("My letter {n}"), "I wrote before.")).await;
            assert_eq!(contact["countsForId"], force.person, "{contact}");
            assert_eq!(contact["verdict"]["kinds"], json!(["within_limit"]), "{contact}");
        }

        // The meeting decides, the strategy is written, asked about, signed, tested for harm, shared and served.
        let (case, strategy) = force.harm_tested("redacted").await;
        force.act(&force.spoc, &strategy, "share", forms::sharing(ADDRESS)).await.ok();
        force.app.run_jobs().await;
        the_notice_arrived(&force, &sink);
        let early = force.mail_arrives(&Mail::proven("Before it binds", "Again.")).await;
        assert_eq!(early["verdict"]["kinds"], json!(["within_limit"]), "no strategy is in force yet");
        force.act(&force.spoc, &strategy, "record_service", forms::service(ADDRESS, "2026-06-01")).await.ok();
        assert_eq!(force.case(&force.spoc, &strategy).await["state"], "in_force");
        assert_eq!(force.case(&force.staff, &case).await["state"], "active");

        // Sent by e-mail on Monday, it binds from Tuesday: today's mail is no breach.
        let same_day = force.mail_arrives(&Mail::proven("Same day", "Once more.")).await;
        assert_eq!(same_day["verdict"]["kinds"], json!(["not_yet_effective"]), "{same_day}");
        force.app.advance(Duration::days(1));
        let first = force.mail_arrives(&Mail::proven("First of the week", "My question.")).await;
        assert_eq!((&first["verdict"]["kinds"], &first["place"]), (&json!(["within_limit"]), &json!("to_read")));
        force.app.advance(Duration::hours(2));
        let words = "Nobody answered. I want to make a complaint about the officer who came on Friday.";
        let second = force.mail_arrives(&Mail::proven("Second of the week", words)).await;
        assert_eq!(second["verdict"]["kinds"], json!(["over_frequency"]), "{second}");
        assert_eq!(second["place"], "held");
        assert_eq!(second["flags"][0]["flag"], "complaint", "the words raise the flag: {second}");

        the_complaint_is_released(&force, &second).await;
    });
}

/// Over a real SMTP conversation, once, as one multipart message in the force's name.
fn the_notice_arrived(force: &Force, sink: &SmtpSink) {
    let taken = sink.taken();
    let [notice] = taken.as_slice() else { panic!("one mail, not {}", taken.len()) };
    assert_eq!(
        (notice.from.as_str(), notice.to.as_slice()),
        (force.app.app.settings.mail_from.as_str(), &[ADDRESS.to_owned()][..])
    );
    let parsed = mail_parser::MessageParser::default().parse(&notice.data).expect("a MIME message");
    let kind = parsed.content_type().expect("a media type");
    assert_eq!((kind.ctype(), kind.subtype()), ("multipart", Some("alternative")));
    assert!(parsed.header("MIME-Version").is_some());
    let from = parsed.from().and_then(|from| from.first()).and_then(|from| from.address());
    assert_eq!(from, Some(force.app.app.settings.mail_from.as_str()));
    assert_eq!(parsed.to().and_then(|to| to.first()).and_then(|to| to.address()), Some(ADDRESS));
    assert!(parsed.subject().is_some_and(|subject| !subject.is_empty()));
    assert!(parsed.message_id().is_some_and(|id| id.contains('@')));
    assert_eq!(parsed.date().map(mail_parser::DateTime::to_timestamp), Some(force.app.now().timestamp()));
    assert_eq!(parsed.attachment_count(), 0);
    let (text, html) = (parsed.body_text(0).unwrap(), parsed.body_html(0).unwrap());
    for words in ["once a week at most", "999", "review", "challenge"] {
        assert!(text.contains(words) || html.contains(words), "the notice says “{words}”:\n{text}");
    }
    for secret in ["Nine mails in two days about a complaint", "No risk known"] {
        assert!(!text.contains(secret) && !html.contains(secret), "the internal part stays inside:\n{text}");
    }
}

/// Held mail is closed only after a named person answered the seven questions; a complaint goes its own way.
async fn the_complaint_is_released(force: &Force, held: &Value) {
    let path = format!("/api/v1/contacts/{}", held["id"].as_str().unwrap());
    let etag = format!("\"v{}\"", held["version"]);
    let unread = json!({ "handling": "closed" });
    let answer = force.app.post_at(&force.staff, &format!("{path}/handling"), &etag, unread).await;
    assert!(matches!(answer.status, 409 | 422), "not before it was read: {}", answer.text);

    let ticked = json!({ "handling": "read", "answers": {
        "risk": false, "complaint": true, "crime": false, "rights": false,
        "adjustment": false, "threat": false, "requested_reply": false } });
    force.app.post_at(&force.staff, &format!("{path}/handling"), &etag, ticked).await.ok();
    let released = force.app.get(&force.staff, &path).await.ok();
    assert_eq!((&released["place"], &released["exempt"]), (&json!("released"), &json!(true)), "{released}");
    // The strategy has a point of contact, who records what it brings to light.
    let tasks = force.app.get(&force.spoc, "/api/v1/tasks").await.ok();
    let recording = tasks["data"].as_array().unwrap().iter().find(|task| task["kind"] == "record_complaint");
    assert_eq!(recording.expect("a recording task")["contactId"], released["id"]);
}

#[test]
fn no_verdict_or_hold_rests_on_a_strategy_withheld_in_full() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.strategy_signed().await;
        force.act(&force.staff, &strategy, "prepare_harm_test", forms::harm_test_of_everything()).await.ok();
        let decision = forms::harm_test_decision("withheld");
        force.act(&force.authority, &strategy, "decide_harm_test", decision).await.ok();
        assert_eq!(force.case(&force.spoc, &strategy).await["state"], "withheld");
        for n in 1..=4 {
            let contact = force.mail_arrives(&Mail::proven(&format!("Letter {n}"), "Again.")).await;
            assert_eq!(contact["verdict"]["kinds"], json!(["within_limit"]), "{contact}");
            assert_eq!(contact["place"], "to_read");
        }
    });
}

#[test]
fn a_spoofed_mail_from_the_same_address_changes_nothing() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        force.strategy_in_force().await;
        force.app.advance(Duration::days(1));
        for dmarc in [Some("fail"), None] {
            let mail = Mail { dmarc, ..Mail::proven("Not me", "Words of somebody else.") };
            let contact = force.mail_arrives(&mail).await;
            assert_eq!((&contact["countsForId"], &contact["place"]), (&Value::Null, &json!("unattributed")));
        }
        let own = force.mail_arrives(&Mail::proven("Me", "My one mail of the week.")).await;
        assert_eq!(own["verdict"]["kinds"], json!(["within_limit"]), "the spoofs used no allowance: {own}");
    });
}

#[test]
fn a_strategy_expires_by_itself_and_binds_no_longer() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (case, strategy) = force.strategy_in_force().await;
        force.app.advance(Duration::days(200));
        evenhand::app::cases::run_deadlines(&force.app.app).await.unwrap();
        assert_eq!(force.case(&force.spoc, &strategy).await["state"], "expired");
        assert_eq!(force.case(&force.staff, &case).await["state"], "monitored");
        for n in 1..=2 {
            let contact = force.mail_arrives(&Mail::proven(&format!("After {n}"), "Again.")).await;
            assert_eq!(contact["verdict"]["kinds"], json!(["within_limit"]), "{contact}");
        }
    });
}
