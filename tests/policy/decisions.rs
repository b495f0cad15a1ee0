//! What every decision about a person is asked, whatever case type it is taken on.

use evenhand::catalog::Catalog;
use evenhand::domain::workflow::{Action, Workflow};
use serde_json::Value;

/// Decide on an earlier decision or take a restriction away: equality or the menu of options stands elsewhere.
const OF_AN_APPEAL: &str = "appeal";
const RESTRICTS_NOBODY: [&str; 2] = ["decide_not_met", "lift"];

/// Every action that is decided with a rationale: `frequent-service-user decide_met`, its action and its form.
fn decisions(of: &Workflow) -> Vec<(String, &Action, &Value)> {
    let mut found = Vec::new();
    for action in of.states.iter().flat_map(|state| &state.on) {
        let Some(form) = action.form.as_ref().map(|form| &of.forms[form].schema) else { continue };
        if form["properties"].get("rationale").is_some() {
            found.push((format!("{} {}", of.key, action.id), action, form));
        }
    }
    found
}

/// Calls with every decision of every shipped case type, and answers how many there are.
fn each_decision(mut seen: impl FnMut(&str, &Action, &dyn Fn(&str) -> bool)) -> usize {
    let catalog = Catalog::embedded().unwrap();
    let mut count = 0;
    for workflow in catalog.all() {
        for (name, action, form) in decisions(workflow) {
            let requires = |field: &str| {
                form["required"].as_array().is_some_and(|required| required.iter().any(|one| one == field))
            };
            seen(&name, action, &requires);
            count += 1;
        }
    }
    count
}

#[test]
fn every_decision_says_why_it_is_fair_consistent_open_and_proportionate() {
    let count = each_decision(|name, _, requires| assert!(requires("fairness") && requires("rationale"), "{name}"));
    assert!(count >= 18, "{count}");
}

#[test]
fn every_decision_that_may_restrict_answers_for_equality() {
    each_decision(|name, action, requires| {
        assert!(requires("equality") || RESTRICTS_NOBODY.contains(&action.id.as_str()), "{name}");
    });
}

#[test]
fn every_decision_goes_through_the_menu_of_options() {
    each_decision(|name, action, requires| {
        let asked = action.guard.iter().any(|guard| guard.code == "options-not-considered");
        assert!((requires("options") && asked) || name.starts_with(OF_AN_APPEAL), "{name}");
    });
}
