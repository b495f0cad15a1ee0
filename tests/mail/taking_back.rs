//! A mail may be taken back for a moment after it was asked for.

use super::budgets::{draft, queue, row};
use crate::story::cast::{ADDRESS, Force};
use crate::story::forms;
use crate::support::{Session, TestApp, TestDatabase, on_each_database};
use chrono::Duration;
use evenhand::app::Settings;
use evenhand::app::outbox::Origin;
use evenhand::domain::access::Role;
use evenhand::domain::ids::OfficerId;
use evenhand::mail::parse::parse;
use evenhand::store::events;
use serde_json::{Value, json};
use std::sync::Arc;

async fn house(database: TestDatabase) -> TestApp {
    let mut config = TestApp::config();
    config.sending.undo_seconds = 30;
    TestApp::start_with(database, config).await
}

fn by(officer: &Session) -> Origin {
    Origin::Officer(OfficerId::from_uuid(officer.id.parse().unwrap()))
}

#[test]
fn a_mail_waits_thirty_seconds_in_which_its_officer_or_a_supervisor_may_take_it_back() {
    on_each_database(async |database| {
        let app = house(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let colleague = app.officer("colleague", &[Role::PsdStaff]).await;
        let supervisor = app.officer("supervisor", &[Role::PsdSupervisor]).await;
        let mut mails = Vec::new();
        for event in 1..=3 {
            mails.push(queue(&app.app, draft(event, "person@example.com", by(&staff))).await);
        }
        app.advance(Duration::seconds(29));
        app.run_jobs().await;
        assert_eq!(app.app.delivery.delivered().len(), 0);
        let path = |n: usize| format!("/api/v1/outgoing/{}/cancel", mails[n]);
        assert_eq!(app.post(&colleague, &path(0), json!({})).await.status, 404);
        for (n, who) in [(0, &staff), (1, &supervisor), (1, &staff)] {
            assert_eq!(app.post(who, &path(n), json!({})).await.ok()["state"], "cancelled");
        }
        app.advance(Duration::seconds(1));
        app.run_jobs().await;
        assert_eq!(app.app.delivery.delivered().len(), 1);
        assert_eq!(row(&app.app, mails[2]).await.state, "sent");
        assert_eq!(app.post(&staff, &path(2), json!({})).await.body["code"], "mail-not-waiting");
        let history = events::load(app.app.store.reader(), mails[1].as_uuid()).await.unwrap();
        let kinds: Vec<&str> = history.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(kinds, ["queued", "cancelled"], "taken back once");
    });
}

#[test]
fn a_notice_taken_back_served_nobody_and_its_point_of_contact_decides_how_to_go_on() {
    on_each_database(async |database| {
        let mut force = Force::gather(database).await;
        let mut settings = Settings::clone(&force.app.app.settings);
        settings.sending.undo = Duration::seconds(30);
        force.app.app.settings = Arc::new(settings);
        force.app.serve_again();
        let (_, strategy) = force.harm_tested("full").await;
        force.act(&force.spoc, &strategy, "share", forms::sharing(ADDRESS)).await.ok();
        let state = force.case(&force.spoc, &strategy).await["state"].clone();
        let mail = force.case(&force.spoc, &strategy).await["mails"][0].clone();
        assert_eq!(mail["notBefore"], json!(force.app.now() + Duration::seconds(30)));
        let path = format!("/api/v1/outgoing/{}/cancel", mail["id"].as_str().unwrap());
        force.app.post(&force.spoc, &path, Value::Object(Default::default())).await.ok();
        let case = force.case(&force.spoc, &strategy).await;
        assert_eq!((&case["state"], &case["mails"][0]["state"]), (&state, &json!("cancelled")));
        assert!(force.tasks_of(&force.spoc).await.iter().any(|title| title.contains("taken back")));
        assert_eq!(force.served(&strategy).await.body["code"], "notice-not-sent");
        force.app.advance(Duration::minutes(5));
        force.app.run_jobs().await;
        assert_eq!(force.app.app.delivery.delivered().len(), 0);
    });
}

#[test]
fn a_notice_comes_from_our_address_under_the_name_of_the_point_of_contact() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.harm_tested("full").await;
        force.act(&force.spoc, &strategy, "share", forms::sharing(ADDRESS)).await.ok();
        force.app.run_jobs().await;
        let [sent] = force.app.app.delivery.delivered().try_into().unwrap();
        let from = parse(&sent.mime).from.unwrap();
        assert_eq!(from.address, force.app.app.settings.mail_from);
        assert_eq!(from.name.as_deref(), Some("Example spoc"));
    });
}
