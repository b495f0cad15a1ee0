//! The notice: to whom it may go, who can read it, what counts as service, and the letter at the end.

use super::cast::{ADDRESS, Force};
use super::forms;
use super::refusals_on_the_way::refused;
use crate::support::{SmtpSink, on_each_database};
use chrono::Duration;
use evenhand::catalog::{Catalog, read_sources};
use evenhand::domain::correspondence::threading;
use evenhand::domain::ids::Id;
use evenhand::mail::Delivery;
use evenhand::render::Renderer;
use evenhand::store::StoreError;
use evenhand::store::outgoing::{self, Attempt};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;

fn sharing_by(method: &str, address: &str) -> Value {
    json!({ "method": method, "address": address, "format": "standard", "adjustmentsMet": "None in force." })
}

fn service_by(method: &str, address: &str) -> Value {
    json!({ "method": method, "address": address, "sentOn": "2026-06-01" })
}

#[test]
fn a_letter_goes_only_to_an_address_confirmed_as_the_persons_own() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.harm_tested("full").await;
        let home = "1 Example Street, Example Town, EX1 1EX";
        for address in [home, ADDRESS] {
            let answer = force.act(&force.spoc, &strategy, "share", sharing_by("letter", address)).await;
            refused(&answer, 409, "address-not-confirmed", "7.5");
        }
        let postcode = json!({ "kind": "postcode", "value": "ex1 1ex", "role": "self", "confidence": "confirmed",
                               "source": "Confirmed by telephone." });
        let path = format!("/api/v1/people/{}/identifiers", force.person);
        force.app.post(&force.staff, &path, postcode).await.ok();
        force.act(&force.spoc, &strategy, "share", sharing_by("letter", home)).await.ok();
    });
}

#[test]
fn nothing_is_shared_once_its_review_date_has_come_and_it_can_be_given_up() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (case, strategy) = force.harm_tested("full").await;
        force.app.advance(Duration::days(175));
        let answer = force.act(&force.spoc, &strategy, "share", forms::sharing(ADDRESS)).await;
        refused(&answer, 409, "dates-out-of-range", "7.5");
        force.act(&force.spoc, &strategy, "withdraw", forms::reason()).await.ok();
        assert_eq!(force.case(&force.staff, &case).await["state"], "spoc_allocated");
    });
}

#[test]
fn whoever_hands_the_notice_over_can_print_it_and_nobody_else_reads_it() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.harm_tested("full").await;
        let path = format!("/api/v1/cases/{strategy}/notice");
        assert_eq!(force.app.get(&force.spoc, &path).await.status, 404, "none was composed yet");
        force.act(&force.spoc, &strategy, "share", sharing_by("in_person", "At home.")).await.ok();
        let print = "Print the notice and hand it over".to_owned();
        assert!(force.tasks_of(&force.spoc).await.contains(&print));
        let notice = force.app.get(&force.spoc, &path).await.ok();
        for form in ["html", "text"] {
            assert!(notice[form].as_str().unwrap().contains("many times about one matter"), "{notice}");
        }
        assert_eq!(notice["contentHash"], force.case(&force.spoc, &strategy).await["signature"]["contentHash"]);
        for stranger in [&force.snt, &force.admin] {
            assert_eq!(force.app.get(stranger, &path).await.status, 404);
        }
        force.act(&force.spoc, &strategy, "record_service", service_by("in_person", "At home.")).await.ok();
        assert!(!force.tasks_of(&force.spoc).await.contains(&print), "it was handed over");
        let limits = force.limits_of(&strategy).await.unwrap();
        assert_eq!(limits.effective_from.to_rfc3339(), "2026-06-01T23:00:00+00:00", "from the next day in London");
    });
}

/// The shipped letters, but for what the notice is called.
fn another_heading() -> (Arc<Catalog>, Arc<Renderer>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut sources, _) = read_sources(&root.join("workflows"), &root.join("templates"));
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("letters")).unwrap();
    for letter in sources.templates.iter_mut().filter(|letter| letter.name == "letters/notice") {
        let edited = letter.text.replace("How we ask you to contact us", "A new heading");
        letter.text = edited.replace("HOW WE ASK YOU TO CONTACT US", "A NEW HEADING");
        std::fs::write(folder.path().join(letter.full_name()), &letter.text).unwrap();
    }
    let catalog = Catalog::of(&sources, Vec::new()).unwrap_or_else(|faults| panic!("{faults:#?}"));
    (Arc::new(catalog), Arc::new(Renderer::load(folder.path()).unwrap_or_else(|faults| panic!("{faults:#?}"))))
}

