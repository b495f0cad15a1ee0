//! Orders (policy 2.2, Appendix A): their preconditions, at the boundary.

use super::desk::{Desk, officer};
use crate::story::forms::{equality, fairness, options};
use chrono::{TimeZone, Utc};
use evenhand::domain::access::{Actor, Role};
use serde_json::{Value, json};

fn opt() -> Actor {
    officer(1, Role::Opt)
}

fn authority() -> Actor {
    officer(2, Role::AppropriateAuthority)
}

fn proposal(kind: &str) -> Value {
    json!({ "kind": kind, "subject": "person", "conduct": "Shouts at neighbours at night.", "locality": "Example Road" })
}

fn assessment() -> Value {
    json!({ "appropriateness": "Help was refused twice.", "proportionality": "Words of advice and a plan failed.",
            "publicConfidence": "Neighbours ask for something to be done.", "equality": equality(), "options": options() })
}

fn decision() -> Value {
    json!({ "rationale": "Nothing less has helped.", "options": options(), "equality": equality(), "fairness": fairness(),
            "legalAdvice": "Legal Services agree." })
}

fn tests(unreasonable: bool) -> Value {
    let met = |met: bool| json!({ "met": met, "because": "As the log shows." });
    json!({ "on": "2026-06-10", "detrimentalEffect": met(true), "persistentOrContinuing": met(true),
            "unreasonable": met(unreasonable) })
}

fn issued(on: &str, until: &str) -> Value {
    json!({ "issuedBy": "Example Constable", "issuedOn": on, "endsOn": until, "servedHow": "By hand.",
            "conditions": [{ "kind": "prohibitive", "words": "Not to shout in the street after 22:00." }] })
}

fn breach(on: &str) -> Value {
    json!({ "on": on, "what": "Shouted at 23:10.", "evidence": "Two statements." })
}

fn court_order(on: &str) -> Value {
    json!({ "court": "Example Magistrates", "madeOn": on, "endsOn": "2028-06-01",
            "conditions": [{ "kind": "positive", "words": "To attend the course." }] })
}

/// As far as an authority's decision to pursue.
fn pursued(kind: &str, born: Option<&str>) -> Desk {
    let mut desk = Desk::opened("enforcement-order", &opt(), born, proposal(kind)).unwrap();
    desk.act(&opt(), "assess", assessment()).unwrap();
    desk.act(&authority(), "pursue", decision()).unwrap();
    desk
}

fn warned(born: &str) -> Desk {
    let mut desk = pursued("community_protection_warning", Some(born));
    desk.act(&opt(), "answer_tests", tests(true)).unwrap();
    assert_eq!(desk.act(&opt(), "issue_warning", issued("2026-06-10", "2026-12-10")), Ok("warning_in_force"));
    desk
}

#[test]
fn nobody_decides_an_order_that_was_not_assessed_or_that_they_assessed() {
    let mut desk = Desk::opened("enforcement-order", &opt(), Some("1980-01-01"), proposal("civil_injunction")).unwrap();
    assert_eq!(desk.act(&authority(), "pursue", decision()), Err("not-allowed-in-state".to_owned()));
    let mut short = assessment();
    short["options"].as_array_mut().unwrap().pop();
    assert_eq!(desk.act(&opt(), "assess", short), Err("options-not-considered".to_owned()));
    desk.act(&opt(), "assess", assessment()).unwrap();
    let assessor = officer(1, Role::AppropriateAuthority);
    assert_eq!(desk.act(&assessor, "pursue", decision()), Err("own-text".to_owned()));
    desk.facts.person.targeted_victim = true;
    assert_eq!(desk.act(&authority(), "pursue", decision()), Err("targeted-victim".to_owned()));
    desk.facts.person.targeted_victim = false;
    desk.facts.delegations.clear();
    assert_eq!(desk.act(&authority(), "pursue", decision()), Err("no-valid-delegation".to_owned()));
}

#[test]
fn a_warning_is_for_sixteen_or_over_that_very_day() {
    for (born, answer) in [("2010-06-10", Ok("warning_in_force")), ("2010-06-11", Err("under-age".to_owned()))] {
        let mut desk = pursued("community_protection_warning", Some(born));
        desk.act(&opt(), "answer_tests", tests(true)).unwrap();
        assert_eq!(desk.act(&opt(), "issue_warning", issued("2026-06-10", "2026-12-10")), answer, "{born}");
    }
    let mut unknown = pursued("community_protection_warning", None);
    unknown.act(&opt(), "answer_tests", tests(true)).unwrap();
    let refused = unknown.act(&opt(), "issue_warning", issued("2026-06-10", "2026-12-10"));
    assert_eq!(refused, Err("under-age".to_owned()), "an unknown age is not an age");
}

#[test]
fn a_warning_needs_all_three_tests_and_an_end() {
    let mut desk = pursued("community_protection_warning", Some("1980-01-01"));
    let refused = desk.act(&opt(), "issue_warning", issued("2026-06-10", "2026-12-10"));
    assert_eq!(refused, Err("tests-not-answered".to_owned()));
    desk.act(&opt(), "answer_tests", tests(false)).unwrap();
    let refused = desk.act(&opt(), "issue_warning", issued("2026-06-10", "2026-12-10"));
    assert_eq!(refused, Err("tests-not-met".to_owned()));
    desk.act(&opt(), "answer_tests", tests(true)).unwrap();
    let mut endless = issued("2026-06-10", "2026-12-10");
    endless.as_object_mut().unwrap().remove("endsOn");
    assert_eq!(desk.act(&opt(), "issue_warning", endless), Err("invalid-input".to_owned()));
    let refused = desk.act(&opt(), "issue_warning", issued("2026-06-10", "2026-06-10"));
    assert_eq!(refused, Err("no-end-date".to_owned()));
}

