//! Programs that answer programs: nothing of ours goes round and round, and nothing that comes in is lost.

use super::budgets::{by_an_officer, draft, queue};
use crate::support::database::say;
use crate::support::{Session, TestApp, TestDatabase, on_each_database};
use chrono::Duration;
use entities::contacts;
use evenhand::app::Settings;
use evenhand::app::mail::{Incoming, MailSource, keep_mails};
use evenhand::config::Config;
use evenhand::domain::access::{Actor, Role};
use evenhand::mail::deliver::Delivered;
use evenhand::mail::parse::parse;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::json;
use std::sync::Arc;

/// A house that acknowledges, with its own address and border server, and a person on file at another's address.
struct House {
    app: TestApp,
    staff: Session,
    name: &'static str,
    known: String,
    /// How many of its mails were carried on.
    carried: usize,
}

impl House {
    async fn open(database: TestDatabase, name: &'static str, known: &str, change: impl Fn(&mut Config)) -> Self {
        let mut config = TestApp::config();
        config.mail.from = format!("psd@{name}.example");
        config.mail.addresses = vec![format!("psd@{name}.example")];
        config.mail.authserv_ids = vec![format!("mx.{name}.example")];
        config.sending.acknowledge = true;
        change(&mut config);
        let app = TestApp::start_with(database, config).await;
        let staff = app.officer("staff", &[Role::PsdStaff, Role::PsdSupervisor]).await;
        let person = json!({ "reference": "FSU-0001", "fullName": "Example Person One" });
        let made = app.post(&staff, "/api/v1/people", person).await.ok();
        let address = json!({ "kind": "email", "value": known, "role": "self", "confidence": "confirmed",
                              "source": "Confirmed by telephone." });
        let path = format!("/api/v1/people/{}/identifiers", made["id"].as_str().unwrap());
        app.post(&staff, &path, address).await.ok();
        Self { app, staff, name, known: known.to_owned(), carried: 0 }
    }

    /// Every mail is answered, however soon after the one before.
    fn answers_every_mail(&mut self) {
        let mut settings = Settings::clone(&self.app.app.settings);
        settings.sending.acknowledge_every = Some(Duration::zero());
        self.app.app.settings = Arc::new(settings);
        self.app.serve_again();
    }

    /// A mail as the border server hands it in, with its word that the sender is who they say.
    fn proven(&self, raw: &str) -> Incoming {
        let domain = self.known.rsplit('@').next().unwrap();
        let word = format!("Authentication-Results: mx.{}.example; dmarc=pass header.from={domain}\r\n", self.name);
        Incoming {
            raw: format!("{word}{raw}").into_bytes(),
            recipient: format!("psd@{}.example", self.name),
            source: MailSource::Http,
            received_at: None,
            envelope_from: None,
        }
    }

    /// A person's mail, as far as anybody can see.
    fn human(&self, n: usize) -> Incoming {
        self.proven(&format!(
            "From: {}\r\nTo: psd@{}.example\r\nSubject: Number {n}\r\nMessage-ID: <{n}@their.example>\r\n\r\nWords {n}.\r\n",
            self.known, self.name
        ))
    }

    async fn takes(&self, mails: Vec<Incoming>) {
        let kept = keep_mails(&self.app.app, &Actor::Software, mails).await.unwrap();
        drop(kept);
        self.app.run_jobs().await;
    }

    /// What it sent since the last time.
    fn sent(&mut self) -> Vec<Delivered> {
        let fresh = self.app.app.delivery.delivered().split_off(self.carried);
        self.carried += fresh.len();
        fresh
    }

    async fn contacts(&self) -> u64 {
        contacts::Entity::find().count(self.app.app.store.reader()).await.unwrap()
    }

    async fn is_stopped(&self) -> bool {
        !self.app.get(&self.staff, "/api/v1/outgoing/stop").await.ok()["stop"].is_null()
    }
}

#[test]
fn two_houses_that_acknowledge_do_not_answer_one_another_for_ever() {
    on_each_database(async |database| {
        let mut one = House::open(database, "one", "psd@two.example", |_| ()).await;
        let mut two = House::open(TestDatabase::sqlite(), "two", "psd@one.example", |_| ()).await;
        queue(&one.app.app, draft(1, "psd@two.example", by_an_officer())).await;
        one.app.run_jobs().await;
        let (mut carried, mut comes_back_to) = (Vec::new(), Vec::new());
        for _round in 0..10 {
            for mail in one.sent() {
                comes_back_to.push(mail.from.clone());
                carried.push(parse(&mail.mime).headers.first("auto-submitted").map(str::to_owned));
                let mail = two.proven(&String::from_utf8(mail.mime).unwrap());
                two.takes(vec![mail]).await;
            }
            for mail in two.sent() {
                comes_back_to.push(mail.from.clone());
                carried.push(parse(&mail.mime).headers.first("auto-submitted").map(str::to_owned));
                let mail = one.proven(&String::from_utf8(mail.mime).unwrap());
                one.takes(vec![mail]).await;
            }
        }
        assert_eq!(carried, [None, Some("auto-replied".to_owned())], "a letter, and one acknowledgement of it");
        assert_eq!(comes_back_to, ["psd@one.example", ""], "nothing comes back of what a program answers (RFC 3834)");
        assert_eq!((one.contacts().await, two.contacts().await), (1, 1), "both are kept");
    });
}

