//! The registers: served to whoever signs in, kept with every decision, and never changed unseen.

use crate::story::cast::Force;
use crate::story::forms;
use crate::support::{TestApp, on_each_database};
use chrono::Duration;
use evenhand::app::policy;
use evenhand::catalog::{Catalog, read_sources};
use evenhand::domain::access::Role;
use evenhand::store::events::{self, Event, Stream};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;

/// The shipped files with one register edited.
fn edited(register: &str, from: &str, to: &str) -> Arc<Catalog> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut sources, _) = read_sources(&root.join("workflows"), &root.join("templates"));
    let file = sources.registers.iter_mut().find(|file| file.name == register).unwrap();
    assert_eq!(file.text.matches(from).count(), 1, "in {register}: {from}");
    file.text = file.text.replacen(from, to, 1);
    Arc::new(Catalog::of(&sources, Vec::new()).unwrap_or_else(|faults| panic!("{faults:#?}")))
}

async fn history(force: &Force, case: &str) -> Vec<Value> {
    let events = force.app.get(&force.staff, &format!("/api/v1/cases/{case}/events")).await.ok();
    events["data"].as_array().unwrap().clone()
}

#[test]
fn every_decision_is_kept_with_the_policy_and_the_law_in_force() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (case, strategy) = force.strategy_begun().await;
        let in_force = &force.app.app.catalog.registers().in_force;
        for case in [case, strategy] {
            for event in history(&force, &case).await {
                let data = &event["data"];
                assert_eq!(data["policyVersion"].as_str(), in_force.policy.as_deref(), "{event}");
                assert_eq!(data["legislationVersion"].as_str(), in_force.legislation.as_deref(), "{event}");
                assert_eq!(data["registers"], json!(in_force.registers), "{event}");
            }
        }
        assert!(in_force.registers.contains_key("checklist") && in_force.policy.is_some());
    });
}

#[test]
fn what_a_person_decides_about_a_contact_or_a_record_is_kept_with_the_policy_in_force() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let call = json!({ "channel": "telephone", "personId": force.person, "subject": "The same matter" });
        let contact = force.app.post(&force.staff, "/api/v1/contacts", call).await.ok();
        let path = format!("/api/v1/contacts/{}/triage", contact["id"].as_str().unwrap());
        let triage = json!({ "raise": ["risk"], "reason": "Sounded desperate." });
        force.app.post_at(&force.staff, &path, "\"v1\"", triage).await.ok();
        let rows = entities::events::Entity::find().all(force.app.app.store.reader()).await.unwrap();
        for kind in ["triaged", "identifier_added"] {
            let event = rows.iter().find(|row| row.kind == kind).unwrap_or_else(|| panic!("{kind}"));
            assert_eq!(event.data["policyVersion"], "2", "{kind}");
        }
    });
}

#[test]
fn an_auditor_reads_what_the_law_said_when_an_earlier_decision_was_taken() {
    on_each_database(async |database| {
        let mut force = Force::gather(database).await;
        let case = force.nominate().await;
        force.app.app.catalog = edited("legislation", "version: \"2026-11-25\"", "version: \"2027-01-01\"");
        policy::keep_registers(&force.app.app).await.unwrap();
        force.app.serve_again();
        force.act(&force.staff, &case, "triage", forms::triage()).await.ok();
        let auditor = force.app.officer("auditor", &[Role::Auditor]).await;
        let register = force.app.get(&auditor, "/api/v1/registers/legislation").await.ok();
        let kept = register["kept"].as_array().unwrap();
        assert_eq!(kept.len(), 2, "{register}");
        for (event, version) in history(&force, &case).await.iter().zip(["2026-11-25", "2027-01-01"]) {
            assert_eq!(event["data"]["legislationVersion"], version, "{event}");
            let text =
                kept.iter().find(|text| text["contentHash"] == event["data"]["registers"]["legislation"]).unwrap();
            assert!(text["text"].as_str().unwrap().contains(&format!("version: \"{version}\"")), "{text}");
        }
    });
}

async fn policy_events(app: &TestApp) -> Vec<Event> {
    let rows = entities::events::Entity::find().all(app.app.store.reader()).await.unwrap();
    let stream = rows.iter().find(|row| row.stream == Stream::Policy.as_str()).map(|row| row.stream_id);
    match stream {
        Some(stream) => events::load(app.app.store.reader(), stream).await.unwrap(),
        None => Vec::new(),
    }
}

