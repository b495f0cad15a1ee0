//! A write to a versioned thing says which version it read.

use crate::support::{Session, TestApp, on_each_database};
use evenhand::domain::access::Role;
use reqwest::Method;
use serde_json::json;

async fn planned_meeting(app: &TestApp, chair: &Session) -> (String, String) {
    let answer = app.post(chair, "/api/v1/meetings", json!({ "heldOn": "2026-06-03" })).await;
    let etag = answer.etag();
    (format!("/api/v1/meetings/{}/open", answer.ok()["id"].as_str().unwrap()), etag)
}

#[test]
fn a_write_without_the_version_read_is_asked_for_it() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let chair = app.officer("chair", &[Role::Chair]).await;
        let (open, _) = planned_meeting(&app, &chair).await;
        let answer = app.post(&chair, &open, json!({ "attendees": [chair.id] })).await;
        answer.is_problem(428, "precondition-required");
    });
}

#[test]
fn a_write_over_a_version_that_moved_on_is_refused_and_changes_nothing() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let chair = app.officer("chair", &[Role::Chair]).await;
        let (open, etag) = planned_meeting(&app, &chair).await;
        let attendees = json!({ "attendees": [chair.id] });
        for stale in ["\"v99\"", "W/\"v1\"", "v1", "\"1\"", "*"] {
            app.post_at(&chair, &open, stale, attendees.clone()).await.is_problem(412, "stale-version");
        }
        let opened = app.post_at(&chair, &open, &etag, attendees.clone()).await.etag();
        assert_ne!(opened, etag);
        app.post_at(&chair, &open, &etag, attendees).await.is_problem(412, "stale-version");
    });
}

#[test]
fn of_two_who_read_the_same_version_one_writes() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let chair = app.officer("chair", &[Role::Chair]).await;
        let (open, etag) = planned_meeting(&app, &chair).await;
        let write = || {
            let request = app.request(Method::POST, &open).bearer_auth(&chair.token).header("if-match", &etag);
            app.send(request.json(&json!({ "attendees": [chair.id] })))
        };
        let answers = futures_util::future::join_all((0..8).map(|_| write())).await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412, 412, 412, 412, 412, 412, 412]);
    });
}