#[test]
fn a_machine_that_looks_like_a_person_gets_one_acknowledgement_a_day() {
    on_each_database(async |database| {
        let mut house = House::open(database, "one", "person@their.example", |_| ()).await;
        let mut answers = 0;
        for n in 0..6 {
            house.takes(vec![house.human(n)]).await;
            answers += house.sent().len();
            house.app.advance(Duration::hours(6));
        }
        assert_eq!(answers, 2, "in a day and a quarter");
        assert_eq!(house.contacts().await, 6);
    });
}

#[test]
fn without_that_the_budget_of_the_address_and_the_breaker_hold() {
    on_each_database(async |database| {
        let lower = |config: &mut Config| config.sending.loop_answers_per_hour = 8;
        let mut house = House::open(database, "one", "person@their.example", lower).await;
        house.answers_every_mail();
        for n in 0..7 {
            house.takes(vec![house.human(n)]).await;
        }
        assert_eq!(house.sent().len(), 5, "the budget of the address");
        assert!(!house.is_stopped().await);
        house.app.advance(Duration::minutes(59));
        for n in 7..9 {
            house.takes(vec![house.human(n)]).await;
        }
        assert!(house.is_stopped().await, "it looks like a loop");
        house.app.advance(Duration::days(1));
        house.takes(vec![house.human(9)]).await;
        assert_eq!(house.sent().len(), 0);
        assert_eq!(house.contacts().await, 10, "mail comes in meanwhile");
    });
}

#[test]
fn a_thousand_mails_of_one_sender_are_all_kept_and_hardly_answered() {
    let mails: usize = std::env::var("EVENHAND_LOOP_MAILS").ok().and_then(|count| count.parse().ok()).unwrap_or(1_000);
    on_each_database(async |database| {
        let mut house = House::open(database, "one", "person@their.example", |_| ()).await;
        house.answers_every_mail();
        let begun = std::time::Instant::now();
        let mut slowest = std::time::Duration::ZERO;
        for start in (0..mails).step_by(100) {
            let loud = (start..(start + 100).min(mails)).map(|n| house.human(n)).collect();
            let took = std::time::Instant::now();
            house.takes(loud).await;
            slowest = slowest.max(took.elapsed());
            // Somebody else's mail goes its way meanwhile.
            let other =
                format!("From: other@elsewhere.example\r\nMessage-ID: <o{start}@elsewhere.example>\r\n\r\nWords.\r\n");
            house.takes(vec![house.proven(&other)]).await;
        }
        say(&format!("{mails} mails of one sender: {:?}, the slowest hundred {slowest:?}", begun.elapsed()));
        assert!(house.sent().len() <= 5);
        assert!(house.is_stopped().await);
        let others = mails.div_ceil(100);
        assert_eq!(house.contacts().await, u64::try_from(mails + others).unwrap());
        let waiting = house.app.get(&house.staff, "/api/v1/mail?state=waiting").await.ok();
        assert_eq!(waiting["data"], json!([]), "nothing waits");
        let screened = house.app.get(&house.staff, "/api/v1/screener").await.ok();
        assert_eq!(screened["data"][0]["mails"], json!(others), "and the other is seen");
    });
}

#[test]
fn no_machine_and_nobody_unproven_is_acknowledged() {
    on_each_database(async |database| {
        let mut house = House::open(database, "one", "person@their.example", |_| ()).await;
        for (n, header) in [
            "Auto-Submitted: auto-replied",
            "List-Id: <news.their.example>",
            "Return-Path: <>",
            "Return-Path: <>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=x",
            "From: another@their.example",
        ]
        .into_iter()
        .enumerate()
        {
            let raw = format!("{header}\r\n{}", String::from_utf8(house.human(n).raw).unwrap());
            house.takes(vec![Incoming { raw: raw.into_bytes(), ..house.human(n) }]).await;
        }
        let mut unproven = house.human(10);
        unproven.raw = String::from_utf8(unproven.raw).unwrap().replace("dmarc=pass", "dmarc=fail").into_bytes();
        house.takes(vec![unproven]).await;
        assert_eq!(house.sent().len(), 0);
        assert_eq!(house.contacts().await, 6);
        house.takes(vec![house.human(11)]).await;
        assert_eq!(house.sent().len(), 1, "a person who is proven is");
    });
}
