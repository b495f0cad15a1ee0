//! Our own mail, to a real SMTP conversation.

use crate::support::{Silence, SmtpSink, TestApp, TestDatabase, on_each_database};
use chrono::Duration;
use evenhand::app::App;
use evenhand::app::outbox::{Draft, Origin, Queued, queue_mail};
use evenhand::domain::access::Role;
use evenhand::domain::correspondence::threading;
use evenhand::domain::ids::{EventId, OfficerId, OutgoingId};
use evenhand::mail::Delivery;
use evenhand::mail::deliver::Patience;
use evenhand::mail::parse::parse;
use evenhand::render::{NoticeContext, Rendered};
use evenhand::store::outgoing::{self, OutgoingRow};
use evenhand::store::outgoing_attempts;
use serde_json::{Value, json};
use uuid::Uuid;

/// A house whose mail goes to a sink.
async fn house(database: TestDatabase) -> (TestApp, SmtpSink) {
    let sink = SmtpSink::start().await;
    let mut house = TestApp::start(database).await;
    house.app.delivery = Delivery::smtp(&sink.url()).unwrap();
    (house, sink)
}

fn notice(app: &App) -> Rendered {
    let [rich, _] = NoticeContext::samples();
    app.renderer.notice(&rich).unwrap()
}

fn draft(app: &App, event: u128) -> Draft {
    Draft {
        event: EventId::from_uuid(Uuid::from_u128(event)),
        to: "person@example.com".to_owned(),
        words: notice(app),
        origin: Origin::Officer(OfficerId::from_uuid(Uuid::from_u128(9))),
        person: None,
        case: None,
        in_reply_to: Some("theirs@example.com".to_owned()),
        references: vec!["first@example.com".to_owned(), "theirs@example.com".to_owned()],
    }
}

async fn queue(app: &App, draft: Draft) -> OutgoingId {
    let house = app.clone();
    match app.store.write(async move |tx| queue_mail(&house, tx, draft).await).await.unwrap() {
        Queued::As(id) => id,
        Queued::Silent(why) => panic!("{why:?}"),
    }
}

async fn row(app: &App, id: OutgoingId) -> OutgoingRow {
    outgoing::find(app.store.reader(), id).await.unwrap().unwrap()
}

#[test]
fn a_notice_arrives_as_a_correct_mail() {
    on_each_database(async |database| {
        let (house, sink) = house(database).await;
        let id = queue(&house.app, draft(&house.app, 1)).await;
        house.run_jobs().await;

        let [taken] = sink.taken().try_into().unwrap();
        assert_eq!(taken.to, ["person@example.com"]);
        assert_eq!(taken.from, house.app.settings.mail_from);
        let read = parse(&taken.data);
        assert_eq!(read.defects, []);
        assert_eq!(read.media_type(), "multipart/alternative");
        let words = notice(&house.app);
        assert_eq!(read.subject.as_deref(), Some(words.subject.as_str()));
        let lines = |text: &str| text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned();
        assert_eq!(lines(&read.text), lines(&words.text));
        assert_eq!(lines(read.html.as_deref().unwrap()), lines(&words.html));
        assert_eq!(read.in_reply_to, ["theirs@example.com"]);
        assert_eq!(read.references, ["first@example.com", "theirs@example.com"]);
        assert!(!read.headers.has("auto-submitted"));
        let settings = &house.app.settings;
        let ours = threading::message_id(&settings.message_id_secret, &settings.message_id_domain, id);
        assert_eq!(read.message_id, Some(ours));
        let sent = row(&house.app, id).await;
        assert_eq!((sent.state.as_str(), sent.attempts, sent.sent_at), ("sent", 1, Some(house.now())));
    });
}

#[test]
fn a_server_that_is_busy_is_asked_again_with_the_same_mail() {
    on_each_database(async |database| {
        let (house, sink) = house(database).await;
        sink.refuse_next("451 4.3.0 come back later");
        let id = queue(&house.app, draft(&house.app, 1)).await;
        house.run_jobs().await;
        let waiting = row(&house.app, id).await;
        assert_eq!(waiting.state, "failed");
        assert!(waiting.last_error.unwrap().contains("come back later"));
        assert!(sink.taken().is_empty());

        house.advance(Duration::minutes(1));
        house.run_jobs().await;
        let sent = row(&house.app, id).await;
        assert_eq!((sent.state.as_str(), sent.attempts, sent.last_error), ("sent", 2, None));
        let [taken] = sink.taken().try_into().unwrap();
        assert_eq!(parse(&taken.data).message_id, Some(sent.message_id));

        house.advance(Duration::days(1));
        house.run_jobs().await;
        assert_eq!(sink.taken().len(), 1);
    });
}

