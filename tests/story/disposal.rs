//! A case is disposed of by two records officers: what it said is gone, that it was is not, and nothing else may be missing.

use super::cast::{ADDRESS, Force, Mail};
use super::forms;
use crate::support::{Answer, Session, TestDatabase, on_each_database};
use chrono::Duration;
use entities::{cases, contacts, events, identifiers, mail_bodies, mails, nominations, notices, outgoing, people};
use evenhand::domain::access::Role;
use evenhand::store::backup::{Present, backup, restore};
use evenhand::store::verify::verify;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

const WORDS: &str = "Purple elephants";

struct Records {
    force: Force,
    first: Session,
    second: Session,
}

impl Records {
    async fn gather(database: TestDatabase) -> Self {
        let force = Force::gather(database).await;
        let first = force.app.officer("records1", &[Role::Records]).await;
        let second = force.app.officer("records2", &[Role::Records]).await;
        Self { force, first, second }
    }

    /// The whole lifecycle of a case, with mails, a notice and limits, ended.
    async fn case_ended(&self) -> (String, String) {
        let force = &self.force;
        let (case, strategy) = force.strategy_in_force().await;
        force.app.run_jobs().await;
        force.app.advance(Duration::days(2));
        let contact = force.mail_arrives(&Mail::proven("My matter", WORDS)).await;
        self.read(&contact).await;
        force.act(&force.spoc, &case, "start_review", forms::review()).await.ok();
        force.act(&force.authority, &case, "lift", forms::lifted("closed")).await.ok();
        force.app.run_jobs().await;
        (case, strategy)
    }

    async fn read(&self, contact: &Value) {
        let path = format!("/api/v1/contacts/{}", contact["id"].as_str().unwrap());
        let etag = self.force.app.get(&self.force.staff, &path).await.etag();
        let read = json!({ "handling": "closed" });
        self.force.app.post_at(&self.force.staff, &format!("{path}/handling"), &etag, read).await.ok();
    }

    async fn open(&self, case: &str, person: Option<&str>) -> Answer {
        let input = json!({ "reviewedCase": case, "schedule": "Six years after closure", "reviewOn": "2032-06-01" });
        let new = json!({ "workflow": "retention-review", "personId": person, "input": input });
        self.force.app.post(&self.first, "/api/v1/cases", new).await
    }

    /// Under review now.
    async fn reviewed(&self, case: &str) -> String {
        let opened = self.open(case, Some(&self.force.person)).await.ok();
        let review = opened["id"].as_str().unwrap().to_owned();
        self.force.act(&self.first, &review, "review_now", forms::reason()).await.ok();
        review
    }

    async fn dispose(&self, case: &str) -> String {
        let review = self.reviewed(case).await;
        self.force.act(&self.first, &review, "propose_disposal", forms::reason()).await.ok();
        self.force.act(&self.second, &review, "confirm_disposal", Value::Null).await.ok();
        review
    }

    async fn broken(&self) -> Option<String> {
        verify(&self.force.app.app.store).await.unwrap().broken.map(|place| place.to_string())
    }

    async fn count<E: EntityTrait>(&self) -> u64 {
        u64::try_from(E::find().all(self.force.app.app.store.reader()).await.unwrap().len()).unwrap()
    }

    async fn events(&self) -> Vec<events::Model> {
        events::Entity::find().all(self.force.app.app.store.reader()).await.unwrap()
    }
}

