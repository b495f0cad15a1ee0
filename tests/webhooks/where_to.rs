//! Where webhooks go, and where they never do.

use super::{NOMINATED, Telling};
use crate::support::{Receiver, on_each_database};
use chrono::Duration;
use evenhand::domain::access::Scope;
use serde_json::json;

const SCOPES: [Scope; 1] = [Scope::NominationsRead];

#[test]
fn a_receiver_that_does_not_say_that_it_wants_to_be_told_is_told_nothing() {
    on_each_database(async |database| {
        let telling = Box::pin(Telling::begin(database, &SCOPES)).await;
        for unwilling in [None, Some("elsewhere.example.org")] {
            telling.receiver.wants(unwilling);
            let hook = telling.added(&[NOMINATED], &[]).await;
            telling.force.app.run_jobs().await;
            let stands = telling.read(&hook).await;
            assert_eq!((&stands["confirmedAt"], &stands["trouble"]), (&json!(null), &json!("not_wanted")));
            telling.force.app.post(&telling.force.admin, &format!("{}/end", hook.path), json!({})).await.ok();
        }
        telling.receiver.wants(None);
        let hook = telling.added(&[NOMINATED], &[]).await;
        telling.force.app.run_jobs().await;
        telling.force.nominate().await;
        telling.force.app.run_jobs().await;
        assert!(telling.receiver.told().is_empty());
        assert!(telling.receiver.asked_by().iter().all(|origin| origin == "127.0.0.1"));
        // Asked again a little later it says yes, and is told what happened since it was added.
        telling.receiver.wants(Some("127.0.0.1"));
        telling.force.app.advance(Duration::minutes(1));
        telling.told(1).await;
        let stands = telling.read(&hook).await;
        assert!(stands["confirmedAt"].is_string() && stands["troubleSince"].is_null());
    });
}

#[test]
fn an_address_that_the_operator_did_not_allow_is_no_receiver() {
    on_each_database(async |database| {
        let telling = Box::pin(Telling::begin(database, &SCOPES)).await;
        for url in [
            "https://elsewhere.example/evenhand",
            "http://hooks.force.example/evenhand",
            "https://10.0.0.1/",
            "https://169.254.169.254/latest/meta-data/",
            "https://user:password@hooks.force.example/",
            "https://[::1]/",
            "ftp://hooks.force.example/",
            "hooks.force.example",
        ] {
            let new = json!({ "systemId": telling.system.id, "url": url, "types": [NOMINATED] });
            let refused = telling.force.app.post(&telling.force.admin, "/api/v1/webhooks", new).await;
            refused.is_problem(422, "validation");
            assert_eq!(refused.body["errors"][0]["pointer"], "/url", "{url}");
            assert!(!refused.text.contains("password@"), "{}", refused.text);
        }
    });
}

#[test]
fn an_allowed_name_that_leads_to_a_private_address_is_not_followed() {
    on_each_database(async |database| {
        let telling = Box::pin(Telling::begin(database, &SCOPES)).await;
        let port = telling.receiver.url().split(':').nth(2).unwrap().split('/').next().unwrap().to_owned();
        let url = format!("https://localhost:{port}/evenhand");
        let new = json!({ "systemId": telling.system.id, "url": url, "types": [NOMINATED] });
        let added = telling.force.app.post(&telling.force.admin, "/api/v1/webhooks", new).await.ok();
        telling.force.app.run_jobs().await;
        let path = format!("/api/v1/webhooks/{}", added["id"].as_str().unwrap());
        let stands = telling.force.app.get(&telling.force.admin, &path).await.ok();
        assert_eq!((&stands["confirmedAt"], &stands["trouble"]), (&json!(null), &json!("out_of_reach")));
        assert!(telling.receiver.asked_by().is_empty());
    });
}

#[test]
fn a_receiver_that_sends_us_elsewhere_is_not_followed() {
    on_each_database(async |database| {
        let telling = Box::pin(Telling::begin(database, &SCOPES)).await;
        let hook = telling.confirmed(&[NOMINATED], &[]).await;
        let elsewhere = Receiver::start();
        telling.receiver.redirects_next_to(&elsewhere.url());
        telling.force.nominate().await;
        telling.told(1).await;
        assert!(elsewhere.told().is_empty());
        assert_eq!(telling.deliveries(&hook, "waiting").await[0]["attempts"][0]["answer"], "redirected");
        telling.force.app.advance(Duration::seconds(5));
        telling.told(2).await;
        assert_eq!(telling.deliveries(&hook, "delivered").await.len(), 1);
    });
}

#[test]
fn a_receiver_is_told_of_areas_that_there_are_and_that_are_its_systems() {
    on_each_database(async |database| {
        let telling = Box::pin(Telling::begin(database, &SCOPES)).await;
        let app = &telling.force.app;
        let north = app.system_of_areas("north", &SCOPES, vec!["north".to_owned()]).await;
        for (system, areas, why) in
            [(&telling.system, ["nroth"], "no unit and no area"), (&north, ["coast"], "not registered for the area")]
        {
            let new =
                json!({ "systemId": system.id, "url": telling.receiver.url(), "types": [NOMINATED], "areas": areas });
            let refused = app.post(&telling.force.admin, "/api/v1/webhooks", new).await;
            refused.is_problem(422, "validation");
            assert_eq!(refused.body["errors"][0]["pointer"], "/areas");
            assert!(refused.text.contains(why), "{}", refused.text);
        }
        for areas in [["north"], ["snt"]] {
            let new =
                json!({ "systemId": north.id, "url": telling.receiver.url(), "types": [NOMINATED], "areas": areas });
            app.post(&telling.force.admin, "/api/v1/webhooks", new).await.ok();
        }
    });
}
