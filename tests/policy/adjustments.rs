//! Adjustments in force are shown wherever contact with the person is composed or judged (invariant 23).

use crate::story::cast::{ADDRESS, Force, Mail};
use crate::story::forms;
use crate::support::{Session, on_each_database};
use serde_json::{Value, json};

/// What to keep to, in words that stand nowhere else.
const KEPT_TO: &str = "Letters in eighteen point, and a day more to answer.";

async fn shown(force: &Force, who: &Session, path: &str) {
    let answer = force.app.get(who, path).await;
    assert_eq!(answer.status, 200, "{path} {}", answer.text);
    assert!(answer.text.contains(KEPT_TO), "{path} {}", answer.text);
}

#[test]
fn what_to_keep_to_is_shown_wherever_contact_is_composed_or_judged() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let person = force.person.clone();
        let adjustment = json!({ "kind": "large_print", "detail": KEPT_TO });
        force.app.post(&force.staff, &format!("/api/v1/people/{person}/adjustments"), adjustment).await.ok();
        let (case, strategy) = force.strategy_begun().await;
        // Asked of a unit, and waiting for its answer.
        force.act(&force.spoc, &strategy, "consult", forms::question("snt")).await.ok();
        shown(&force, &force.snt, "/api/v1/consultations").await;
        let asked = force.app.get(&force.snt, "/api/v1/consultations").await.ok()["data"][0].clone();
        let path = format!("/api/v1/consultations/{}/answer", asked["id"].as_str().unwrap());
        let answer = json!({ "spokenOn": "2026-06-01", "advice": "Known to us." });
        force.app.post_at(&force.snt, &path, &format!("\"v{}\"", asked["version"]), answer).await.ok();
        force.act(&force.spoc, &strategy, "withdraw", forms::reason()).await.ok();
        force.act(&force.spoc, &case, "start_strategy", forms::start()).await.ok();
        let strategy = force.children(&case, "communications-strategy").await.pop().unwrap();
        force.made_ready(&strategy).await;
        force.served(&strategy).await.ok();
        for path in [
            format!("/api/v1/cases/{case}"),
            format!("/api/v1/cases/{strategy}"),
            "/api/v1/cases".to_owned(),
            format!("/api/v1/people/{person}"),
            "/api/v1/nominations".to_owned(),
        ] {
            shown(&force, &force.staff, &path).await;
        }
        shown(&force, &force.spoc, &format!("/api/v1/cases/{strategy}/notice")).await;
        meetings(&force).await;
        contacts(&force).await;
        letters(&force, &strategy).await;
    });
}

async fn meetings(force: &Force) {
    let meetings = force.app.get(&force.chair, "/api/v1/meetings").await.ok();
    let held = meetings["data"].as_array().unwrap().iter().find(|meeting| meeting["state"] == "closed").unwrap();
    let meeting = format!("/api/v1/meetings/{}", held["id"].as_str().unwrap());
    shown(force, &force.chair, &meeting).await;
    shown(force, &force.chair, &format!("{meeting}/minutes")).await;
}

/// A mail over the limit: read, judged, answered.
async fn contacts(force: &Force) {
    let person = &force.person;
    force.app.advance(chrono::Duration::days(2));
    force.mail_arrives(&Mail::proven("First", "The same matter.")).await;
    let held = force.mail_arrives(&Mail::proven("Second", "The same matter again.")).await;
    assert!(held["verdict"]["kinds"].to_string().contains("over_frequency"), "{held}");
    let (contact, mail) = (held["id"].as_str().unwrap(), held["mailId"].as_str().unwrap());
    for path in [
        format!("/api/v1/contacts/{contact}"),
        "/api/v1/contacts?order=reading".to_owned(),
        format!("/api/v1/people/{person}/contacts"),
        format!("/api/v1/mail/{mail}"),
    ] {
        shown(force, &force.staff, &path).await;
    }
    let tasks = force.app.get(&force.spoc, "/api/v1/tasks").await.ok();
    let reading: Vec<&Value> =
        tasks["data"].as_array().unwrap().iter().filter(|task| task["contactId"] == contact).collect();
    assert!(!reading.is_empty() && reading.iter().all(|task| task.to_string().contains(KEPT_TO)), "{tasks}");
    let lookup = json!({ "name": "Example Person One" });
    assert!(force.app.post(&force.staff, "/api/v1/caller-lookups", lookup).await.text.contains(KEPT_TO));
    let path = format!("/api/v1/contacts/{contact}");
    let etag = force.app.get(&force.staff, &path).await.etag();
    let triage = json!({ "raise": ["risk"], "reason": "Sounds desperate." });
    let judged = force.app.post_at(&force.staff, &format!("{path}/triage"), &etag, triage).await;
    assert!(judged.status == 200 && judged.text.contains(KEPT_TO), "{}", judged.text);
    let attribution = json!({ "personId": person, "reason": "Recognised by telephone." });
    let judged = force.app.post_at(&force.staff, &format!("{path}/attribution"), &judged.etag(), attribution).await;
    assert!(judged.status == 200 && judged.text.contains(KEPT_TO), "{}", judged.text);
}

/// The notice, and the letter at the end.
async fn letters(force: &Force, strategy: &str) {
    force.act(&force.authority, strategy, "lift", forms::reason()).await.ok();
    force.app.run_jobs().await;
    let sent = force.app.app.delivery.delivered();
    assert!(sent.len() >= 2, "the notice and the letter at the end, not {}", sent.len());
    for mail in sent.iter().filter(|mail| mail.to == ADDRESS) {
        let parsed = mail_parser::MessageParser::default().parse(&mail.mime).expect("a MIME message");
        let text = parsed.body_text(0).unwrap();
        assert!(text.replace("\r\n", " ").replace('\n', " ").contains(KEPT_TO), "{text}");
    }
}
