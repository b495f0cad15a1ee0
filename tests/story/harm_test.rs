//! The harm test: every part of the text, once; nothing withheld by silence; what is left makes a notice.

use super::cast::Force;
use super::forms;
use super::refusals_on_the_way::refused;
use crate::support::on_each_database;
use serde_json::{Value, json};

fn with_item(mut test: Value, part: &str, change: impl FnOnce(&mut Value)) -> Value {
    let items = test["items"].as_array_mut().unwrap();
    change(items.iter_mut().find(|item| item["item"] == part).unwrap());
    test
}

fn without(mut test: Value, part: &str) -> Value {
    test["items"].as_array_mut().unwrap().retain(|item| item["item"] != part);
    test
}

#[test]
fn the_harm_test_goes_through_every_part_of_the_text() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.strategy_signed().await;
        let mut twice = forms::harm_test();
        let again = twice["items"][0].clone();
        twice["items"].as_array_mut().unwrap().push(again);
        let wanting = [
            without(forms::harm_test(), "ndm.information"),
            without(forms::harm_test(), "shareable.help"),
            twice,
            with_item(forms::harm_test(), "ndm.assessment", |item| item["proposal"] = json!("share")),
        ];
        for test in wanting {
            let answer = force.act(&force.staff, &strategy, "prepare_harm_test", test).await;
            refused(&answer, 409, "harm-test-incomplete", "7.5");
        }
        force.act(&force.staff, &strategy, "prepare_harm_test", forms::harm_test()).await.ok();
    });
}

#[test]
fn parts_are_left_out_by_name_exactly_where_the_outcome_is_redacted() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.strategy_signed().await;
        let harmful = with_item(forms::harm_test(), "shareable.reasons", |item| {
            item["listedPurpose"] = json!("criminal_proceedings");
            (item["realRisk"], item["significant"]) = (json!(true), json!(true));
        });
        force.act(&force.staff, &strategy, "prepare_harm_test", harmful).await.ok();
        let decisions = [
            ("full", json!(["shareable.help"]), "redactions-do-not-match"),
            ("redacted", json!([]), "harm-test-limbs"),
            ("redacted", json!(["shareable.help"]), "harm-test-limbs"),
            ("redacted", json!(["shareable.reasons"]), "notice-incomplete"),
        ];
        for (outcome, redactions, code) in decisions {
            let decision = json!({ "outcome": outcome, "redactions": redactions, "reason": "As prepared." });
            let answer = force.act(&force.authority, &strategy, "decide_harm_test", decision).await;
            refused(&answer, 409, code, "7.5");
        }
        let decision = forms::harm_test_decision("redacted");
        force.act(&force.authority, &strategy, "decide_harm_test", decision).await.ok();
    });
}

#[test]
fn testing_for_harm_again_needs_a_new_preparation() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let (_, strategy) = force.strategy_signed().await;
        force.act(&force.staff, &strategy, "prepare_harm_test", forms::harm_test_of_everything()).await.ok();
        let withheld = forms::harm_test_decision("withheld");
        force.act(&force.authority, &strategy, "decide_harm_test", withheld.clone()).await.ok();
        force.act(&force.authority, &strategy, "retest", forms::reason()).await.ok();
        let answer = force.act(&force.authority, &strategy, "decide_harm_test", withheld.clone()).await;
        refused(&answer, 409, "harm-test-not-prepared", "7.5");
        force.act(&force.staff, &strategy, "prepare_harm_test", forms::harm_test_of_everything()).await.ok();
        force.act(&force.authority, &strategy, "decide_harm_test", withheld).await.ok();
    });
}
