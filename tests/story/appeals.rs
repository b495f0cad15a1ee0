//! A strategy in force is challenged: somebody who took no part decides, and what they decide happens.

use super::cast::{ADDRESS, Force};
use super::forms;
use super::refusals_on_the_way::refused;
use crate::support::{Session, on_each_database};
use evenhand::domain::access::Role;
use serde_json::json;

/// A strategy in force, an appeal against it, and an authority who had nothing to do with either.
async fn appealed(force: &Force) -> (String, String, String, Session) {
    let (case, strategy) = force.strategy_in_force().await;
    let judge = force.app.officer("judge", &[Role::AppropriateAuthority]).await;
    for officer in [&judge.id, &force.authority.id] {
        let loan = json!({ "officerId": officer, "workflow": "appeal", "from": "2026-01-01", "to": "2026-12-31" });
        force.app.post(&force.admin, "/api/v1/delegations", loan).await.ok();
    }
    let received = force.app.now().date_naive().to_string();
    let new = json!({ "workflow": "appeal", "parentId": strategy, "input": forms::appeal(&received) });
    let opened = force.app.post(&force.staff, "/api/v1/cases", new).await.ok();
    assert_eq!((&opened["parentId"], &opened["personId"]), (&json!(strategy), &json!(force.person)));
    (case, strategy, opened["id"].as_str().unwrap().to_owned(), judge)
}

#[test]
fn an_appeal_that_succeeds_ends_the_limits_and_is_answered_by_one_letter() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (case, strategy, appeal, judge) = appealed(&force).await;
        let decision = forms::appeal_decision(true, ADDRESS);
        for took_part in [&force.authority, &force.spoc] {
            let answer = force.act(took_part, &appeal, "quash", decision.clone()).await;
            let code = if took_part.id == force.spoc.id { "wrong-role" } else { "took-part" };
            refused(&answer, 403, code, "7.5");
        }
        force.app.run_jobs().await;
        let before = force.app.app.delivery.delivered().len();
        force.act(&judge, &appeal, "quash", decision).await.ok();
        assert_eq!(force.case(&force.staff, &strategy).await["state"], "quashed");
        assert_eq!(force.case(&force.staff, &case).await["state"], "monitored");
        assert!(force.limits_of(&strategy).await.unwrap().lifted_at.is_some());
        force.app.run_jobs().await;
        let sent = force.app.app.delivery.delivered();
        assert_eq!(sent.len(), before + 1, "the answer to the appeal is the letter");
        let answer = sent.last().unwrap();
        let parsed = mail_parser::MessageParser::default().parse(&answer.mime).expect("a MIME message");
        let words = parsed.body_text(0).unwrap();
        assert!(
            answer.to == ADDRESS && words.contains("Your appeal") && words.contains("This is our answer."),
            "{words}"
        );
    });
}

#[test]
fn a_case_is_not_closed_over_an_open_appeal_and_goes_on_as_it_would_without_one() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (case, strategy, appeal, judge) = appealed(&force).await;
        force.act(&force.authority, &strategy, "lift", forms::reason()).await.ok();
        assert_eq!(force.case(&force.staff, &case).await["state"], "monitored", "nothing is being made any more");
        let answer = force.act(&force.chair, &case, "close", forms::closure()).await;
        refused(&answer, 409, "open-child-case", "8.1");
        force.act(&judge, &appeal, "uphold", forms::appeal_decision(false, ADDRESS)).await.ok();
        force.act(&force.chair, &case, "close", forms::closure()).await.ok();
        assert_eq!(force.case(&force.staff, &case).await["state"], "closed");
    });
}

