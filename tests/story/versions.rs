//! One version after another: what the case under which they are made does meanwhile, and what binds when.

use super::cast::{ADDRESS, Force};
use super::forms;
use super::refusals_on_the_way::refused;
use crate::support::on_each_database;
use chrono::Duration;
use evenhand::domain::access::ActorRef;
use evenhand::domain::case::{CaseEvent, Happening};
use evenhand::domain::ids::CaseId;
use evenhand::store::StoreError;
use evenhand::store::cases::{self, Due};
use serde_json::Value;

#[test]
fn a_version_that_is_being_made_comes_into_force_after_the_one_before_it_was_lifted() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (case, first) = force.strategy_in_force().await;
        let second = force.another_version(&case).await;
        force.act(&force.authority, &first, "lift", forms::reason()).await.ok();
        assert_eq!(force.case(&force.staff, &case).await["state"], "strategy_in_progress");
        force.made_ready(&second).await;
        force.served(&second).await.ok();
        assert_eq!(force.case(&force.staff, &case).await["state"], "active");
    });
}

#[test]
fn a_case_is_not_closed_while_a_version_is_being_made() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (case, first) = force.strategy_in_force().await;
        let second = force.another_version(&case).await;
        force.act(&force.spoc, &case, "start_review", forms::review()).await.ok();
        let closed = forms::lifted("closed");
        let answer = force.act(&force.authority, &case, "lift", closed).await;
        refused(&answer, 409, "open-child-case", "8.1");
        let lifted = forms::lifted("monitored");
        force.act(&force.authority, &case, "lift", lifted).await.ok();
        assert_eq!(force.case(&force.staff, &first).await["state"], "lifted");
        assert_eq!(force.case(&force.staff, &case).await["state"], "strategy_in_progress");
        let answer = force.act(&force.chair, &case, "close", forms::closure()).await;
        refused(&answer, 409, "open-child-case", "8.1");
        force.act(&force.spoc, &second, "withdraw", forms::reason()).await.ok();
        assert_eq!(force.case(&force.staff, &case).await["state"], "spoc_allocated");
    });
}

/// As a case might stand that an earlier definition let get there.
async fn moved_to(force: &Force, case: &str, state: &str) {
    let (app, id, to) = (force.app.app.clone(), case.parse::<CaseId>().unwrap(), state.to_owned());
    let store = app.store.clone();
    let moved = store.write(async move |tx| {
        let mut case = cases::load(tx, id).await?.unwrap();
        let what = Happening::Struck { from: case.state.clone(), to };
        let event = CaseEvent { at: app.now(), actor: ActorRef::Clock, what };
        case.apply(&event);
        cases::append(tx, &case, vec![(app.new_id(), event)], Due::default()).await?;
        Ok::<_, StoreError>(())
    });
    moved.await.unwrap();
}

#[test]
fn limits_never_come_into_force_under_a_case_that_is_not_ready_for_them() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (case, strategy) = force.harm_tested("full").await;
        force.act(&force.spoc, &strategy, "share", forms::sharing(ADDRESS)).await.ok();
        for state in ["monitored", "closed"] {
            moved_to(&force, &case, state).await;
            refused(&force.served(&strategy).await, 409, "parent-not-ready", "7.5");
            assert_eq!(force.limits_of(&strategy).await, None, "nothing binds under a case that is {state}");
            assert_eq!(force.case(&force.staff, &strategy).await["state"], "shared");
        }
    });
}

#[test]
fn a_new_version_takes_over_when_it_begins_to_bind_and_nobody_supersedes_by_hand() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (case, first) = force.strategy_in_force().await;
        refused(&force.act(&force.authority, &first, "supersede", Value::Null).await, 403, "wrong-role", "7.5");
        let second = force.another_version(&case).await;
        force.made_ready(&second).await;
        force.app.advance(Duration::hours(2));
        force.served(&second).await.ok();
        let [earlier, later] = [force.limits_of(&first).await.unwrap(), force.limits_of(&second).await.unwrap()];
        assert!(later.effective_from > force.app.now(), "by e-mail from the next working day");
        assert_eq!(earlier.lifted_at, Some(later.effective_from), "no gap, and never both");
        assert_eq!(force.case(&force.staff, &first).await["state"], "superseded");

        // Lifted before it began: then the one before it does not go on binding either.
        force.act(&force.authority, &second, "lift", forms::reason()).await.ok();
        assert_eq!(force.limits_of(&first).await.unwrap().lifted_at, Some(force.app.now()));
    });
}

#[test]
fn a_new_version_is_read_beside_the_one_it_would_supersede() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (case, first) = force.strategy_in_force().await;
        let second = force.another_version(&case).await;
        let mut milder = forms::strategy();
        milder["limits"][0]["max"] = 2.into();
        milder["shareable"]["help"] = "Your local library helps with letters.".into();
        force.act(&force.spoc, &second, "edit", milder).await.ok();
        let path = format!("/api/v1/cases/{second}/differences");
        let compared = force.app.get(&force.authority, &path).await.ok();
        assert_eq!((&compared["earlier"], &compared["later"]), (&Value::from(first.clone()), &Value::from(second)));
        let paths: Vec<&str> =
            compared["differences"].as_array().unwrap().iter().map(|one| one["path"].as_str().unwrap()).collect();
        assert_eq!(paths, ["limits", "shareable.help"]);
        assert_eq!(compared["differences"][0]["before"][0]["max"], 1);
        assert_eq!(force.app.get(&force.snt, &path).await.status, 404);
        let alone = force.app.get(&force.authority, &format!("/api/v1/cases/{first}/differences")).await;
        assert_eq!((alone.status, &alone.body["errors"][0]["pointer"]), (422, &Value::from("/with")));
        let unlike = force.app.get(&force.authority, &format!("/api/v1/cases/{first}/differences?with={case}")).await;
        assert_eq!(unlike.status, 422);
    });
}
