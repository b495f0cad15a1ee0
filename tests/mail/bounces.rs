//! What comes of mails of ours that come back: tied by a signed id alone, told to a person, and not tried again for a time.

use super::mailroom::{Letter, Mailroom, OURS};
use crate::support::{SmtpSink, TestApp, TestDatabase, on_each_database};
use chrono::Duration;
use entities::{contacts, delivery_reports, mail_references, outgoing, undeliverable_addresses};
use evenhand::app::outbox::UNDELIVERABLE_FOR;
use evenhand::domain::access::Role;
use evenhand::domain::ids::{CaseId, Id};
use evenhand::mail::Delivery;
use evenhand::store::disposal::erase_cases;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

const TO: &str = "person@example.com";

/// How a server says which mail came back.
#[derive(Clone, Copy, Debug)]
enum Dialect {
    /// The whole mail.
    Whole,
    /// Its header, with the id on a line of its own.
    Header,
    /// The header as another server writes it.
    GlobalHeader,
    /// No part of the mail; an In-Reply-To.
    Answer,
    /// No part of the mail; References.
    Reference,
    /// A field of the report.
    Field,
}

const DIALECTS: [Dialect; 6] =
    [Dialect::Whole, Dialect::Header, Dialect::GlobalHeader, Dialect::Answer, Dialect::Reference, Dialect::Field];

/// What a report says of somebody: address, action, status.
type Said<'a> = (&'a str, &'a str, &'a str);

fn report(id: &str, dialect: Dialect, said: &[Said<'_>], n: usize) -> String {
    let (header, field, part) = match dialect {
        Dialect::Whole => (
            String::new(),
            String::new(),
            format!(
                "--x\r\nContent-Type: message/rfc822\r\n\r\nFrom: {OURS}\r\nMessage-ID: <{id}>\r\nTo: {TO}\r\n\r\nWords.\r\n"
            ),
        ),
        Dialect::Header => (
            String::new(),
            String::new(),
            format!(
                "--x\r\nContent-Type: text/rfc822-headers\r\n\r\nFrom: {OURS}\r\nMessage-ID:\r\n <{id}>\r\nTo: {TO}\r\n"
            ),
        ),
        Dialect::GlobalHeader => (
            String::new(),
            String::new(),
            format!("--x\r\nContent-Type: message/global-headers\r\n\r\nmessage-id:\t<{id}>\r\nTo: {TO}\r\n"),
        ),
        Dialect::Answer => (format!("In-Reply-To: <{id}>\r\n"), String::new(), String::new()),
        Dialect::Reference => (format!("References: <other@example.org> <{id}>\r\n"), String::new(), String::new()),
        Dialect::Field => (String::new(), format!("Original-Message-ID: <{id}>\r\n"), String::new()),
    };
    let of_recipient = |(address, action, status): &Said<'_>| {
        format!(
            "\r\nFinal-Recipient: rfc822; {address}\r\nAction: {action}\r\nStatus: {status}\r\n\
             Diagnostic-Code: smtp; {status} as the server says\r\n"
        )
    };
    let recipients: String = said.iter().map(of_recipient).collect();
    format!(
        "From: Mail Delivery System <MAILER-DAEMON@mx.example.com>\r\nTo: {OURS}\r\nSubject: Report {n}\r\n\
         Message-ID: <report{n}@mx.example.com>\r\nAuto-Submitted: auto-replied\r\n{header}\
         Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n\
         --x\r\nContent-Type: text/plain\r\n\r\nThis is about a mail of yours.\r\n\
         --x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n{field}{recipients}\r\n\
         {part}--x--\r\n"
    )
}

async fn case_and_letter(room: &Mailroom) -> (CaseId, Letter) {
    let case = room.case_about(None).await;
    let letter = room.writes(case, TO, 1).await;
    room.app.run_jobs().await;
    (case, letter)
}

async fn marked(room: &Mailroom) -> Vec<undeliverable_addresses::Model> {
    undeliverable_addresses::Entity::find().all(room.app.app.store.reader()).await.unwrap()
}

fn bounce(explained: &Value) -> &Value {
    &explained["steps"][0]["evidence"]["bounce"]
}

/// Nothing was changed by a report, and its explanation says why.
async fn nothing_came_of(room: &Mailroom, (case, letter): (CaseId, &Letter), explained: &Value, because: &str) {
    let why = bounce(explained)["nothingDoneBecause"].as_str().unwrap_or_else(|| panic!("{explained}"));
    assert!(why.contains(because), "{why}");
    assert_eq!(room.shown(case, letter).await["deliveries"], json!([]));
    assert_eq!(marked(room).await, []);
    assert!(room.tasks("mail_not_delivered").await.is_empty());
}

