//! Whatever is wrong with a request, the answer is a problem document with a stable type.

use crate::support::{TestApp, on_each_database};
use evenhand::domain::access::Role;
use reqwest::Method;
use serde_json::json;

#[test]
fn a_request_that_cannot_be_read_is_answered_by_a_problem() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let admin = app.officer("admin", &[Role::Admin]).await;
        let post = |body: &'static str, kind: &'static str| {
            let request = app.request(Method::POST, "/api/v1/delegations").bearer_auth(&admin.token);
            app.send(request.header("content-type", kind).body(body))
        };
        post("{\"officerId\":", "application/json").await.is_problem(400, "malformed-request");
        post("\u{0}\u{1}", "application/json").await.is_problem(400, "malformed-request");
        post("", "application/json").await.is_problem(400, "malformed-request");
        post("{}", "text/plain").await.is_problem(415, "unsupported-media-type");
        post("[]", "application/json").await.is_problem(422, "validation");
        post("{\"officerId\":7}", "application/json").await.is_problem(422, "validation");
    });
}

#[test]
fn a_body_that_is_too_large_is_refused_whether_it_says_so_or_not() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let admin = app.officer("admin", &[Role::Admin]).await;
        let large = format!("{{\"workflow\":\"{}\"}}", "x".repeat(1024 * 1024));
        let request = || {
            let request = app.request(Method::POST, "/api/v1/delegations").bearer_auth(&admin.token);
            request.header("content-type", "application/json")
        };
        app.send(request().body(large)).await.is_problem(413, "too-large");
    });
}

#[test]
fn an_unknown_address_and_a_wrong_method_are_told_apart() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let admin = app.officer("admin", &[Role::Admin]).await;
        app.get(&admin, "/api/v1/nothing").await.is_problem(404, "not-found");
        app.get(&admin, "/").await.is_problem(404, "not-found");
        app.get(&admin, "/problems/nothing").await.is_problem(404, "not-found");
        let answer = app.send(app.request(Method::DELETE, "/api/v1/delegations").bearer_auth(&admin.token)).await;
        answer.is_problem(405, "method-not-allowed");
        assert_eq!(answer.header("allow"), Some("GET, POST"));
        let id = "00000000-0000-7000-8000-000000000000";
        let answer = app.get(&admin, &format!("/api/v1/delegations/{id}/revocation")).await;
        answer.is_problem(405, "method-not-allowed");
    });
}

#[test]
fn an_id_that_is_no_id_names_nothing() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let admin = app.officer("admin", &[Role::Admin]).await;
        for id in ["x", "%00", "..", "%F0%9F%92%A5", "00000000-0000-7000-8000-000000000000"] {
            let path = format!("/api/v1/delegations/{id}/revocation");
            app.post(&admin, &path, json!({})).await.is_problem(404, "not-found");
        }
    });
}

#[test]
fn every_kind_of_problem_is_described_at_its_address() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let answer = app.send(app.request(Method::GET, "/api/v1/me")).await;
        answer.is_problem(401, "not-signed-in");
        let address = answer.body["type"].as_str().unwrap();
        let page = app.send(app.request(Method::GET, address)).await.ok();
        assert_eq!(page["status"], 401);
        assert_eq!(page["type"], address);
    });
}

#[test]
fn the_request_id_is_the_same_in_header_and_body_and_never_twice_the_same() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let ask = || app.send(app.request(Method::GET, "/api/v1/me"));
        let (first, second) = (ask().await, ask().await);
        assert_eq!(first.body["instance"], format!("urn:uuid:{}", first.header("x-request-id").unwrap()));
        assert_ne!(first.body["instance"], second.body["instance"]);
    });
}
