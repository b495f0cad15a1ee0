//! A case is disposed of by two records officers: what it said is gone, that it was is not, and nothing else may be missing.

use super::cast::{ADDRESS, Force, Mail};
use super::forms;
use crate::support::{Answer, Session, TestDatabase, on_each_database};
use chrono::Duration;
use entities::{cases, contacts, events, identifiers, mail_bodies, mails, nominations, notices, outgoing, people};
use evenhand::domain::access::Role;
use evenhand::store::verify::verify;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

const WORDS: &str = "Purple elephants";

pub(super) struct Records {
    pub(super) force: Force,
    pub(super) first: Session,
    pub(super) second: Session,
}

impl Records {
    pub(super) async fn gather(database: TestDatabase) -> Self {
        let force = Force::gather(database).await;
        let first = force.app.officer("records1", &[Role::Records]).await;
        let second = force.app.officer("records2", &[Role::Records]).await;
        Self { force, first, second }
    }

    /// The whole lifecycle of a case, with mails, a notice and limits, ended.
    pub(super) async fn case_ended(&self) -> (String, String) {
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
    pub(super) async fn reviewed(&self, case: &str) -> String {
        let opened = self.open(case, Some(&self.force.person)).await.ok();
        let review = opened["id"].as_str().unwrap().to_owned();
        self.force.act(&self.first, &review, "review_now", forms::reason()).await.ok();
        review
    }

    pub(super) async fn dispose(&self, case: &str) -> String {
        let review = self.reviewed(case).await;
        self.force.act(&self.first, &review, "propose_disposal", forms::reason()).await.ok();
        self.force.act(&self.second, &review, "confirm_disposal", Value::Null).await.ok();
        review
    }

    pub(super) async fn broken(&self) -> Option<String> {
        verify(&self.force.app.app.store).await.unwrap().broken.map(|place| place.to_string())
    }

    async fn count<E: EntityTrait>(&self) -> u64 {
        u64::try_from(E::find().all(self.force.app.app.store.reader()).await.unwrap().len()).unwrap()
    }

    pub(super) async fn events(&self) -> Vec<events::Model> {
        events::Entity::find()
            .order_by_asc(events::Column::Position)
            .all(self.force.app.app.store.reader())
            .await
            .unwrap()
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
fn a_contact_that_is_probably_the_persons_beats_disposal_until_it_is_dealt_with_and_is_never_erased() {
    on_each_database(async |database| {
        let records = Records::gather(database).await;
        let (case, _) = records.case_ended().await;
        let review = records.reviewed(&case).await;
        let contact = records.force.mail_arrives(&Mail { dmarc: None, ..Mail::proven("Other", "Green birds") }).await;
        assert_eq!(contact["attribution"], "suggested", "{contact}");
        let tasks = entities::tasks::Entity::delete_many();
        let store = records.force.app.app.store.clone();
        store.write(async move |tx: &evenhand::store::Tx| tasks.exec(tx).await).await.unwrap();
        let answer = records.force.act(&records.first, &review, "propose_disposal", forms::reason()).await;
        assert_eq!(answer.body["code"], "held-by-contact", "{}", answer.text);
        records.read(&contact).await;
        records.force.act(&records.first, &review, "propose_disposal", forms::reason()).await.ok();
        records.force.act(&records.second, &review, "confirm_disposal", Value::Null).await.ok();
        let left = contacts::Entity::find().all(records.force.app.app.store.reader()).await.unwrap();
        let left: Vec<_> = left.iter().map(|row| (row.words.as_deref(), row.person_id)).collect();
        assert_eq!(left, [(Some("Green birds"), None)], "somebody else may have written it");
        assert_eq!((records.count::<mails::Entity>().await, records.count::<people::Entity>().await), (1, 0));
        let path = format!("/api/v1/contacts/{}", contact["id"].as_str().unwrap());
        let read = records.force.app.get(&records.force.staff, &path).await.ok();
        assert_eq!(read["attribution"], "unattributed", "{read}");
        assert_eq!(records.broken().await, None);
    });
}

/// Somebody else's write holds this while the action is asked for: it waits, and goes on afterwards.
async fn assert_waits_for(records: &Records, held: &str, action: impl Future<Output = Answer>) {
    let id: uuid::Uuid = held.parse().unwrap();
    let (holding, held) = tokio::sync::oneshot::channel();
    let (release, released) = tokio::sync::oneshot::channel::<()>();
    let store = records.force.app.app.store.clone();
    let other = tokio::spawn(async move {
        let write = async move |tx: &evenhand::store::Tx| {
            evenhand::store::hold(tx, &[id]).await?;
            holding.send(()).unwrap();
            released.await.unwrap();
            Ok::<_, evenhand::store::StoreError>(())
        };
        store.write(write).await.unwrap();
    });
    held.await.unwrap();
    let mut action = std::pin::pin!(action);
    let waited = tokio::time::timeout(std::time::Duration::from_millis(500), &mut action).await;
    assert!(waited.is_err(), "it did not wait: {}", waited.unwrap().text);
    release.send(()).unwrap();
    other.await.unwrap();
    action.await.ok();
}

#[test]
fn a_disposal_is_decided_and_a_case_opened_under_the_one_reviewed_one_after_the_other() {
    on_each_database(async |database| {
        let records = Records::gather(database).await;
        let (case, _) = records.case_ended().await;
        let review = records.reviewed(&case).await;
        let force = &records.force;
        let propose = force.act(&records.first, &review, "propose_disposal", forms::reason());
        assert_waits_for(&records, &case, propose).await;
        assert_waits_for(&records, &force.person, force.act(&records.first, &review, "send_back", forms::reason()))
            .await;
        force.act(&records.first, &review, "propose_disposal", forms::reason()).await.ok();
        assert_waits_for(&records, &case, force.act(&records.second, &review, "confirm_disposal", Value::Null)).await;
    });
}

#[test]
fn a_case_about_nobody_on_file_is_under_one_review_at_a_time() {
    on_each_database(async |database| {
        let records = Records::gather(database).await;
        let force = &records.force;
        let new = json!({
            "workflow": "frequent-service-user",
            "input": { "source": "manual", "reason": "Nine calls in two days.", "behaviour": "Repeats a question.",
                       "demand": "About four hours a week." },
        });
        let opened = force.app.post(&force.staff, "/api/v1/cases", new).await.ok();
        let case = opened["id"].as_str().unwrap();
        force.act(&force.staff, case, "triage", forms::triage()).await.ok();
        force.act(&force.chair, case, "close", forms::closure()).await.ok();
        records.open(case, None).await.ok();
        assert_eq!(records.open(case, None).await.body["code"], "case-already-open");
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
