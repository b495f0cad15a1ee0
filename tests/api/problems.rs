//! Whatever is wrong with a request, the answer is a problem document with a stable type.

use crate::support::{TestApp, TestDatabase, on_each_database};
use evenhand::domain::access::Role;
use regex::Regex;
use reqwest::Method;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::Path;

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
        app.get(&admin, "/nothing").await.is_problem(404, "not-found");
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

/// Every code that the program's source gives a refusal, and every code of a guard in the shipped workflow files.
fn every_code() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let in_source = Regex::new(r#"Refusal::(?:forbidden|conflict|invalid)\(\s*"([a-z-]+)""#).unwrap();
    let in_workflows = Regex::new(r"\bcode: ([a-z-]+)").unwrap();
    let mut codes: BTreeSet<String> =
        ["named-person-required", "meeting-not-planned", "meeting-not-open", "guard"].map(str::to_owned).into();
    let mut folders = vec![root.join("src"), root.join("workflows")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]").next().unwrap();
            let pattern = if path.extension().is_some_and(|end| end == "rs") { &in_source } else { &in_workflows };
            codes.extend(pattern.captures_iter(text).map(|found| found[1].to_owned()));
        }
    }
    codes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_code_that_can_be_answered_has_a_page() {
    let app = TestApp::start(TestDatabase::sqlite()).await;
    let codes = every_code();
    assert!(codes.len() > 40 && codes.contains("own-text") && codes.contains("blocking-without-alternatives"));
    let mut missing = Vec::new();
    for code in codes {
        let page = app.send(app.request(Method::GET, &format!("/problems/{code}"))).await;
        if page.status != 200 || page.body["advice"].as_str().unwrap_or_default().is_empty() {
            missing.push(code);
        }
    }
    assert!(missing.is_empty(), "add these to `src/api/refusals.rs`: {missing:?}");
    let rule = app.send(app.request(Method::GET, "/problems/blocking-without-alternatives")).await.ok();
    assert_eq!(rule["policy"], json!(["7.7"]));
    assert!(!rule["says"][0].as_str().unwrap().is_empty());
}