#[test]
fn a_start_with_a_changed_file_is_written_down_once_with_its_old_and_new_hash() {
    on_each_database(async |database| {
        let mut app = TestApp::start(database).await;
        let files = app.app.catalog.policy_files();
        assert_eq!(policy::record_changed_files(&app.app).await.unwrap(), files.len(), "the first start finds all new");
        assert_eq!(policy::record_changed_files(&app.app).await.unwrap(), 0, "the next finds nothing changed");
        let before = app.app.catalog.registers().in_force.registers["checklist"].clone();
        app.app.catalog = edited("checklist", "version: \"1\"", "version: \"2\"");
        assert_eq!(policy::record_changed_files(&app.app).await.unwrap(), 1);
        assert_eq!(policy::record_changed_files(&app.app).await.unwrap(), 0);
        let last = policy_events(&app).await.pop().unwrap();
        let after = &app.app.catalog.registers().in_force.registers["checklist"];
        assert_eq!(last.data, json!({ "file": "register", "name": "checklist", "from": before, "to": after }));
        assert_eq!((last.kind.as_str(), json!(last.actor)), ("policy_file_changed", json!({ "kind": "software" })));
        let auditor = app.officer("auditor", &[Role::Auditor]).await;
        let told = |changes: &[Value]| json!(changes).to_string().contains("policy_file_changed");
        assert!(told(&app.changes_until(&auditor, told).await));
        let listed = app.get(&auditor, "/api/v1/policy/changes").await.ok();
        let newest = &listed["data"][0];
        assert_eq!(
            (&newest["name"], &newest["from"], &newest["to"]),
            (&json!("checklist"), &json!(before), &json!(after))
        );
        assert_eq!(listed["data"].as_array().unwrap().len(), files.len() + 1);
    });
}

#[test]
fn an_administrator_is_asked_once_to_have_an_overdue_policy_reviewed() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let admin = app.officer("admin", &[Role::Admin]).await;
        let asked = async || {
            policy::ask_for_review(&app.app).await.unwrap();
            app.get(&admin, "/api/v1/tasks").await.ok()["data"].as_array().unwrap().clone()
        };
        let warned = async || app.get(&admin, "/api/v1/registers/policy").await.ok()["warning"].clone();
        app.advance(Duration::days(371));
        assert_eq!((asked().await.len(), warned().await), (0, Value::Null), "7 June 2027 is still in time");
        app.advance(Duration::days(1));
        for _again in 0..2 {
            let tasks = asked().await;
            assert_eq!(tasks.len(), 1, "{tasks:?}");
            assert_eq!(tasks[0]["kind"], "review_policy");
        }
        assert!(warned().await.as_str().unwrap().contains("7 June 2027"));
    });
}

#[test]
fn whoever_signs_in_reads_every_register_and_no_address_changes_one() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let call_taker = app.officer("ccr", &[Role::Ccr]).await;
        let registers = app.get(&call_taker, "/api/v1/registers").await.ok();
        let names: Vec<&str> =
            registers["data"].as_array().unwrap().iter().map(|register| register["name"].as_str().unwrap()).collect();
        let all = [
            "areas",
            "bank-holidays",
            "call-categories",
            "call-grading",
            "call-scripts",
            "calls-programme",
            "checklist",
            "legislation",
            "links",
            "policy",
            "repeat-callers-month",
            "same-call",
        ];
        assert_eq!(names, all);
        for name in names {
            let register = app.get(&call_taker, &format!("/api/v1/registers/{name}")).await.ok();
            assert!(register["data"].as_object().is_some_and(|data| !data.is_empty()), "{register}");
            assert_eq!(register["kept"][0]["contentHash"], register["contentHash"]);
        }
        let policy = app.get(&call_taker, "/api/v1/registers/policy").await.ok();
        assert_eq!(policy["data"]["departmentSpoc"], "Neighbourhood Policing Sergeant");
        let admin = app.officer("admin", &[Role::Admin]).await;
        let description: Value = serde_json::from_str(&evenhand::boot::api_description()).unwrap();
        for path in ["/api/v1/registers", "/api/v1/registers/{name}", "/api/v1/workflows", "/api/v1/workflows/{key}"] {
            let methods: Vec<&String> = description["paths"][path].as_object().unwrap().keys().collect();
            assert_eq!(methods, ["get"], "{path}");
        }
        assert_eq!(app.post(&admin, "/api/v1/registers/policy", json!({})).await.status, 405);
    });
}
