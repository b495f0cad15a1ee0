//! One person who is a frequent service user and a vulnerable repeat caller: each side learns that there is the other case
//! and whom to speak to, and nothing of what is in it.

use super::caller_forms as forms;
use super::cast::Force;
use super::vulnerable_caller::{in_areas, log_of, nominated, referred};
use crate::support::{Session, on_each_database};
use crate::web::browser::Browser;
use entities::access_log::Entity;
use evenhand::domain::access::Role;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

async fn beside(force: &Force, who: &Session, case: &str) -> Value {
    force.case(who, case).await["otherProcess"].clone()
}

#[test]
fn each_side_sees_that_there_is_the_other_case_and_nothing_of_what_is_in_it() {
    on_each_database(async |database| {
        let log = log_of(&database).await;
        let force = Force::gather(database).await;
        let coordinator = force.app.officer("coordinator", &[Role::Coordinator]).await;
        let csu = force.app.officer("csu", &[Role::Csu]).await;
        in_areas(&force, "csu", &["north"]).await;
        let (user, _) = force.strategy_begun().await;
        assert_eq!(beside(&force, &force.staff, &user).await, Value::Null, "there is no other case yet");
        let caller = referred(&force, &coordinator, Some(&force.person)).await;

        for who in [&coordinator, &csu] {
            let other = beside(&force, who, &caller).await;
            assert_eq!(
                other,
                json!({ "workflow": "frequent-service-user", "title": "Frequent service user", "stateTitle": null,
                        "unit": null, "ask": "Example spoc", "marking": other["marking"] }),
                "{}",
                who.name
            );
            assert_eq!(force.app.get(who, &format!("/api/v1/cases/{user}")).await.status, 404, "{}", who.name);
        }
        for who in [&force.staff, &force.chair, &force.spoc, &force.authority] {
            let other = beside(&force, who, &user).await;
            assert_eq!(
                other,
                json!({ "workflow": forms::KEY, "title": "Vulnerable repeat caller",
                        "stateTitle": "Referred, waiting for the unit", "unit": "North Community Safety Unit",
                        "ask": null, "marking": other["marking"] }),
                "{}",
                who.name
            );
        }
        let looks = Entity::find().all(&log).await.unwrap();
        let by = |who: &Session, case: &str| {
            looks
                .iter()
                .filter(|look| look.object_id.as_deref() == Some(case) && look.actor["id"] == json!(who.id))
                .count()
        };
        assert!(
            by(&csu, &user) == 1 && by(&force.staff, &caller) == 1,
            "what one is told of the other side is a look at it"
        );
    });
}

#[test]
fn the_department_sees_that_there_is_a_repeat_caller_and_does_nothing_to_it() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let coordinator = force.app.officer("coordinator", &[Role::Coordinator]).await;
        let auditor = force.app.officer("auditor", &[Role::Auditor]).await;
        let caller = referred(&force, &coordinator, Some(&force.person)).await;
        let path = format!("/api/v1/cases/{caller}");
        let seen = force.case(&force.staff, &caller).await;
        assert_eq!(seen["data"], json!({ "referral": { "unit": "csu", "area": "north" } }));
        assert_eq!(
            (&seen["stateTitle"], &seen["otherProcess"]),
            (&json!("Referred, waiting for the unit"), &Value::Null)
        );
        assert_eq!(force.app.get(&force.staff, &format!("{path}/events")).await.status, 404);
        assert_eq!(force.app.get(&force.staff, &format!("{path}/actions")).await.ok()["data"], json!([]));
        let refused = force.act(&force.staff, &caller, "close", super::forms::reason()).await;
        assert_eq!((refused.status, &refused.body["code"]), (403, &json!("wrong-role")));
        assert_eq!(force.app.get(&force.spoc, &path).await.status, 404, "it is no case of theirs");
        let whole = force.case(&auditor, &caller).await;
        assert_eq!(whole["data"]["reason"], forms::nomination()["reason"], "an auditor sees it whole");
        let page = Browser::sign_in(&force.app, "staff").await.get(&format!("/cases/{caller}")).await;
        page.says(&["North Community Safety Unit", "not the history"]);
        assert!(!page.text.contains("most of them at night"), "nothing of the content: {}", page.text);
    });
}

