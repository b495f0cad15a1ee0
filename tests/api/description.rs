//! The API description is generated, complete, and committed.

use crate::support::{TestApp, on_each_database};
use reqwest::Method;
use serde_json::Value;
use std::path::Path;

fn operations(description: &Value) -> Vec<(String, &Value)> {
    let paths = description["paths"].as_object().unwrap();
    let all = paths.iter().flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| (format!("{method} {path}"), operation))
    });
    all.collect()
}

fn description() -> Value {
    serde_json::from_str(&evenhand::boot::api_description()).unwrap()
}

#[test]
fn the_committed_description_is_the_one_the_program_gives() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/openapi.json");
    let generated = evenhand::boot::api_description() + "\n";
    #[expect(clippy::disallowed_methods, reason = "the one switch that rewrites the committed file")]
    if std::env::var("UPDATE_OPENAPI").is_ok() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, &generated).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(committed == generated, "docs/openapi.json is not current: UPDATE_OPENAPI=1 cargo test description");
}

#[test]
fn every_operation_says_what_it_does_who_may_and_how_it_fails() {
    let description = description();
    assert_eq!(description["openapi"], "3.1.0");
    for (name, operation) in operations(&description) {
        assert!(operation["summary"].is_string(), "{name} has no summary");
        let public = operation["tags"].as_array().unwrap().iter().any(|tag| tag == "public");
        assert_ne!(public, operation["security"].is_array(), "{name}");
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with('2')), "{name} never succeeds");
        assert!(responses.contains_key("500"), "{name} never fails");
    }
}

#[test]
fn no_two_operations_share_an_id() {
    let description = description();
    let mut ids: Vec<&str> =
        operations(&description).iter().map(|(_, operation)| operation["operationId"].as_str().unwrap()).collect();
    ids.sort_unstable();
    let twice: Vec<_> = ids.windows(2).filter(|pair| pair[0] == pair[1]).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

#[test]
fn the_server_gives_the_same_description() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let served = app.send(app.request(Method::GET, "/api/v1/openapi.json")).await.ok();
        assert_eq!(served, description());
    });
}
