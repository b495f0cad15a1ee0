//! What the reports on decisions say of a whole lifecycle.

use crate::story::cast::{ADDRESS, Force, Mail};
use crate::story::forms;
use crate::support::on_each_database;
use chrono::Duration;
use evenhand::domain::access::{ActorRef, Role};
use evenhand::domain::case::{CaseEvent, Happening};
use evenhand::domain::ids::{CaseId, Id};
use evenhand::store::Tx;
use evenhand::store::cases::{self, Due};
use serde_json::{Value, json};

fn question<'a>(report: &'a Value, begins: &str) -> &'a Value {
    let questions = report["content"].as_array().unwrap();
    let found = questions.iter().find(|one| one["question"].as_str().unwrap().starts_with(begins));
    found.unwrap_or_else(|| panic!("no question begins with {begins}"))
}

#[test]
fn the_conformance_report_answers_each_question_with_its_number_and_the_cases_behind_it() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let auditor = force.app.officer("auditor", &[Role::Auditor]).await;
        let (case, strategy) = force.strategy_in_force().await;
        let read = async || force.app.get(&auditor, "/api/v1/reports/conformance").await.ok();
        let report = read().await;
        assert_eq!((&report["marking"], &report["policyVersion"]), (&json!("OFFICIAL-SENSITIVE"), &json!("2")));
        let questions = report["content"].as_array().unwrap();
        assert_eq!(questions.len(), 15, "as many as there are to be answered");
        let zero: Vec<&Value> = questions.iter().filter(|question| question["mustBeZero"] == true).collect();
        assert_eq!(zero.len(), 5);
        assert!(zero.iter().all(|question| question["number"] == 0 && question["holds"] == true), "{report}");
        assert_eq!(question(&report, "Cases in which our own delay")["number"], Value::Null);
        assert_eq!(question(&report, "Cases in which our own delay")["cases"], json!([case]));
        assert_eq!(question(&report, "Restrictions lifted")["number"], 0);
        let stranger = force.app.officer("stranger", &[Role::Ccr]).await;
        let glass = format!("/api/v1/cases/{case}/break-glass");
        force.app.post(&stranger, &glass, json!({ "reason": "At the door." })).await.ok();
        force.act(&force.authority, &strategy, "lift", forms::reason()).await.ok();
        let report = read().await;
        assert_eq!(question(&report, "Restrictions lifted")["cases"], json!([strategy]));
        assert_eq!(question(&report, "Reads of a case by people with no role")["cases"], json!([case]));
    });
}

#[test]
fn a_restriction_that_is_not_reviewed_on_its_day_is_in_the_report_from_the_day_after() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let auditor = force.app.officer("auditor", &[Role::Auditor]).await;
        let (_, strategy) = force.strategy_in_force().await;
        let review_on = force.case(&force.staff, &strategy).await["data"]["reviewOn"].as_str().unwrap().to_owned();
        let review_on: chrono::NaiveDate = review_on.parse().unwrap();
        let late = async || {
            let report = force.app.get(&auditor, "/api/v1/reports/conformance").await.ok();
            question(&report, "Restrictions reviewed after")["number"].clone()
        };
        force.app.advance(Duration::days((review_on - force.app.now().date_naive()).num_days()));
        assert_eq!(late().await, 0, "it is the day");
        force.app.advance(Duration::days(1));
        assert_eq!(late().await, 1);
    });
}

/// Writes into a case's history that somebody took these actions to these states, whatever its case type allows.
async fn write_in(force: &Force, id: CaseId, actor: ActorRef, steps: &[(&str, &str)]) {
    let now = force.app.now();
    let steps: Vec<_> =
        steps.iter().map(|(action, to)| (force.app.app.new_id(), (*action).to_owned(), (*to).to_owned())).collect();
    let written = force.app.app.store.write(async move |tx: &Tx| {
        let mut case = cases::load(tx, id).await?.unwrap();
        let mut events = Vec::new();
        for (event_id, action, to) in steps {
            let what = Happening::Acted {
                action,
                from: case.state.clone(),
                to,
                input: json!({}),
                into: None,
                signed: Some("a hash".to_owned()),
                through: None,
                policy_version: None,
                legislation_version: None,
                registers: Default::default(),
                clock: None,
            };
            let event = CaseEvent { at: now, actor, what };
            case.apply(&event);
            events.push((event_id, event));
        }
        cases::append(tx, &case, events, Due::default()).await
    });
    written.await.unwrap();
}

#[test]
fn a_strategy_signed_anew_and_shared_without_another_harm_test_is_in_the_report() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.strategy_in_force().await;
        let auditor = force.app.officer("auditor", &[Role::Auditor]).await;
        let found = async || {
            let report = force.app.get(&auditor, "/api/v1/reports/conformance").await.ok();
            question(&report, "Strategies shared without")["cases"].clone()
        };
        assert_eq!(found().await, json!([]));
        let signer = ActorRef::Officer(force.authority.id.parse().unwrap());
        let id = strategy.parse().unwrap();
        write_in(&force, id, signer, &[("approve", "approved"), ("share", "shared")]).await;
        assert_eq!(found().await, json!([strategy]));
    });
}

#[test]
fn a_strategy_signed_by_its_drafter_however_that_came_about_is_in_the_report() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.strategy_submitted().await;
        let (id, drafter) = (Id::from_uuid(strategy.parse().unwrap()), Id::from_uuid(force.spoc.id.parse().unwrap()));
        write_in(&force, id, ActorRef::Officer(drafter), &[("approve", "approved")]).await;
        let auditor = force.app.officer("auditor", &[Role::Auditor]).await;
        let report = force.app.get(&auditor, "/api/v1/reports/conformance").await.ok();
        let found = question(&report, "Strategies signed by somebody who drafted");
        assert_eq!((&found["cases"], &found["holds"]), (&json!([strategy]), &json!(false)));
    });
}

#[test]
fn the_consistency_report_names_cases_and_controls_and_nobody() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        force.mail_arrives(&Mail::proven("My matter", "Purple elephants")).await;
        force.app.advance(Duration::hours(1));
        let (case, _) = force.strategy_in_force().await;
        force.mail_arrives(&Mail::proven("After", "the decision")).await;
        let chair = force.app.officer("another", &[Role::Chair]).await;
        let read = force.app.get(&chair, "/api/v1/reports/consistency").await;
        let report = read.clone().ok();
        let group = &report["content"][0];
        assert_eq!((&group["frequency"], &group["differIn"]), (&json!("0-4"), &json!([])), "{report}");
        let one = &group["cases"][0];
        assert_eq!((&one["case"], &one["decision"]), (&json!(case), &json!("met")));
        assert_eq!(one["contacts28Days"], 1, "before the decision: {report}");
        assert!(one["days"].as_i64().unwrap() > 0 && !one["controls"].as_array().unwrap().is_empty(), "{report}");
        for name in ["Example", ADDRESS, &force.person] {
            assert!(!read.text.contains(name), "{name} in {}", read.text);
        }
    });
}