#[test]
fn a_letter_edited_after_a_case_opened_changes_nothing_of_its_notice() {
    on_each_database(async |database| {
        let mut force = Force::gather(database).await;
        let (_, strategy) = force.harm_tested("full").await;
        (force.app.app.catalog, force.app.app.renderer) = another_heading();
        force.app.serve_again();
        force.act(&force.spoc, &strategy, "share", forms::sharing(ADDRESS)).await.ok();
        let notice = force.app.get(&force.spoc, &format!("/api/v1/cases/{strategy}/notice")).await.ok();
        let text = notice["text"].as_str().unwrap();
        assert!(text.contains("HOW WE ASK YOU TO CONTACT US") && !text.contains("A NEW HEADING"), "{text}");
        force.app.run_jobs().await;
        let sent = force.app.app.delivery.delivered();
        let [mail] = sent.as_slice() else { panic!("one mail, not {}", sent.len()) };
        let parsed = mail_parser::MessageParser::default().parse(&mail.mime).expect("a MIME message");
        assert!(parsed.body_text(0).unwrap().contains("HOW WE ASK YOU TO CONTACT US"));
    });
}

#[test]
fn service_is_recorded_as_the_notice_was_shared() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.harm_tested("full").await;
        force.act(&force.spoc, &strategy, "share", forms::sharing(ADDRESS)).await.ok();
        for service in [service_by("in_person", ADDRESS), service_by("email", "another@mail.example")] {
            let answer = force.act(&force.spoc, &strategy, "record_service", service).await;
            refused(&answer, 409, "not-as-shared", "7.5");
        }
        force.served(&strategy).await.ok();
    });
}

#[test]
fn a_mail_that_was_given_up_served_nobody_and_somebody_is_asked_to_find_another_way() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.harm_tested("full").await;
        force.act(&force.spoc, &strategy, "share", forms::sharing(ADDRESS)).await.ok();
        let mails = force.case(&force.spoc, &strategy).await["mails"].clone();
        assert_eq!((&mails[0]["state"], &mails[0]["to"]), (&json!("queued"), &json!(ADDRESS)), "{mails}");
        let id = Id::from_uuid(mails[0]["id"].as_str().unwrap().parse().unwrap());
        let dead = Attempt::Dead { words: "550 no such mailbox".to_owned() };
        let refused_for_good = force.app.app.store.write(async move |tx| {
            outgoing::note(tx, id, dead).await?;
            Ok::<_, StoreError>(())
        });
        refused_for_good.await.unwrap();
        let shown = force.case(&force.spoc, &strategy).await;
        assert_eq!(shown["mails"][0]["lastError"], "550 no such mailbox", "{shown}");
        refused(&force.served(&strategy).await, 409, "notice-not-sent", "7.5");
        force.act(&force.spoc, &strategy, "share", sharing_by("in_person", "At home.")).await.ok();
        force.act(&force.spoc, &strategy, "record_service", service_by("in_person", "At home.")).await.ok();
    });
}

#[test]
fn the_point_of_contact_is_asked_to_find_another_way_where_a_notice_is_given_up() {
    on_each_database(async |database| {
        let mut force = Force::gather(database).await;
        let sink = SmtpSink::start().await;
        force.app.app.delivery = Delivery::smtp(&sink.url()).unwrap();
        let another_way = "A mail to the person was given up; find another way".to_owned();
        let (_, strategy) = force.harm_tested("full").await;
        force.act(&force.spoc, &strategy, "share", forms::sharing(ADDRESS)).await.ok();
        // Away for five days, which is as long as a mail is tried: every twenty hours, both ends included.
        let mut tries = 0;
        while !force.tasks_of(&force.spoc).await.contains(&another_way) {
            tries += 1;
            assert!(tries < 20, "it is given up in the end");
            sink.refuse_next("451 4.3.0 come back later");
            force.app.run_jobs().await;
            force.app.advance(Duration::hours(20));
        }
        let mail = force.case(&force.spoc, &strategy).await["mails"][0].clone();
        assert_eq!((tries, &mail["state"]), (7, &json!("dead")), "{mail}");

        force.act(&force.spoc, &strategy, "share", forms::sharing(ADDRESS)).await.ok();
        sink.refuse_next("550 5.1.1 no such user");
        force.app.run_jobs().await;
        let asked = force.tasks_of(&force.spoc).await.into_iter().filter(|title| *title == another_way).count();
        assert_eq!(asked, 2, "each mail that is given up is somebody's");
    });
}

