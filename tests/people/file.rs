//! The file of service users: who may keep it, what it remembers, who never sees whom.

use crate::support::{TestApp, on_each_database};
use evenhand::domain::access::Role;
use serde_json::json;

#[test]
fn a_person_is_put_on_file_changed_and_found_by_any_identifier() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let new = json!({ "reference": "FSU-0001", "fullName": "Example  Person One", "dateOfBirth": "1980-02-29" });
        let made = app.post(&staff, "/api/v1/people", new.clone()).await;
        assert_eq!((made.status, &made.body["fullName"]), (201, &json!("Example Person One")));
        app.post(&staff, "/api/v1/people", new).await.is_problem(422, "validation");
        let path = format!("/api/v1/people/{}", made.body["id"].as_str().unwrap());
        let email = json!({ "kind": "email", "value": "One@Example.ORG", "role": "self", "confidence": "confirmed" });
        app.post(&staff, &format!("{path}/identifiers"), email.clone()).await.ok();
        app.post(&staff, &format!("{path}/identifiers"), email).await.is_problem(409, "already-recorded");
        let faulty = json!({ "kind": "email", "value": "nobody", "role": "self", "confidence": "confirmed" });
        app.post(&staff, &format!("{path}/identifiers"), faulty).await.is_problem(422, "validation");

        for search in [
            json!({ "identifier": { "kind": "email", "value": "one@example.org" } }),
            json!({ "text": "person one" }),
            json!({ "text": "FSU-0001", "identifier": { "kind": "email", "value": "ONE@example.org" } }),
        ] {
            let found = app.post(&staff, "/api/v1/people/searches", search).await.ok();
            assert_eq!(found["data"][0]["id"], made.body["id"]);
        }
        let none = app.post(&staff, "/api/v1/people/searches", json!({ "text": "100%" })).await.ok();
        assert_eq!(none["data"], json!([]), "a percent sign is only itself");

        let read = app.get(&staff, &path).await;
        let change = json!({ "vulnerability": ["Lives alone."] });
        let changed =
            app.request(reqwest::Method::PATCH, &path).bearer_auth(&staff.token).header("if-match", read.etag());
        assert_eq!(app.send(changed.json(&change)).await.ok()["vulnerability"], json!(["Lives alone."]));
        let stale =
            app.request(reqwest::Method::PATCH, &path).bearer_auth(&staff.token).header("if-match", read.etag());
        app.send(stale.json(&change)).await.is_problem(412, "stale-version");
    });
}

#[test]
fn an_identifier_that_ended_recognises_nobody() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let new = json!({ "reference": "FSU-0001", "fullName": "Example Person One" });
        let path =
            format!("/api/v1/people/{}", app.post(&staff, "/api/v1/people", new).await.ok()["id"].as_str().unwrap());
        let number = json!({ "kind": "telephone", "value": "01632 960123", "role": "self", "confidence": "confirmed" });
        let added = app.post(&staff, &format!("{path}/identifiers"), number).await.ok();
        let end = format!("{path}/identifiers/{}/end", added["id"].as_str().unwrap());
        app.post(&staff, &end, json!({ "reason": "Not in use any more." })).await.ok();
        app.post(&staff, &end, json!({ "reason": "Again." })).await.is_problem(409, "already-ended");
        let search = json!({ "identifier": { "kind": "telephone", "value": "+441632960123" } });
        assert_eq!(app.post(&staff, "/api/v1/people/searches", search).await.ok()["data"], json!([]));
        let kept = app.get(&staff, &format!("{path}/identifiers")).await.ok();
        assert!(kept["data"][0]["endedAt"].is_string(), "nothing is forgotten");
    });
}

#[test]
fn an_adjustment_is_shown_while_it_holds_and_kept_when_it_ended() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let new = json!({ "reference": "FSU-0001", "fullName": "Example Person One" });
        let path =
            format!("/api/v1/people/{}", app.post(&staff, "/api/v1/people", new).await.ok()["id"].as_str().unwrap());
        let print = json!({ "kind": "large_print", "detail": "16 point.", "reviewOn": "2026-12-01" });
        let made = app.post(&staff, &format!("{path}/adjustments"), print).await.ok();
        assert_eq!(app.get(&staff, &path).await.ok()["adjustments"][0]["id"], made["id"]);
        let end = format!("{path}/adjustments/{}/end", made["id"].as_str().unwrap());
        app.post(&staff, &end, json!({ "reason": "New glasses." })).await.ok();
        let person = app.get(&staff, &path).await.ok();
        assert_eq!((&person["adjustments"], &person["otherAdjustments"][0]["id"]), (&json!([]), &made["id"]));
    });
}

#[test]
fn an_officer_the_person_complained_about_neither_sees_nor_changes_them() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let named = app.officer("named", &[Role::PsdStaff]).await;
        let new = json!({ "reference": "FSU-0001", "fullName": "Example Person One" });
        let id = app.post(&staff, "/api/v1/people", new).await.ok()["id"].as_str().unwrap().to_owned();
        let letter = json!({ "channel": "letter", "personId": id });
        let letter = app.post(&staff, "/api/v1/contacts", letter).await.ok()["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/people/{id}");
        app.post(&staff, &format!("{path}/complaints-about"), json!({ "officerId": named.id })).await.ok();
        app.get(&named, &path).await.is_problem(404, "not-found");
        app.get(&named, &format!("{path}/contacts")).await.is_problem(404, "not-found");
        app.get(&named, &format!("/api/v1/contacts/{letter}")).await.is_problem(404, "not-found");
        assert_eq!(app.get(&named, "/api/v1/people").await.ok()["data"], json!([]));
        assert_eq!(app.get(&named, "/api/v1/contacts").await.ok()["data"], json!([]));
        let adjustment = json!({ "kind": "large_print", "detail": "16 point." });
        app.post(&named, &format!("{path}/adjustments"), adjustment).await.is_problem(403, "complained-about");
        assert_eq!(app.get(&staff, "/api/v1/contacts").await.ok()["data"][0]["id"], json!(letter));
    });
}

#[test]
fn neither_systems_nor_other_roles_keep_or_read_the_file() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let ccr = app.officer("ccr", &[Role::Ccr]).await;
        let feed = app.system("feed", &evenhand::domain::access::Scope::ALL).await;
        let new = json!({ "reference": "FSU-0001", "fullName": "Example Person One" });
        for (who, slug) in [(&ccr, "wrong-role"), (&feed, "named-person-required")] {
            app.post(who, "/api/v1/people", new.clone()).await.is_problem(403, slug);
            app.get(who, "/api/v1/people").await.is_problem(403, slug);
        }
    });
}