#[test]
fn the_page_of_a_caller_says_whom_to_ask_and_that_of_the_service_user_where_the_other_case_stands() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let coordinator = force.app.officer("coordinator", &[Role::Coordinator]).await;
        let user = force.nominate().await;
        let caller = referred(&force, &coordinator, Some(&force.person)).await;
        let page = Browser::sign_in(&force.app, "coordinator").await.get(&format!("/cases/{caller}")).await;
        page.says(&["The same person elsewhere", "ask PSD staff"]);
        assert!(!page.text.contains("about one answered matter"), "{}", page.text);
        let page = Browser::sign_in(&force.app, "staff").await.get(&format!("/cases/{user}")).await;
        page.says(&["Vulnerable repeat caller: Referred, waiting for the unit, North Community Safety Unit"]);
    });
}

#[test]
fn records_that_turn_out_one_person_bring_the_two_cases_together_and_an_ended_one_is_not_told_of() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let coordinator = force.app.officer("coordinator", &[Role::Coordinator]).await;
        let twin = json!({ "reference": "FSU-0002", "fullName": "Example Person One" });
        let twin = force.app.post(&force.staff, "/api/v1/people", twin).await.ok();
        let twin = twin["id"].as_str().unwrap();
        let user = force.nominate().await;
        let caller = referred(&force, &coordinator, Some(twin)).await;
        assert_eq!(beside(&force, &coordinator, &caller).await, Value::Null);
        let merge = json!({ "keptId": force.person, "mergedId": twin, "reason": "Same date of birth." });
        force.app.post(&force.staff, "/api/v1/people/merges", merge).await.ok();
        assert_eq!(beside(&force, &coordinator, &caller).await["ask"], "PSD staff");
        assert_eq!(beside(&force, &force.staff, &user).await["workflow"], forms::KEY);
        force.act(&coordinator, &caller, "close", super::forms::reason()).await.ok();
        assert_eq!(beside(&force, &force.staff, &user).await, Value::Null, "it has ended");
    });
}

#[test]
fn a_coordinator_says_whom_a_caller_turned_out_to_be_and_of_no_other_case() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let coordinator = force.app.officer("coordinator", &[Role::Coordinator]).await;
        let user = force.nominate().await;
        let caller = nominated(&force, &coordinator, None).await;
        let is = json!({ "personId": force.person, "reason": "They gave name and date of birth." });
        let path = |case: &str| format!("/api/v1/cases/{case}/person");
        let linked = force.app.post_at(&coordinator, &path(&caller), "\"v1\"", is.clone()).await.ok();
        assert_eq!((&linked["personId"], &linked["otherProcess"]["ask"]), (&json!(force.person), &json!("PSD staff")));
        let other = force.app.post_at(&coordinator, &path(&user), "\"v1\"", is).await;
        assert_eq!(other.status, 404, "a case of the department is not theirs to see");
    });
}

#[test]
fn what_is_told_of_the_other_side_bears_its_marking() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let coordinator = force.app.officer("coordinator", &[Role::Coordinator]).await;
        let user = force.nominate().await;
        let caller = referred(&force, &coordinator, Some(&force.person)).await;
        let raised = json!({ "marking": "OFFICIAL-SENSITIVE", "reason": "Intelligence from a protected source." });
        force.app.post_at(&force.staff, &format!("/api/v1/cases/{user}/marking"), "\"v1\"", raised).await.ok();
        let seen = force.case(&coordinator, &caller).await;
        assert_eq!(seen["otherProcess"]["marking"], "OFFICIAL-SENSITIVE");
        assert_eq!(seen["marking"], "OFFICIAL-SENSITIVE", "what is made of both bears the higher");
    });
}