#[test]
fn the_person_is_told_once_by_letter_that_the_arrangements_have_ended() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.strategy_in_force().await;
        force.app.run_jobs().await;
        force.app.advance(Duration::days(200));
        for _ in 0..2 {
            force.app.run_jobs().await;
        }
        assert_eq!(force.case(&force.spoc, &strategy).await["state"], "expired");
        let sent = force.app.app.delivery.delivered();
        let [_, ended] = sent.as_slice() else { panic!("the notice and one more, not {}", sent.len()) };
        assert_eq!(ended.to, ADDRESS);
        let parsed = mail_parser::MessageParser::default().parse(&ended.mime).expect("a MIME message");
        assert!(parsed.body_text(0).unwrap().contains("ended on"));
    });
}

#[test]
fn where_no_mail_may_go_somebody_is_asked_to_send_the_last_letter() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.harm_tested("full").await;
        force.act(&force.spoc, &strategy, "share", sharing_by("in_person", "At home.")).await.ok();
        force.act(&force.spoc, &strategy, "record_service", service_by("in_person", "At home.")).await.ok();
        force.act(&force.authority, &strategy, "lift", forms::reason()).await.ok();
        force.app.run_jobs().await;
        assert!(force.app.app.delivery.delivered().is_empty());
        let asked = "Send the person the letter that the arrangements have ended".to_owned();
        assert!(force.tasks_of(&force.spoc).await.contains(&asked));
    });
}

#[test]
fn nobody_was_served_before_the_notice_that_was_shared_last_was_written() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.harm_tested("full").await;
        force.act(&force.spoc, &strategy, "share", forms::sharing(ADDRESS)).await.ok();
        let first = force.app.now().date_naive().to_string();
        force.app.advance(Duration::days(14));
        force.act(&force.spoc, &strategy, "share", forms::sharing(ADDRESS)).await.ok();
        let answer = force.act(&force.spoc, &strategy, "record_service", forms::service(ADDRESS, &first)).await;
        refused(&answer, 409, "served-before-shared", "7.5");
        force.served(&strategy).await.ok();
    });
}

#[test]
fn a_notice_that_came_back_served_nobody_and_is_shown_on_its_case() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.harm_tested("full").await;
        force.act(&force.spoc, &strategy, "share", forms::sharing(ADDRESS)).await.ok();
        force.app.run_jobs().await;
        let sent = force.case(&force.spoc, &strategy).await["mails"][0].clone();
        assert_eq!(sent["state"], "sent", "{sent}");
        let settings = &force.app.app.settings;
        let id = Id::from_uuid(sent["id"].as_str().unwrap().parse().unwrap());
        let ours = threading::message_id(&settings.message_id_secret, &settings.message_id_domain, id);
        let report = format!(
            "From: MAILER-DAEMON@mx.example.com\r\nTo: psd@force.example\r\nSubject: Undelivered\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n\
             --x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n\
             Final-Recipient: rfc822; {ADDRESS}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n\
             --x\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{ours}>\r\n\r\n--x--\r\n"
        );
        force.app.post_mail(&force.border, "psd@force.example", report).await.ok();
        force.app.run_jobs().await;
        let shown = force.case(&force.spoc, &strategy).await["mails"][0]["deliveries"][0].clone();
        let seen = (&shown["recipient"], &shown["outcome"], &shown["status"]);
        assert_eq!(seen, (&json!(ADDRESS), &json!("failed_permanently"), &json!("5.1.1")));
        let another_way = "A mail to the person was not delivered; find another way".to_owned();
        assert!(force.tasks_of(&force.spoc).await.contains(&another_way));
        refused(&force.served(&strategy).await, 409, "notice-not-sent", "7.5");
    });
}