#[test]
fn whatever_server_reports_it_the_mail_itself_says_what_became_of_it() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        let case = room.case_about(None).await;
        let outcomes = [
            ("failed", "5.1.1", "failed_permanently"),
            ("failed", "4.2.2", "failed_for_now"),
            ("delayed", "4.4.1", "delayed"),
            ("delivered", "2.0.0", "delivered"),
            ("relayed", "2.0.0", "relayed"),
        ];
        let (mut n, mut failed) = (0, 0);
        for dialect in DIALECTS {
            for (action, status, outcome) in outcomes {
                n += 1;
                // Others of the same report, before and after: what is said of them is said of them.
                let to = format!("Person{n}@Example.com");
                let letter = room.writes(case, &to, n as u128).await;
                let mut said = vec![(to.as_str(), action, status)];
                if n % 2 == 0 {
                    said.insert(0, ("first@example.net", "failed", "5.7.1"));
                }
                if n % 3 == 0 {
                    said.push(("last@example.net", "delivered", "2.1.5"));
                }
                let (explained, contact) = room.takes_in(report(&letter.message_id, dialect, &said, n)).await;
                let shown = room.shown(case, &letter).await["deliveries"].clone();
                let seen = &shown[0];
                let expected = (to.to_lowercase(), outcome, status);
                let recipient = seen["recipient"].as_str().unwrap_or_default().to_owned();
                let seen = (recipient, seen["outcome"].as_str().unwrap(), seen["status"].as_str().unwrap());
                assert_eq!(seen, expected, "{dialect:?} {explained}");
                assert_eq!(shown.as_array().unwrap().len(), 1);
                assert!(shown[0]["diagnostic"].as_str().unwrap().contains("as the server says"), "{shown}");
                assert_eq!(
                    (&bounce(&explained)["about"], &bounce(&explained)["outcome"]),
                    (&json!(letter.id), &json!(outcome))
                );
                assert_eq!((&contact["caseId"], &contact["counted"]), (&json!(case), &json!(false)));
                let asked = room.tasks("mail_not_delivered").await;
                let marks = marked(&room).await.iter().any(|mark| mark.address == to.to_lowercase());
                assert_eq!(marks, outcome == "failed_permanently", "{dialect:?} {outcome}");
                failed += usize::from(action == "failed");
                assert_eq!(asked.len(), failed, "{dialect:?} {outcome}");
            }
        }
    });
}

#[test]
fn a_mail_that_came_back_is_told_once_and_shown_on_its_case() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        let (case, letter) = case_and_letter(&room).await;
        for n in 0..3 {
            room.takes_in(report(&letter.message_id, Dialect::Whole, &[(TO, "failed", "5.1.1")], n)).await;
        }
        let [asked] = room.tasks("mail_not_delivered").await.try_into().unwrap();
        assert_eq!((&asked["caseId"], &asked["role"]), (&json!(case), &json!("psd_staff")));
        let shown = room.shown(case, &letter).await;
        assert_eq!((&shown["state"], shown["deliveries"].as_array().unwrap().len()), (&json!("sent"), 3));
        let [mark] = marked(&room).await.try_into().unwrap();
        assert_eq!((mark.address.as_str(), mark.until - mark.since), (TO, UNDELIVERABLE_FOR));
        assert_eq!((mark.outgoing_id, mark.status.as_deref()), (letter.id.as_uuid(), Some("5.1.1")));
    });
}

#[test]
fn an_id_that_we_did_not_sign_changes_nothing() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        let (case, letter) = case_and_letter(&room).await;
        let made_up = letter.message_id.replacen(|c: char| c.is_ascii_digit(), "f", 1);
        for (n, dialect) in DIALECTS.into_iter().enumerate() {
            let raw = report(&made_up, dialect, &[(TO, "failed", "5.1.1")], n);
            let (explained, contact) = room.takes_in(raw).await;
            nothing_came_of(&room, (case, &letter), &explained, "no id it names is one that we signed").await;
            assert_eq!(contact["caseId"], Value::Null);
        }
    });
}