#[test]
fn a_mail_refused_for_good_is_dead_and_a_person_may_try_again() {
    on_each_database(async |database| {
        let (house, sink) = house(database).await;
        sink.refuse_next("550 5.1.1 no such user");
        let id = queue(&house.app, draft(&house.app, 1)).await;
        house.run_jobs().await;
        house.advance(Duration::days(3));
        house.run_jobs().await;
        let dead = row(&house.app, id).await;
        assert_eq!((dead.state.as_str(), dead.attempts), ("dead", 1));
        assert!(sink.taken().is_empty());
    });
}

#[test]
fn our_own_sign_in_being_refused_loses_no_mail() {
    on_each_database(async |database| {
        let (house, sink) = house(database).await;
        sink.refuse_next("530 5.7.0 authentication required");
        let id = queue(&house.app, draft(&house.app, 1)).await;
        house.run_jobs().await;
        assert_eq!(row(&house.app, id).await.state, "failed");
        house.advance(Duration::minutes(1));
        house.run_jobs().await;
        assert_eq!(row(&house.app, id).await.state, "sent");
    });
}

#[test]
fn the_same_event_queues_one_mail_however_often_it_asks() {
    on_each_database(async |database| {
        let (house, sink) = house(database).await;
        let first = queue(&house.app, draft(&house.app, 1)).await;
        let again = queue(&house.app, draft(&house.app, 1)).await;
        let other = queue(&house.app, draft(&house.app, 2)).await;
        assert_eq!(first, again);
        assert_ne!(first, other);
        house.run_jobs().await;
        assert_eq!(sink.taken().len(), 2);
    });
}

#[test]
fn a_connection_lost_after_the_mail_was_taken_sends_the_same_mail_again() {
    on_each_database(async |database| {
        let (house, sink) = house(database).await;
        sink.hang_up_after_next();
        queue(&house.app, draft(&house.app, 1)).await;
        house.run_jobs().await;
        house.advance(Duration::minutes(1));
        house.run_jobs().await;
        let [first, second] = sink.taken().try_into().unwrap();
        assert_eq!(first, second, "SMTP cannot say whether it was taken: the second is the same mail, byte for byte");
    });
}

/// A house that waits a moment, not minutes, for a server that says nothing.
async fn impatient_house(database: TestDatabase) -> (TestApp, SmtpSink) {
    let (mut house, sink) = house(database).await;
    let moment = std::time::Duration::from_millis(300);
    house.app.delivery = Delivery::smtp_with(&sink.url(), Patience { to_begin: moment, to_take: moment }).unwrap();
    (house, sink)
}

#[test]
fn a_server_that_falls_silent_costs_one_attempt_of_one_mail() {
    on_each_database(async |database| {
        let (house, sink) = impatient_house(database).await;
        sink.fall_silent(Silence::AtTheSender);
        let mut mails = Vec::new();
        for event in 1..=4 {
            mails.push(queue(&house.app, draft(&house.app, event)).await);
        }
        house.run_jobs().await;
        let mut states = Vec::new();
        for id in &mails {
            let row = row(&house.app, *id).await;
            states.push((row.state, row.attempts));
        }
        states.sort();
        let sent = ("sent".to_owned(), 1);
        assert_eq!(states, [("failed".to_owned(), 1), sent.clone(), sent.clone(), sent]);
        assert_eq!(sink.connections(), 4, "no dialogue goes on over the connection of another");

        house.advance(Duration::minutes(1));
        house.run_jobs().await;
        assert_eq!(sink.taken().len(), 4);
    });
}

#[test]
fn a_mail_that_may_have_been_taken_is_called_uncertain_and_goes_out_again_as_the_same_mail() {
    on_each_database(async |database| {
        let (house, sink) = impatient_house(database).await;
        sink.fall_silent(Silence::AfterTheMail);
        let id = queue(&house.app, draft(&house.app, 1)).await;
        house.run_jobs().await;
        let waiting = row(&house.app, id).await;
        assert_eq!(waiting.state, "uncertain");
        assert!(waiting.last_error.unwrap().contains("may have been taken"));

        house.advance(Duration::minutes(1));
        house.run_jobs().await;
        assert_eq!(row(&house.app, id).await.state, "sent");
        let [first, second] = sink.taken().try_into().unwrap();
        assert_eq!(first, second);
    });
}

#[test]
fn a_server_that_is_not_there_is_waited_for() {
    on_each_database(async |database| {
        let mut house = TestApp::start(database).await;
        house.app.delivery = Delivery::smtp("smtp://127.0.0.1:1").unwrap();
        let id = queue(&house.app, draft(&house.app, 1)).await;
        house.run_jobs().await;
        assert_eq!(row(&house.app, id).await.state, "failed");
        let sink = SmtpSink::start().await;
        house.app.delivery = Delivery::smtp(&sink.url()).unwrap();
        house.advance(Duration::minutes(1));
        house.run_jobs().await;
        assert_eq!(sink.taken().len(), 1);
    });
}

