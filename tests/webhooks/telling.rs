//! What is told, to whom, and that it says nothing.

use super::{ANSWERED, ASKED, NOMINATED, Telling, of_type, signature};
use crate::support::database::access_log_of;
use crate::support::{TestDatabase, on_each_database};
use entities::{access_log, jobs, webhook_deliveries};
use evenhand::domain::access::Scope;
use futures_util::future::join_all;
use sea_orm::{ColumnTrait, Database, DatabaseConnection, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;
use std::collections::BTreeSet;

const SCOPES: [Scope; 4] = [Scope::NominationsRead, Scope::OfficersAct, Scope::ChangesRead, Scope::ContactsRead];

async fn log_of(database: &TestDatabase) -> DatabaseConnection {
    if database.is_postgres() {
        return database.raw().await;
    }
    Database::connect(format!("sqlite://{}", access_log_of(&database.file()).display())).await.unwrap()
}

#[test]
fn a_system_is_told_of_a_nomination_of_what_units_are_asked_and_of_their_answers_and_nothing_more() {
    on_each_database(async |database| {
        let log = log_of(&database).await;
        let telling = Box::pin(Telling::begin(database, &SCOPES)).await;
        let hook = telling.confirmed(&[NOMINATED, ASKED, ANSWERED], &[]).await;
        let force = &telling.force;
        let (case, strategy) = Box::pin(force.strategy_begun()).await;
        Box::pin(force.units_answer(&strategy)).await;
        let told = telling.told(7).await;
        assert_eq!((of_type(&told, NOMINATED), of_type(&told, ASKED), of_type(&told, ANSWERED)), (1, 3, 3));

        for one in &told {
            let names: Vec<&str> = one.body.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(names, ["specversion", "id", "source", "type", "subject", "time", "datacontenttype"]);
            assert_eq!(
                (&one.body["specversion"], &one.body["source"]),
                (&json!("1.0"), &json!("http://127.0.0.1:8080"))
            );
            assert_eq!(one.headers["content-type"], "application/cloudevents+json");
            assert_eq!(json!(one.headers["webhook-id"]), one.body["id"]);
            assert_eq!(one.headers["webhook-timestamp"], force.app.now().timestamp().to_string());
            assert_eq!(one.headers["webhook-signature"], signature(&hook.secret, one));
            for word in ["Person", "person.one", "Nine mails", "Known to us", "Example", &force.person] {
                assert!(!one.text.contains(word), "{word} in {}", one.text);
            }
            let subject = one.body["subject"].as_str().unwrap();
            force.app.get(&force.staff, subject).await.ok();
        }
        let nominated = told.iter().find(|told| told.body["type"] == NOMINATED).unwrap();
        assert_eq!(nominated.body["subject"], json!(format!("/api/v1/cases/{case}")));

        let to_us = access_log::Entity::find().filter(access_log::Column::Recipient.eq("listener"));
        let disclosed = to_us.all(&log).await.unwrap();
        assert_eq!(disclosed.len(), 7);
        assert!(disclosed.iter().all(|entry| entry.action == "disclose"));
        let objects: BTreeSet<&str> = disclosed.iter().map(|entry| entry.object.as_str()).collect();
        assert_eq!(objects, ["case", "nomination"].into());
    });
}

#[test]
fn a_decision_of_the_meeting_a_signed_strategy_and_a_contact_are_told_too() {
    on_each_database(async |database| {
        let telling = Box::pin(Telling::begin(database, &SCOPES)).await;
        let (decided, signed) = ("psd.decision.recorded.v1", "psd.strategy.approved.v1");
        let recorded = "psd.contact.recorded.v1";
        telling.confirmed(&[decided, signed, recorded], &[]).await;
        let (_, strategy) = Box::pin(telling.force.strategy_signed()).await;
        let contact = json!({ "channel": "101", "personId": telling.force.person });
        let contact = telling.force.app.post(&telling.force.staff, "/api/v1/contacts", contact).await.ok();
        let told = telling.told(3).await;
        let subject = |event_type: &str| {
            told.iter().find(|told| told.body["type"] == event_type).unwrap().body["subject"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        assert_eq!(subject(signed), format!("/api/v1/cases/{strategy}"));
        assert_eq!(subject(recorded), format!("/api/v1/contacts/{}", contact["id"].as_str().unwrap()));
        assert!(subject(decided).starts_with("/api/v1/meetings/"));
    });
}

#[test]
fn a_receiver_with_areas_is_told_of_its_own() {
    on_each_database(async |database| {
        let telling = Box::pin(Telling::begin(database, &SCOPES)).await;
        telling.confirmed(&[ASKED, ANSWERED], &["snt"]).await;
        let (_, strategy) = Box::pin(telling.force.strategy_begun()).await;
        Box::pin(telling.force.units_answer(&strategy)).await;
        let told = telling.told(2).await;
        assert_eq!((of_type(&told, ASKED), of_type(&told, ANSWERED)), (1, 1));
        let subjects: BTreeSet<&str> = told.iter().map(|told| told.body["subject"].as_str().unwrap()).collect();
        assert_eq!(subjects.len(), 1, "another unit's question was told");
    });
}

#[test]
fn a_write_without_webhooks_queues_nothing() {
    on_each_database(async |database| {
        let telling = Box::pin(Telling::begin(database, &SCOPES)).await;
        let force = &telling.force;
        Box::pin(force.strategy_begun()).await;
        let db = force.app.app.store.reader();
        let queued = async || {
            let webhooks = jobs::Entity::find().filter(jobs::Column::Kind.contains("webhook"));
            let deliveries = webhook_deliveries::Entity::find().count(db).await.unwrap();
            (webhooks.count(db).await.unwrap(), deliveries)
        };
        assert_eq!(queued().await, (0, 0));
        force.app.run_jobs().await;
        assert_eq!(queued().await, (0, 0));
        // What happened before a receiver was added is not told to it.
        telling.confirmed(&[NOMINATED, ASKED], &[]).await;
        force.app.run_jobs().await;
        assert_eq!(queued().await.1, 0);
    });
}

#[test]
fn however_many_work_an_event_is_sent_once() {
    on_each_database(async |database| {
        let telling = Box::pin(Telling::begin(database, &SCOPES)).await;
        telling.confirmed(&[NOMINATED, ASKED, ANSWERED], &[]).await;
        let (_, strategy) = Box::pin(telling.force.strategy_begun()).await;
        Box::pin(telling.force.units_answer(&strategy)).await;
        for _again in 0..500 {
            join_all((0..4).map(|_| telling.force.app.run_jobs())).await;
            if telling.receiver.told().len() >= 7 {
                break;
            }
        }
        join_all((0..4).map(|_| telling.force.app.run_jobs())).await;
        let told = telling.receiver.told();
        let ids: BTreeSet<&str> = told.iter().map(|told| told.headers["webhook-id"].as_str()).collect();
        assert_eq!((told.len(), ids.len()), (7, 7));
    });
}

#[test]
fn a_system_is_told_only_what_its_scopes_let_it_know() {
    on_each_database(async |database| {
        let telling = Box::pin(Telling::begin(database, &[Scope::ContactsRead])).await;
        let (app, admin) = (&telling.force.app, &telling.force.admin);
        for (types, why) in [
            (json!([NOMINATED]), "nominations.read"),
            (json!([ASKED]), "officers.act or officers.act_in_full"),
            (json!(["psd.contact.recorded.v1", "psd.decision.recorded.v1"]), "changes.read"),
            (json!(["psd.contact.recorded"]), "not a type"),
            (json!([]), "at least one"),
        ] {
            let new = json!({ "systemId": telling.system.id, "url": telling.receiver.url(), "types": types });
            let refused = app.post(admin, "/api/v1/webhooks", new).await;
            refused.is_problem(422, "validation");
            assert_eq!(refused.body["errors"][0]["pointer"], "/types");
            assert!(refused.text.contains(why), "{}", refused.text);
        }
        let new = json!({ "systemId": admin.id, "url": telling.receiver.url(), "types": ["psd.contact.recorded.v1"] });
        app.post(admin, "/api/v1/webhooks", new.clone()).await.is_problem(422, "validation");
        app.post(&telling.force.staff, "/api/v1/webhooks", new).await.is_problem(403, "wrong-role");
    });
}