#[test]
fn disposal_erases_the_case_what_was_opened_under_it_and_the_person_and_leaves_a_history_that_verifies() {
    on_each_database(async |database| {
        let records = Records::gather(database).await;
        let (case, strategy) = records.case_ended().await;
        evenhand::app::seal_history(&records.force.app.app).await.unwrap();
        let before = records.events().await;
        assert_eq!(records.broken().await, None);
        let review = records.dispose(&case).await;
        assert_eq!(records.broken().await, None, "sealed before, and verified after");
        let after = records.events().await;
        for (old, new) in before.iter().zip(&after) {
            let left = |event: &events::Model| {
                (event.position, event.seq, event.hash.clone(), event.prev_hash.clone(), event.kind.clone(), event.at)
            };
            assert_eq!(left(old), left(new));
        }
        let store = &records.force.app.app.store;
        for told in [WORDS, ADDRESS, "Example Person One", "Nine mails in two days"] {
            assert!(
                before.iter().any(|event| event.data.to_string().contains(told)) || told != "Nine mails in two days"
            );
            let left = after.iter().find(|event| event.data.to_string().contains(told));
            assert_eq!(left, None, "{told}");
        }
        assert_eq!(records.count::<people::Entity>().await, 0);
        assert_eq!(records.count::<identifiers::Entity>().await, 0);
        assert_eq!(records.count::<contacts::Entity>().await, 0);
        assert_eq!(records.count::<mails::Entity>().await + records.count::<mail_bodies::Entity>().await, 0);
        assert_eq!(records.count::<outgoing::Entity>().await + records.count::<notices::Entity>().await, 0);
        assert_eq!(records.count::<nominations::Entity>().await, 0);
        let left = cases::Entity::find().filter(cases::Column::PersonId.is_not_null()).count(store.reader()).await;
        assert_eq!(left.unwrap(), 0);
        for gone in [&case, &strategy] {
            let view = records.force.case(&records.first, gone).await;
            assert_eq!(view["data"]["disposed"]["under"], review, "{view}");
            assert_eq!(view["data"].as_object().unwrap().len(), 1);
            let path = format!("/api/v1/cases/{gone}/events");
            assert_eq!(records.force.app.get(&records.first, &path).await.status, 404);
            let answer = records.force.act(&records.force.chair, gone, "close", forms::closure()).await;
            assert_eq!(answer.status, 404, "{}", answer.text);
        }
        let view = records.force.case(&records.first, &review).await;
        assert_eq!((&view["state"], &view["personId"]), (&json!("disposed"), &Value::Null));
        let history = records.force.app.get(&records.first, &format!("/api/v1/cases/{review}/events")).await.ok();
        let last = history["data"].as_array().unwrap().last().unwrap();
        assert_eq!((&last["kind"], &last["actor"]["id"]), (&json!("disposed"), &json!(records.second.id)));
        let lists = ["/api/v1/cases", "/api/v1/people", "/api/v1/contacts", "/api/v1/meetings", "/api/v1/tasks"];
        for path in lists {
            assert_eq!(records.force.app.get(&records.first, path).await.status / 100, 2, "{path}");
        }
    });
}

#[test]
fn a_person_of_whom_another_case_is_kept_is_kept() {
    on_each_database(async |database| {
        let records = Records::gather(database).await;
        let (case, _) = records.case_ended().await;
        let again = records.force.nominate().await;
        let review = records.reviewed(&case).await;
        let answer = records.force.act(&records.first, &review, "propose_disposal", forms::reason()).await;
        assert_eq!(answer.body["code"], "held-by-open-case", "{}", answer.text);
        records.force.act(&records.force.staff, &again, "triage", forms::triage()).await.ok();
        records.force.act(&records.force.chair, &again, "close", forms::closure()).await.ok();
        records.force.act(&records.first, &review, "propose_disposal", forms::reason()).await.ok();
        records.force.act(&records.second, &review, "confirm_disposal", Value::Null).await.ok();
        assert_eq!(records.broken().await, None);
        assert_eq!(records.count::<people::Entity>().await, 1);
        assert_eq!(records.count::<contacts::Entity>().await, 1);
        let kept = records.force.case(&records.first, &again).await;
        assert_eq!(
            (&kept["personId"], &kept["data"]["triage"]["nature"]),
            (&json!(records.force.person), &json!("repeat_contact"))
        );
        records.dispose(&again).await;
        assert_eq!((records.count::<people::Entity>().await, records.broken().await), (0, None));
    });
}