#[tokio::test]
async fn mail_put_into_a_folder_is_one_whole_file() {
    let folder = tempfile::tempdir().unwrap();
    let delivery = Delivery::folder(folder.path().join("out"));
    let parcel = evenhand::mail::deliver::Parcel {
        from: "a@b.org",
        to: "c@d.org",
        message_id: "../1@b.org",
        mime: b"Subject: x\r\n\r\ny",
    };
    delivery.deliver(parcel).await.unwrap();
    delivery.deliver(parcel).await.unwrap();
    let files: Vec<_> =
        std::fs::read_dir(folder.path().join("out")).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 1);
    assert_eq!(std::fs::read(&files[0]).unwrap(), parcel.mime);
    assert_eq!(rights(&folder.path().join("out")), 0o700);
    assert_eq!(rights(&files[0]), 0o600, "mail to a member of the public is nobody else's to read");
}

fn rights(path: &std::path::Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// How the attempts went: outcome, code, status.
fn tries(mail: &Value) -> Vec<(String, Value, Value)> {
    let tries = mail["tries"].as_array().unwrap().iter();
    tries.map(|one| (one["outcome"].as_str().unwrap().to_owned(), one["code"].clone(), one["status"].clone())).collect()
}

#[test]
fn each_kind_of_failure_has_its_own_time_and_each_attempt_is_shown() {
    on_each_database(async |database| {
        let (house, sink) = house(database).await;
        let admin = house.officer("admin", &[Role::Admin]).await;
        let answers = [
            ("450 4.7.1 greylisted person@example.com", "greylisted", 450, json!("4.7.1"), 300),
            ("452 4.2.2 person@example.com is over quota", "quota", 452, json!("4.2.2"), 3600),
            ("552 5.2.2 mailbox full", "quota", 552, json!("5.2.2"), 3600),
            ("421 too busy", "busy", 421, Value::Null, 60),
            ("535 5.7.8 who are you", "credentials", 535, json!("5.7.8"), 60),
        ];
        for (n, (answer, outcome, code, status, wait)) in answers.into_iter().enumerate() {
            sink.refuse_next(answer);
            let mail = Draft { to: format!("person{n}@example.com"), ..draft(&house.app, 1) };
            let id = queue(&house.app, mail).await;
            house.run_jobs().await;
            assert_eq!(row(&house.app, id).await.state, "failed", "{answer}");
            house.advance(Duration::seconds(wait - 1));
            house.run_jobs().await;
            assert_eq!(sink.taken().len(), n, "{answer}: too early");
            house.advance(Duration::seconds(1));
            house.run_jobs().await;
            assert_eq!(sink.taken().len(), n + 1, "{answer}");
            let listed = house.get(&admin, "/api/v1/outgoing").await.ok();
            let sent = ("sent".to_owned(), Value::Null, Value::Null);
            assert_eq!(tries(&listed["data"][0]), [(outcome.to_owned(), json!(code), status), sent], "{listed}");
            assert!(!listed.to_string().contains("@example.com"), "a list shows no address: {listed}");
        }
    });
}

#[test]
fn a_server_that_is_never_there_is_tried_for_five_days_and_then_a_person_is_told() {
    on_each_database(async |database| {
        let mut house = TestApp::start(database).await;
        let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        house.app.delivery = Delivery::smtp(&format!("smtp://{nobody}")).unwrap();
        let id = queue(&house.app, draft(&house.app, 1)).await;
        let began = house.now();
        while row(&house.app, id).await.state != "dead" {
            house.run_jobs().await;
            assert!(house.now() - began <= Duration::days(6), "it never ends");
            house.advance(Duration::minutes(30));
        }
        assert!(house.now() - began > Duration::days(5), "it was given up too early: {}", house.now() - began);
        let attempts = outgoing_attempts::of(house.app.store.reader(), &[id.as_uuid()]).await.unwrap();
        assert!(attempts.iter().all(|attempt| attempt.outcome.as_deref() == Some("connection")));
        assert!((30..100).contains(&attempts.len()), "{}", attempts.len());
        let admin = house.officer("admin", &[Role::Admin]).await;
        let staff = house.officer("staff", &[Role::PsdStaff]).await;
        let tasks = house.get(&staff, "/api/v1/tasks").await.ok();
        assert_eq!(tasks["data"][0]["kind"], "mail_given_up", "{tasks}");

        // Another life is a whole one.
        let dead = house.get(&admin, "/api/v1/jobs?state=dead").await.ok();
        let job = dead["data"][0]["id"].as_str().unwrap().to_owned();
        house.post(&admin, &format!("/api/v1/jobs/{job}/retry"), json!({})).await.ok();
        house.run_jobs().await;
        assert_eq!(row(&house.app, id).await.state, "failed");
    });
}

#[test]
fn a_mail_that_may_have_been_taken_goes_out_again_only_a_few_times() {
    on_each_database(async |database| {
        let (house, sink) = house(database).await;
        let id = queue(&house.app, draft(&house.app, 1)).await;
        for _half_day in 0..12 {
            sink.hang_up_after_next();
            house.run_jobs().await;
            house.advance(Duration::hours(12));
        }
        assert_eq!((row(&house.app, id).await.state.as_str(), sink.taken().len()), ("dead", 4));
    });
}