#[test]
fn words_alone_tie_a_report_to_nothing() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        let (case, letter) = case_and_letter(&room).await;
        let subject = room.row(letter.id).await.subject;
        let header = "From: MAILER-DAEMON@mx.example.com\r\nSubject: Undelivered Mail Returned to Sender";
        let words = format!("<{TO}>: 550 5.1.1 user unknown\r\n\r\n{subject}\r\nthe mail {}", letter.id);
        let (explained, _) = room.arrives(header, &words).await;
        nothing_came_of(&room, (case, &letter), &explained, "it names no mail").await;
    });
}

#[test]
fn a_report_about_somebody_we_did_not_write_to_changes_nothing() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        let (case, letter) = case_and_letter(&room).await;
        let said = [("victim@example.com", "failed", "5.1.1"), ("other@example.com", "failed", "5.1.1")];
        let (explained, contact) = room.takes_in(report(&letter.message_id, Dialect::Whole, &said, 1)).await;
        nothing_came_of(&room, (case, &letter), &explained, "an address that the mail did not go to").await;
        assert_eq!((&bounce(&explained)["about"], &contact["caseId"]), (&json!(letter.id), &Value::Null));
    });
}

#[test]
fn a_report_about_a_report_does_nothing() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        let (case, letter) = case_and_letter(&room).await;
        let inner = report(&letter.message_id, Dialect::Answer, &[(TO, "failed", "5.1.1")], 1);
        let outer = format!(
            "From: Mail Delivery System <MAILER-DAEMON@mx.example.net>\r\nTo: {OURS}\r\nSubject: Undelivered\r\n\
             References: <{}>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=o\r\n\r\n\
             --o\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n\
             Final-Recipient: rfc822; {TO}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n\
             --o\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--o--\r\n",
            letter.message_id
        );
        let (explained, _) = room.takes_in(outer).await;
        nothing_came_of(&room, (case, &letter), &explained, "itself a report").await;
    });
}

#[test]
fn what_a_person_writes_about_a_failure_is_no_report() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        let (case, letter) = case_and_letter(&room).await;
        let header = format!("From: {TO}\r\nSubject: Undeliverable\r\nIn-Reply-To: <{}>", letter.message_id);
        let (explained, _) = room.arrives(&header, &format!("<{TO}>: 550 5.1.1 user unknown")).await;
        assert_eq!(*bounce(&explained), Value::Null);
        assert_eq!(room.shown(case, &letter).await["deliveries"], json!([]));
        assert_eq!(marked(&room).await, []);
    });
}

#[test]
fn nothing_is_sent_to_an_address_that_cannot_be_reached_and_a_person_is_told() {
    on_each_database(async |database| {
        let mut room = Mailroom::open(database).await;
        let sink = SmtpSink::start().await;
        room.app.app.delivery = Delivery::smtp(&sink.url()).unwrap();
        let (case, letter) = case_and_letter(&room).await;
        assert_eq!(sink.taken().len(), 1);
        room.takes_in(report(&letter.message_id, Dialect::Whole, &[(TO, "failed", "5.1.1")], 1)).await;

        let held = room.writes(case, " Person@Example.com", 2).await;
        let other = room.writes(case, "other@example.com", 2).await;
        room.app.run_jobs().await;
        let row = room.row(held.id).await;
        assert_eq!((row.state.as_str(), row.attempts), ("dead", 0));
        let why = row.last_error.unwrap();
        assert!(why.contains("undeliverable (5.1.1)") && why.contains("2026-07-01"), "{why}");
        assert_eq!(room.shown(case, &held).await["lastError"], why);
        let [asked] = room.tasks("mail_given_up").await.try_into().unwrap();
        assert_eq!(asked["caseId"], json!(case));
        assert_eq!(room.row(other.id).await.state, "sent");

        room.app.advance(UNDELIVERABLE_FOR - Duration::seconds(1));
        let still = room.writes(case, TO, 3).await;
        room.app.run_jobs().await;
        assert_eq!(room.row(still.id).await.state, "dead", "to the last second");
        room.app.advance(Duration::seconds(1));
        let free = room.writes(case, TO, 4).await;
        room.app.run_jobs().await;
        assert_eq!(room.row(free.id).await.state, "sent");
    });
}