#[test]
fn a_notice_exists_only_after_a_breach_of_this_warning_and_another_officer_issues_it() {
    let mut desk = warned("1980-01-01");
    let other = officer(3, Role::Snt);
    assert_eq!(
        desk.act(&other, "issue_notice", issued("2026-07-01", "2026-12-01")),
        Err("not-allowed-in-state".to_owned())
    );
    assert_eq!(desk.act(&opt(), "record_breach", breach("2026-06-09")), Err("outside-the-order".to_owned()));
    desk.act(&opt(), "record_breach", breach("2026-12-10")).unwrap_err();
    desk.by_day("2026-07-02");
    assert_eq!(desk.act(&opt(), "record_breach", breach("2026-07-03")), Err("in-the-future".to_owned()));
    desk.act(&opt(), "record_breach", breach("2026-07-01")).unwrap();
    assert_eq!(
        desk.act(&other, "issue_notice", issued("2026-07-01", "2026-12-01")),
        Err("not-allowed-in-state".to_owned())
    );
    let witness = officer(1, Role::AppropriateAuthority);
    assert_eq!(desk.act(&witness, "pursue_notice", decision()), Err("own-text".to_owned()));
    assert_eq!(desk.act(&authority(), "pursue_notice", decision()), Ok("notice_authorised"));
    assert_eq!(desk.act(&opt(), "issue_notice", issued("2026-07-01", "2026-12-01")), Err("own-text".to_owned()));
    assert_eq!(desk.act(&other, "issue_notice", issued("2026-06-30", "2026-12-01")), Err("before-breach".to_owned()));
    assert_eq!(desk.act(&other, "issue_notice", issued("2026-07-03", "2026-12-01")), Err("in-the-future".to_owned()));
    desk.facts.person.targeted_victim = true;
    assert_eq!(desk.act(&other, "issue_notice", issued("2026-07-01", "2026-12-01")), Err("targeted-victim".to_owned()));
    desk.facts.person.targeted_victim = false;
    assert_eq!(desk.act(&other, "issue_notice", issued("2026-07-01", "2026-12-01")), Ok("notice_in_force"));
}

#[test]
fn a_warning_ends_by_itself_on_its_last_day() {
    let mut desk = warned("1980-01-01");
    assert_eq!(desk.clock_strikes_by(Utc.with_ymd_and_hms(2026, 12, 9, 23, 59, 59).unwrap()), "warning_in_force");
    assert_eq!(desk.clock_strikes_by(Utc.with_ymd_and_hms(2026, 12, 11, 0, 0, 0).unwrap()), "expired");
}

#[test]
fn a_criminal_behaviour_order_needs_a_conviction_before_it() {
    let mut desk = pursued("criminal_behaviour_order", Some("1980-01-01"));
    assert_eq!(desk.act(&opt(), "record_cbo", court_order("2026-06-10")), Err("not-allowed-in-state".to_owned()));
    let conviction = json!({ "court": "Example Magistrates", "convictedOn": "2026-06-05", "offence": "Section 127(2)(c)",
        "harassmentAlarmDistress": "As the court heard.", "helpsPrevent": "It has helped before." });
    desk.act(&opt(), "record_conviction", conviction).unwrap();
    assert_eq!(desk.act(&opt(), "record_cbo", court_order("2026-06-04")), Err("before-conviction".to_owned()));
    assert_eq!(desk.act(&opt(), "record_cbo", court_order("2026-06-05")), Ok("cbo_in_force"));
}

#[test]
fn an_injunction_is_for_ten_or_over_that_very_day() {
    let application = |on: &str| {
        json!({ "court": "Example County Court", "appliedOn": on, "on": "2026-02-01",
                "engagesOrThreatens": "As the statements show.", "justAndConvenient": "Nothing less has helped." })
    };
    for (born, on, allowed) in [
        (Some("2016-06-10"), "2026-06-10", true),
        (Some("2016-06-11"), "2026-06-10", false),
        // Born on a leap day: ten on 1 March, not on 28 February.
        (Some("2016-02-29"), "2026-02-28", false),
        (Some("2016-02-29"), "2026-03-01", true),
        (None, "2026-06-10", false),
    ] {
        let mut desk = pursued("civil_injunction", born);
        let answer = if allowed { Ok("applied") } else { Err("under-age".to_owned()) };
        assert_eq!(desk.act(&opt(), "apply", application(on)), answer, "{born:?} on {on}");
    }
}

#[test]
fn a_body_can_be_warned_and_nothing_else() {
    let body = |kind: &str| {
        json!({ "kind": kind, "subject": "body", "subjectName": "Example Limited", "conduct": "Noise.",
                                    "locality": "Example Road" })
    };
    let refused = Desk::opened("enforcement-order", &opt(), None, body("civil_injunction")).map(|_| ());
    assert_eq!(refused, Err("no-subject".to_owned()));
    let mut desk = Desk::opened("enforcement-order", &opt(), None, body("community_protection_warning")).unwrap();
    desk.act(&opt(), "assess", assessment()).unwrap();
    desk.act(&authority(), "pursue", decision()).unwrap();
    desk.act(&opt(), "answer_tests", tests(true)).unwrap();
    assert_eq!(desk.act(&opt(), "issue_warning", issued("2026-06-10", "2026-12-10")), Ok("warning_in_force"));
}