#[test]
fn an_appeal_that_succeeds_in_part_has_another_version_written_and_one_that_fails_changes_nothing() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (case, strategy, appeal, judge) = appealed(&force).await;
        let mut varied = forms::appeal_decision(true, ADDRESS);
        varied["toChange"] = json!("Two letters a week.");
        force.act(&judge, &appeal, "vary", varied).await.ok();
        assert_eq!(force.case(&force.staff, &strategy).await["state"], "in_force", "until the other takes over");
        let versions = force.children(&case, "communications-strategy").await;
        assert_eq!(versions.len(), 2);
        let new = force.case(&force.spoc, versions.last().unwrap()).await;
        assert_eq!((&new["state"], &new["spoc"]), (&json!("draft"), &json!(force.spoc.id)));

        let again = json!({ "workflow": "appeal", "parentId": strategy,
                            "input": forms::appeal(&force.app.now().date_naive().to_string()) });
        let again = force.app.post(&force.staff, "/api/v1/cases", again).await.ok();
        let another = force.app.officer("another", &[Role::AppropriateAuthority]).await;
        let loan = json!({ "officerId": another.id, "workflow": "appeal", "from": "2026-01-01", "to": "2026-12-31" });
        force.app.post(&force.admin, "/api/v1/delegations", loan).await.ok();
        let id = again["id"].as_str().unwrap();
        let answer = force.act(&judge, id, "uphold", forms::appeal_decision(false, ADDRESS)).await;
        refused(&answer, 403, "took-part", "7.5");
        force.act(&another, id, "uphold", forms::appeal_decision(false, ADDRESS)).await.ok();
        assert_eq!(force.case(&force.staff, &strategy).await["state"], "in_force");
        assert_eq!(force.children(&case, "communications-strategy").await.len(), 2);
    });
}

#[test]
fn an_appeal_that_succeeds_after_another_version_took_over_ends_that_version() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (case, first, appeal, judge) = appealed(&force).await;
        let second = force.another_version(&case).await;
        force.made_ready(&second).await;
        force.served(&second).await.ok();
        assert_eq!(force.case(&force.staff, &first).await["state"], "superseded");
        force.act(&judge, &appeal, "quash", forms::appeal_decision(true, ADDRESS)).await.ok();
        assert_eq!(force.case(&force.staff, &second).await["state"], "quashed");
        assert!(force.limits_of(&second).await.unwrap().lifted_at.is_some());
        assert_eq!(force.case(&force.staff, &case).await["state"], "monitored");
    });
}

#[test]
fn whoever_signed_an_earlier_version_does_not_decide_an_appeal_against_a_later_one() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (case, _first) = force.strategy_in_force().await;
        let second = force.another_version(&case).await;
        force.act(&force.spoc, &second, "edit", forms::strategy()).await.ok();
        force.units_answer(&second).await;
        force.act(&force.spoc, &second, "submit", serde_json::Value::Null).await.ok();
        let other = force.app.officer("other", &[Role::AppropriateAuthority]).await;
        force.delegate(&other.id, "2026-01-01", "2026-12-31").await;
        let read = force.app.get(&other, &format!("/api/v1/cases/{second}")).await;
        let body = json!({ "input": forms::approval(), "contentHash": read.body["contentHash"] });
        force.act_at(&other, &second, &read.etag(), "approve", body).await.ok();
        force.act(&force.staff, &second, "prepare_harm_test", forms::harm_test()).await.ok();
        force.act(&other, &second, "decide_harm_test", forms::harm_test_decision("full")).await.ok();
        force.act(&force.spoc, &second, "share", forms::sharing(ADDRESS)).await.ok();
        force.served(&second).await.ok();
        let loan =
            json!({ "officerId": force.authority.id, "workflow": "appeal", "from": "2026-01-01", "to": "2026-12-31" });
        force.app.post(&force.admin, "/api/v1/delegations", loan).await.ok();
        let received = force.app.now().date_naive().to_string();
        let new = json!({ "workflow": "appeal", "parentId": second, "input": forms::appeal(&received) });
        let appeal = force.app.post(&force.staff, "/api/v1/cases", new).await.ok()["id"].as_str().unwrap().to_owned();
        let answer = force.act(&force.authority, &appeal, "uphold", forms::appeal_decision(false, ADDRESS)).await;
        refused(&answer, 403, "took-part", "7.5");
    });
}

#[test]
fn an_appeal_is_taken_back_in_the_presence_of_nobody_it_is_about_and_the_person_is_told() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy, appeal, _) = appealed(&force).await;
        let today = force.app.now().date_naive().to_string();
        let back = forms::appeal_withdrawal(&today, ADDRESS);
        refused(&force.act(&force.staff, &appeal, "withdraw", back.clone()).await, 403, "took-part", "7.5");
        let clerk = force.app.officer("clerk", &[Role::PsdStaff]).await;
        force.app.run_jobs().await;
        let before = force.app.app.delivery.delivered().len();
        force.act(&clerk, &appeal, "withdraw", back).await.ok();
        force.app.run_jobs().await;
        assert_eq!(force.app.app.delivery.delivered().len(), before + 1);
        assert_eq!(force.case(&force.staff, &strategy).await["state"], "in_force");
    });
}
