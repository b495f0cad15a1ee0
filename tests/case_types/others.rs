//! Joined-up problem solving (policy 7.10) and the referral to another force (policy 7.9).

use super::desk::{Desk, officer};
use evenhand::domain::access::Role;
use serde_json::{Value, json};

#[test]
fn one_unit_leads_by_name_and_only_it_plans_and_concludes() {
    let (staff, supervisor) = (officer(1, Role::PsdStaff), officer(2, Role::PsdSupervisor));
    let (opt, snt) = (officer(3, Role::Opt), officer(4, Role::Snt));
    let problem = json!({ "demand": "Twelve visits in May.", "aims": "One visit a week, agreed." });
    let mut desk = Desk::opened("joint-problem-solving", &staff, None, problem).unwrap();
    let plan = json!({ "actions": [{ "action": "Visit together", "owner": "Example Officer", "by": "2026-07-01" }],
                       "reviewOn": "2026-08-01" });
    assert_eq!(desk.act(&opt, "record_plan", plan.clone()), Err("not-allowed-in-state".to_owned()));
    let lead = json!({ "unit": "opt", "lead": "Example Officer", "reason": "Knows the street." });
    desk.act(&supervisor, "name_lead", lead).unwrap();
    assert_eq!(desk.act(&snt, "record_plan", plan.clone()), Err("other-unit-leads".to_owned()));
    let outcome = json!({ "outcome": "improved", "reason": "Visits are down.", "outcomeMeasures": "Visits a month." });
    assert_eq!(desk.act(&opt, "conclude", outcome.clone()), Err("no-plan".to_owned()));
    desk.act(&opt, "record_plan", plan).unwrap();
    desk.act(&opt, "ask_cspst", json!({ "askedOn": "2026-06-10", "assistance": "Data on the street." })).unwrap();
    assert_eq!(desk.act(&opt, "conclude", outcome), Ok("concluded"));
}

#[test]
fn a_referral_ends_with_an_answer_or_after_somebody_asked_again() {
    let (staff, supervisor) = (officer(1, Role::PsdStaff), officer(2, Role::PsdSupervisor));
    let asked = json!({ "force": "Example Constabulary", "askedOf": "Their PSD", "contactedOn": "2026-06-02",
                        "reason": "Lives in their area." });
    let mut desk = Desk::opened("out-of-county-referral", &staff, None, asked).unwrap();
    let reason = json!({ "reason": "No answer in a month." });
    assert_eq!(desk.act(&supervisor, "close_unanswered", reason.clone()), Err("not-chased".to_owned()));
    let answer = |on: &str| json!({ "respondedOn": on, "response": "They know him and will call." });
    assert_eq!(desk.act(&staff, "record_response", answer("2026-06-01")), Err("answered-before-asked".to_owned()));
    desk.act(&staff, "chase", reason.clone()).unwrap();
    assert!(desk.act(&staff, "close_unanswered", Value::Null).is_err());
    assert_eq!(desk.act(&staff, "record_response", answer("2026-06-02")), Ok("answered"));
}