#[test]
fn what_waits_for_somebody_beats_disposal() {
    on_each_database(async |database| {
        let records = Records::gather(database).await;
        let (case, _) = records.case_ended().await;
        let review = records.reviewed(&case).await;
        let contact = records.force.mail_arrives(&Mail::proven("Help", "I will kill myself.")).await;
        let answer = records.force.act(&records.first, &review, "propose_disposal", forms::reason()).await;
        assert_eq!(answer.body["code"], "held-by-contact", "{}", answer.text);
        records.read(&contact).await;
        records.force.act(&records.first, &review, "propose_disposal", forms::reason()).await.ok();
    });
}

#[test]
fn a_review_names_a_case_that_ended_and_its_person_and_is_one_a_case() {
    on_each_database(async |database| {
        let records = Records::gather(database).await;
        let (case, strategy) = records.case_ended().await;
        let code = async |case: &str, person: Option<&str>| records.open(case, person).await.body["code"].clone();
        assert_eq!(code(&strategy, Some(&records.force.person)).await, "no-case-to-review");
        assert_eq!(code(&case, None).await, "case-of-another-person");
        let open = records.force.nominate().await;
        assert_eq!(code(&open, Some(&records.force.person)).await, "case-not-ended");
        records.open(&case, Some(&records.force.person)).await.ok();
        assert_eq!(code(&case, Some(&records.force.person)).await, "case-already-open");
    });
}

/// Disposes of a case, does something to the events by hand, and says what verification finds.
async fn after(database: TestDatabase, tampering: impl Fn(&[events::Model]) -> String) -> Option<String> {
    let records = Records::gather(database).await;
    let (case, _) = records.case_ended().await;
    records.dispose(&case).await;
    assert_eq!(records.broken().await, None);
    let statement = tampering(&records.events().await);
    let store = records.force.app.app.store.clone();
    store.write(async move |tx: &evenhand::store::Tx| tx.execute_unprepared(&statement).await).await.unwrap();
    records.broken().await
}

fn is_marker(event: &&events::Model) -> bool {
    event.data.get("disposedBy").is_some()
}

#[test]
fn a_marker_that_no_disposal_names_is_found() {
    on_each_database(async |database| {
        let found = after(database, |events| {
            let marker = events.iter().find(is_marker).unwrap().data.to_string();
            let kept = events.iter().find(|event| event.stream == "officer").unwrap();
            format!("UPDATE events SET data = '{marker}' WHERE position = {}", kept.position)
        });
        assert!(found.await.unwrap().contains("it lost what it said, and no disposal says so"));
    });
}

#[test]
fn whatever_is_left_of_a_disposed_event_is_vouched_for() {
    for change in [
        "kind = 'signed_off'",
        "at = '2026-03-02 12:00:00.000002+00:00'",
        "actor = '{\"kind\":\"clock\"}'",
        "data = '{\"disposedBy\":\"00000000-0000-7000-8000-000000000000\"}'",
        "data = '{}'",
        "hash = 'x'",
    ] {
        on_each_database(async |database| {
            let found = after(database, |events| {
                let gone = events.iter().rfind(|event| is_marker(event) && event.stream == "case").unwrap();
                format!("UPDATE events SET {change} WHERE position = {}", gone.position)
            });
            assert!(found.await.is_some(), "{change}");
        });
    }
}

#[test]
fn a_backup_keeps_a_disposal_and_verifies_after_it_is_restored() {
    on_each_database(async |database| {
        let records = Records::gather(database).await;
        let (case, _) = records.case_ended().await;
        records.dispose(&case).await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("copy.db");
        backup(&records.force.app.app.store, &file).await.unwrap();
        let elsewhere = TestDatabase::sqlite();
        let other = elsewhere.store().await;
        restore(&other, &file, Present::MustBeEmpty).await.unwrap();
        let found = verify(&other).await.unwrap();
        assert_eq!(found.broken, None);
        let gone = events::Entity::find().all(other.reader()).await.unwrap();
        assert!(gone.iter().filter(is_marker).count() > 20);
        other.close().await;
    });
}