#[test]
fn somebody_who_confirms_the_address_again_lets_mail_go_there() {
    on_each_database(async |database| {
        let mut room = Mailroom::open(database).await;
        let sink = SmtpSink::start().await;
        room.app.app.delivery = Delivery::smtp(&sink.url()).unwrap();
        let person = room.person(TO).await;
        let (case, letter) = case_and_letter(&room).await;
        room.takes_in(report(&letter.message_id, Dialect::Whole, &[(TO, "failed", "5.1.1")], 1)).await;
        let held = room.writes(case, TO, 2).await;
        room.app.run_jobs().await;
        assert_eq!(room.row(held.id).await.state, "dead");
        let shown = room.app.get(&room.staff, &format!("/api/v1/people/{person}")).await.ok();
        let mark = &shown["identifiers"][0]["undeliverable"];
        let [row] = marked(&room).await.try_into().unwrap();
        assert_eq!((&mark["status"], &mark["outgoingId"]), (&json!("5.1.1"), &json!(letter.id)));
        assert_eq!((&mark["since"], &mark["until"]), (&json!(row.since), &json!(row.until)));

        let again = json!({ "kind": "email", "value": TO, "role": "self", "confidence": "claimed" });
        let path = format!("/api/v1/people/{person}/identifiers");
        room.app.post(&room.staff, &path, again.clone()).await.is_problem(409, "already-recorded");
        assert_eq!(marked(&room).await.len(), 1, "a claim confirms nothing");
        room.confirm(&person, TO).await;
        assert_eq!(marked(&room).await, []);
        let known = room.app.get(&room.staff, &path).await.ok();
        assert_eq!(known["data"].as_array().unwrap().len(), 1, "it is the same address: {known}");
        assert_eq!(known["data"][0]["undeliverable"], Value::Null, "{known}");

        let admin = room.app.officer("admin", &[Role::Admin]).await;
        let dead = room.app.get(&admin, "/api/v1/jobs?state=dead").await.ok();
        let job = dead["data"][0]["id"].as_str().unwrap().to_owned();
        room.app.post(&admin, &format!("/api/v1/jobs/{job}/retry"), json!({})).await.ok();
        room.app.run_jobs().await;
        assert_eq!(room.row(held.id).await.state, "sent");
        let once_more = json!({ "kind": "email", "value": TO, "role": "self", "confidence": "confirmed" });
        room.app.post(&room.staff, &path, once_more).await.is_problem(409, "already-recorded");
    });
}

#[test]
fn a_failure_for_now_is_told_and_keeps_no_other_mail_back() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        let (case, letter) = case_and_letter(&room).await;
        room.takes_in(report(&letter.message_id, Dialect::Header, &[(TO, "delayed", "4.4.1")], 1)).await;
        assert!(room.tasks("mail_not_delivered").await.is_empty(), "it is still tried");
        room.takes_in(report(&letter.message_id, Dialect::Header, &[(TO, "failed", "4.4.7")], 2)).await;
        assert_eq!(room.tasks("mail_not_delivered").await.len(), 1);
        assert_eq!(marked(&room).await, []);
        let next = room.writes(case, TO, 2).await;
        room.app.run_jobs().await;
        assert_eq!(room.row(next.id).await.state, "sent");
    });
}

#[test]
fn a_failure_that_names_nobody_is_told_and_marks_nothing() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        let (case, letter) = case_and_letter(&room).await;
        let header = format!("From: MAILER-DAEMON@mx.example.com\r\nIn-Reply-To: <{}>", letter.message_id);
        let (explained, _) = room.arrives(&header, "Your mail could not be delivered.").await;
        assert_eq!(bounce(&explained)["outcome"], "failed_for_now", "{explained}");
        assert_eq!(room.shown(case, &letter).await["deliveries"][0]["recipient"], TO);
        assert_eq!(room.tasks("mail_not_delivered").await.len(), 1);
        assert_eq!(marked(&room).await, []);
    });
}

#[test]
fn reports_and_marks_go_with_the_case_they_are_about() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        let (case, letter) = case_and_letter(&room).await;
        room.takes_in(report(&letter.message_id, Dialect::Whole, &[(TO, "failed", "5.1.1")], 1)).await;
        let (store, now) = (&room.app.app.store, room.app.now());
        let under: CaseId = Id::from_uuid(uuid::Uuid::from_u128(7));
        let erased = store.write(async move |tx| {
            let erased = erase_cases(tx, &[case], now, under).await?;
            Ok::<_, evenhand::store::StoreError>(erased)
        });
        assert!(erased.await.unwrap().streams.contains(&letter.id.as_uuid()));
        let db = store.reader();
        assert_eq!(outgoing::Entity::find().all(db).await.unwrap().len(), 0);
        assert_eq!(delivery_reports::Entity::find().all(db).await.unwrap().len(), 0);
        assert_eq!(marked(&room).await.len(), 0);
        assert_eq!(contacts::Entity::find().all(db).await.unwrap().len(), 0, "the report quotes what we wrote");
        assert_eq!(mail_references::Entity::find().all(db).await.unwrap().len(), 0);
    });
}

