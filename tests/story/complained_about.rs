//! Whoever a person complained about sees nothing of them, at no address, whatever roles they hold.

use super::cast::{ADDRESS, Force, Mail};
use super::forms;
use crate::support::on_each_database;
use chrono::Duration;
use evenhand::domain::access::Role;
use serde_json::{Value, json};

/// Whatever tells of the person and their case: ids, name, address, words.
async fn secrets(force: &Force, (case, strategy): (&str, &str), contact: &Value) -> Vec<String> {
    let mut secrets = vec![force.person.clone(), case.to_owned(), strategy.to_owned()];
    secrets.push(contact["id"].as_str().unwrap().to_owned());
    secrets.extend(contact["mailId"].as_str().map(str::to_owned));
    for child in ["consultation"] {
        secrets.extend(force.children(strategy, child).await);
    }
    secrets.extend(["Example Person One", "FSU-0001", ADDRESS, "Nine mails in two days"].map(str::to_owned));
    secrets
}

#[test]
fn no_address_that_reads_shows_a_complained_about_officer_anything_of_the_person() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let everything = force.app.officer("everything", &Role::ALL).await;
        let supervisor = force.app.officer("supervisor", &[Role::PsdSupervisor]).await;
        let (case, strategy) = force.strategy_in_force().await;
        force.app.advance(Duration::days(2));
        let contact = force.mail_arrives(&Mail::proven("Purple elephants", "I will kill myself.")).await;
        let stranger = force.app.officer("stranger", &[Role::Ccr]).await;
        let glass = format!("/api/v1/cases/{case}/break-glass");
        force.app.post(&stranger, &glass, json!({ "reason": "Purple elephants" })).await.ok();
        let meetings = force.app.get(&force.chair, "/api/v1/meetings").await.ok();
        let mut ids = secrets(&force, (&case, &strategy), &contact).await;
        ids.push("Purple elephants".to_owned());
        let complaint = json!({ "officerId": everything.id });
        let path = format!("/api/v1/people/{}/complaints-about", force.person);
        force.app.post(&supervisor, &path, complaint).await.ok();
        let description: Value = serde_json::from_str(&evenhand::boot::api_description()).unwrap();
        let mut asked = 0;
        for (path, item) in description["paths"].as_object().unwrap() {
            if !item.as_object().unwrap().contains_key("get") {
                continue;
            }
            let meetings = meetings["data"].as_array().unwrap().iter().map(|meeting| meeting["id"].as_str().unwrap());
            let of_path: Vec<String> = match path.as_str() {
                "/api/v1/reports/{name}" => ["equality", "consistency", "conformance"].map(str::to_owned).into(),
                path if path.contains('{') => {
                    ids.iter().map(String::as_str).chain(meetings).map(str::to_owned).collect()
                }
                _ => vec![String::new()],
            };
            for id in of_path.iter().filter(|id| !id.contains(' ')) {
                let filled = fill(path, id);
                let answer = force.app.get(&everything, &filled).await;
                asked += 1;
                for secret in ids.iter().filter(|secret| *secret != id) {
                    assert!(!answer.text.contains(secret.as_str()), "GET {filled} tells {secret}: {}", answer.text);
                }
                let echoed = answer.status == 200 && answer.text.contains(id.as_str()) && ids.contains(id);
                assert!(!echoed, "GET {filled} shows it: {}", answer.text);
            }
        }
        assert!(asked > 100, "{asked} addresses were asked");
        let found = force.app.post(&everything, "/api/v1/people/searches", json!({ "text": "Example" })).await.ok();
        assert_eq!(found["data"], json!([]), "{found}");
        for (action, input) in [("start_review", forms::review()), ("change_spoc", forms::spoc(&force.spoc.id))] {
            let answer = force.act(&everything, &case, action, input).await;
            assert_eq!(answer.body["code"], "complained-about", "{}", answer.text);
        }
    });
}

/// The id in every place of the path.
fn fill(path: &str, id: &str) -> String {
    let mut filled = path.to_owned();
    while let Some((before, rest)) = filled.clone().split_once('{') {
        let (_, after) = rest.split_once('}').unwrap();
        filled = format!("{before}{id}{after}");
    }
    filled
}
