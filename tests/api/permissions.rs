//! Every address × every kind of caller, as one table to be reviewed when it changes.

use crate::support::{Session, TestApp, TestDatabase};
use evenhand::domain::access::{Role, Scope};
use reqwest::Method;
use serde_json::{Value, json};
use std::fmt::Write;

/// A well-formed request about things that do not exist: `401` no token, `403` may not; anything else got past the
/// question who asks.
#[test]
fn who_gets_past_the_door_of_each_address() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let table = runtime.block_on(async {
        let app = TestApp::start(TestDatabase::sqlite()).await;
        let mut callers = Vec::new();
        for role in Role::ALL {
            callers.push(app.officer(role.as_str(), &[role]).await);
        }
        callers.push(app.system("system-without-scopes", &[]).await);
        callers.push(app.system("system-with-all-scopes", &Scope::ALL).await);
        let mut table = String::new();
        let description: Value = serde_json::from_str(&evenhand::boot::api_description()).unwrap();
        for (method, path) in addresses(&description) {
            let body = sample_body(&description, &method, &path);
            writeln!(table, "{method} {path}").unwrap();
            let mut by_status: Vec<(String, Vec<String>)> = Vec::new();
            note(&mut by_status, ask(&app, None, (&method, &path, &body)).await, "anonymous");
            for caller in &callers {
                note(&mut by_status, ask(&app, Some(caller), (&method, &path, &body)).await, &caller.name);
            }
            for (status, names) in by_status {
                writeln!(table, "    {status}: {}", names.join(" ")).unwrap();
            }
        }
        table
    });
    insta::assert_snapshot!("permissions", table);
}

fn addresses(description: &Value) -> Vec<(Method, String)> {
    let mut addresses = Vec::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            addresses.push((method.to_uppercase().parse().unwrap(), path.clone()));
        }
    }
    addresses
}

/// A body that the description calls well-formed; nothing in it exists.
fn sample_body(description: &Value, method: &Method, path: &str) -> Value {
    let operation = &description["paths"][path][method.as_str().to_lowercase()];
    sample(description, &operation["requestBody"]["content"]["application/json"]["schema"])
}

fn sample(description: &Value, schema: &Value) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        return sample(description, description.pointer(name.trim_start_matches('#')).unwrap());
    }
    if let Some(first) = schema["oneOf"].get(0).or_else(|| schema["enum"].get(0)) {
        return if schema["enum"].is_array() { first.clone() } else { sample(description, first) };
    }
    if !schema["example"].is_null() {
        return schema["example"].clone();
    }
    match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("string"), Some("uuid")) => json!("00000000-0000-7000-8000-000000000000"),
        (Some("string"), Some("date")) => json!("2026-06-01"),
        (Some("string"), Some("date-time")) => json!("2026-06-01T09:00:00Z"),
        (Some("string"), _) => json!("example"),
        (Some("integer" | "number"), _) => json!(1),
        (Some("boolean"), _) => json!(true),
        (Some("array"), _) => json!([]),
        _ => {
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            let named = required.iter().map(|name| name.as_str().unwrap());
            let fields = named.map(|name| (name.to_owned(), sample(description, &schema["properties"][name])));
            Value::Object(fields.collect())
        }
    }
}

async fn ask(app: &TestApp, caller: Option<&Session>, (method, path, body): (&Method, &str, &Value)) -> String {
    let mut filled = path
        .replace("{n}", "1")
        .replace("{key}", "consultation")
        .replace("{action}", "submit")
        .replace("{slug}", "validation");
    while let Some((before, rest)) = filled.split_once('{') {
        let (_, after) = rest.split_once('}').unwrap();
        filled = format!("{before}00000000-0000-7000-8000-000000000000{after}");
    }
    let mut request = app.request(method.clone(), &filled).header("if-match", "\"v1\"");
    if let Some(caller) = caller {
        request = request.bearer_auth(&caller.token);
    }
    if *method != Method::GET {
        request = match path {
            "/api/v1/mail" => request.header("content-type", "message/rfc822").body("Subject: x\r\n\r\ny"),
            "/api/v1/contacts/batch" => request.header("content-type", "application/x-ndjson").body("{}"),
            _ => request.json(body),
        };
    }
    let answer = app.send(request).await;
    match answer.body["code"].as_str() {
        Some(code) => format!("{} {code}", answer.status),
        None => answer.status.to_string(),
    }
}

fn note(by_status: &mut Vec<(String, Vec<String>)>, status: String, name: &str) {
    match by_status.iter_mut().find(|(known, _)| *known == status) {
        Some((_, names)) => names.push(name.to_owned()),
        None => by_status.push((status, vec![name.to_owned()])),
    }
}