/// A house whose mails each have an address of their own to come back to; a mail of it, and that address.
async fn with_own_return_paths(database: TestDatabase) -> (Mailroom, CaseId, Letter, String) {
    let mut config = TestApp::config();
    config.mail.bounce_address = "Bounces@force.example".to_owned();
    let room = Mailroom::with(database, config).await;
    let (case, letter) = case_and_letter(&room).await;
    let [sent] = room.app.app.delivery.delivered().try_into().unwrap();
    assert!(sent.from.starts_with("bounces+") && sent.from.ends_with("@force.example"), "{}", sent.from);
    assert!(sent.from.split('@').next().unwrap().len() <= 64, "RFC 5321 §4.5.3.1.1: {}", sent.from);
    (room, case, letter, sent.from)
}

#[test]
fn what_comes_back_to_a_mails_own_address_is_about_that_mail_however_little_it_says() {
    on_each_database(async |database| {
        let (room, case, letter, address) = Box::pin(with_own_return_paths(database)).await;
        let silent = "From: MAILER-DAEMON@mx.example.com\r\nSubject: Undelivered Mail\r\n\r\nSorry.\r\n".to_owned();
        let (explained, contact) = room.takes_in_at(&address.to_uppercase(), silent).await;
        assert_eq!(bounce(&explained)["about"], json!(letter.id), "{explained}");
        assert_eq!((&contact["caseId"], &contact["counted"]), (&json!(case), &json!(false)));
        assert_eq!(room.shown(case, &letter).await["deliveries"][0]["recipient"], TO);
        assert_eq!(room.tasks("mail_not_delivered").await.len(), 1);
        assert_eq!(marked(&room).await, [], "what names nobody marks nobody");

        // The mail was passed on, and the report names the address it was passed on to.
        let elsewhere = report("unknown@example.net", Dialect::Field, &[("other@example.net", "failed", "5.1.1")], 7);
        let (explained, _) = room.takes_in_at(&address, elsewhere).await;
        assert_eq!(bounce(&explained)["about"], json!(letter.id), "{explained}");
        assert_eq!(room.shown(case, &letter).await["deliveries"].as_array().unwrap().len(), 2);
        assert_eq!(marked(&room).await, [], "what is said of another marks nobody");

        let said = report("unknown@example.net", Dialect::Field, &[(TO, "failed", "5.1.1")], 8);
        room.takes_in_at(&address, said).await;
        assert_eq!(marked(&room).await.len(), 1);
    });
}

#[test]
fn an_address_that_we_did_not_sign_ties_nothing() {
    on_each_database(async |database| {
        let (room, case, letter, address) = Box::pin(with_own_return_paths(database)).await;
        let signed = address.split(['+', '@']).nth(1).unwrap();
        let other = if signed.ends_with('0') { "1" } else { "0" };
        let made_up = format!("{}{other}", signed.get(..signed.len() - 1).unwrap());
        let unsigned = signed.get(..32).unwrap();
        for (n, local) in [made_up.as_str(), unsigned, "", "x"].into_iter().enumerate() {
            let raw = format!(
                "From: MAILER-DAEMON@mx.example.com\r\nSubject: Undelivered Mail {n}\r\n\r\n<{TO}>: user unknown\r\n"
            );
            let (explained, _) = room.takes_in_at(&format!("bounces+{local}@force.example"), raw).await;
            nothing_came_of(&room, (case, &letter), &explained, "it names no mail").await;
        }
    });
}

#[test]
fn an_absence_notice_to_a_mails_own_address_lies_with_its_case_and_counts_for_nobody() {
    on_each_database(async |database| {
        let (room, case, letter, address) = Box::pin(with_own_return_paths(database)).await;
        let raw = format!("From: {TO}\r\nSubject: Away\r\nAuto-Submitted: auto-replied\r\n\r\nI am away.\r\n");
        let (explained, contact) = room.takes_in_at(&address, raw).await;
        assert_eq!(explained["steps"][0]["evidence"]["answers"], json!([letter.id]), "{explained}");
        assert_eq!((&contact["caseId"], &contact["counted"]), (&json!(case), &json!(false)), "{explained}");
        assert_eq!(room.shown(case, &letter).await["deliveries"], json!([]));
    });
}
