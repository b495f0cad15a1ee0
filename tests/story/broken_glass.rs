//! Who breaks the glass, what they see then, and what breaking it again does: nothing.

use super::cast::Force;
use super::forms;
use crate::support::on_each_database;
use chrono::Duration;
use evenhand::domain::access::Role;
use serde_json::{Value, json};

fn reason() -> Value {
    json!({ "reason": "Officers are at the door and nobody can be reached." })
}

#[test]
fn whoever_only_administers_breaks_no_glass() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let path = format!("/api/v1/cases/{}", force.nominate().await);
        let glass = format!("{path}/break-glass");
        let answer = force.app.post(&force.admin, &glass, reason()).await;
        assert_eq!((answer.status, &answer.body["code"]), (403, &json!("wrong-role")), "{}", answer.text);
        force.also_gives(&force.admin, &[Role::Admin, Role::Ccr]).await;
        force.app.post(&force.admin, &glass, reason()).await.ok();
        force.app.get(&force.admin, &path).await.ok();
        force.also_gives(&force.admin, &[Role::Admin]).await;
        assert_eq!(force.app.get(&force.admin, &path).await.status, 404, "nor reads behind one broken before");
    });
}

#[test]
fn breaking_the_glass_again_while_it_is_broken_changes_nothing() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let auditor = force.app.officer("auditor", &[Role::Auditor]).await;
        let stranger = force.app.officer("stranger", &[Role::Ccr]).await;
        let path = format!("/api/v1/cases/{}", force.nominate().await);
        let glass = format!("{path}/break-glass");
        let first = force.app.post(&stranger, &glass, reason()).await.ok();
        force.app.advance(Duration::hours(3));
        let version = force.app.get(&stranger, &path).await.ok()["version"].clone();
        let told = force.tasks_of(&auditor).await;
        assert_eq!(force.app.post(&stranger, &glass, reason()).await.ok()["until"], first["until"]);
        assert_eq!(force.app.get(&stranger, &path).await.ok()["version"], version);
        assert_eq!(force.tasks_of(&auditor).await, told);
        force.app.advance(Duration::hours(5));
        assert_eq!(force.app.get(&stranger, &path).await.status, 404, "not a minute longer");
        assert_ne!(force.app.post(&stranger, &glass, reason()).await.ok()["until"], first["until"]);
    });
}

#[test]
fn a_unit_that_sees_its_question_sees_the_whole_for_breaking_the_glass_and_still_answers() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.strategy_begun().await;
        force.act(&force.spoc, &strategy, "consult", forms::question("snt")).await.ok();
        let asked = force.children(&strategy, "consultation").await.pop().unwrap();
        let path = format!("/api/v1/cases/{asked}");
        let part = force.app.get(&force.snt, &path).await.ok();
        assert_eq!(part["parentId"], Value::Null);
        assert_eq!(force.app.get(&force.snt, &format!("{path}/events")).await.status, 404);
        force.app.post(&force.snt, &format!("{path}/break-glass"), reason()).await.ok();
        assert_eq!(force.app.get(&force.snt, &path).await.ok()["parentId"], json!(strategy));
        force.app.get(&force.snt, &format!("{path}/events")).await.ok();
        let offered = force.app.get(&force.snt, &format!("{path}/actions")).await.ok();
        assert!(offered["data"].as_array().unwrap().iter().any(|offer| offer["action"] == "answer"), "{offered}");
        let answer = json!({ "spokenOn": "2026-06-01", "advice": "Known to us; no concern about this." });
        force.act(&force.snt, &asked, "answer", answer).await.ok();
        force.app.advance(Duration::hours(8));
        assert_eq!(force.app.get(&force.snt, &path).await.ok()["parentId"], Value::Null, "over");
    });
}
