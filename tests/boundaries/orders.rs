//! Orders as far as these tests need them.

use crate::case_types::desk::{Desk, officer};
use crate::story::forms;
use evenhand::domain::access::{Actor, Role};
use serde_json::{Value, json};

pub fn officer_of(n: u128) -> Actor {
    officer(n, Role::Opt)
}

pub fn snt() -> Actor {
    officer(3, Role::Snt)
}

/// As far as an authority's decision to pursue an order against somebody born that day.
pub fn pursued(kind: &str, born: Option<&str>) -> Desk {
    let equality = json!({ "considered": true, "answer": "Nothing bears on this." });
    let options = forms::options();
    let proposal =
        json!({ "kind": kind, "subject": "person", "conduct": "Shouts at night.", "locality": "Example Road" });
    let mut desk = Desk::opened("enforcement-order", &officer_of(1), born, proposal).unwrap();
    let assessment = json!({ "appropriateness": "Help was refused.", "proportionality": "Advice failed.",
        "publicConfidence": "Neighbours ask for it.", "equality": equality, "options": options });
    desk.act(&officer_of(1), "assess", assessment).unwrap();
    let decision = json!({ "rationale": "Nothing less has helped.", "options": options, "equality": equality,
        "fairness": forms::fairness(), "legalAdvice": "Legal Services agree." });
    desk.act(&officer(2, Role::AppropriateAuthority), "pursue", decision).unwrap();
    desk
}

/// An authority's decision on a notice, after a breach of the warning.
pub fn notice_pursued(desk: &mut Desk) {
    let decision = json!({ "rationale": "The warning was broken.", "options": forms::options(),
        "equality": forms::equality(), "fairness": forms::fairness(), "legalAdvice": "Legal Services agree." });
    assert_eq!(desk.act(&officer(2, Role::AppropriateAuthority), "pursue_notice", decision), Ok("notice_authorised"));
}

/// The three tests are met, and the warning is issued.
pub fn warned(desk: &mut Desk, on: &str, until: &str) -> Result<(), String> {
    let met = json!({ "met": true, "because": "As the log shows." });
    let tests = json!({ "on": on, "detrimentalEffect": met, "persistentOrContinuing": met, "unreasonable": met });
    desk.by_day(on).act(&officer_of(1), "answer_tests", tests)?;
    desk.act(&officer_of(1), "issue_warning", issued(on, until)).map(|_state| ())
}

pub fn issued(on: &str, until: &str) -> Value {
    json!({ "issuedBy": "Example Constable", "issuedOn": on, "endsOn": until, "servedHow": "By hand.",
            "conditions": [{ "kind": "prohibitive", "words": "Not to shout in the street after 22:00." }] })
}

pub fn breach(on: &str) -> Value {
    json!({ "on": on, "what": "Shouted at 23:10.", "evidence": "Two statements." })
}

pub fn application(on: &str) -> Value {
    json!({ "court": "Example County Court", "appliedOn": on, "on": "2026-02-01",
            "engagesOrThreatens": "As the statements show.", "justAndConvenient": "Nothing less has helped." })
}

#[test]
fn a_warning_without_an_end_date_and_a_notice_without_a_breach_do_not_exist() {
    let mut desk = pursued("community_protection_warning", Some("1980-01-01"));
    warned(&mut desk, "2026-06-10", "2026-06-10").unwrap_err();
    let mut endless = issued("2026-06-10", "2026-12-10");
    endless.as_object_mut().unwrap().remove("endsOn");
    assert_eq!(desk.act(&officer_of(1), "issue_warning", endless), Err("invalid-input".to_owned()));
    assert_eq!(
        desk.act(&officer_of(1), "issue_warning", issued("2026-06-10", "2026-06-10")),
        Err("no-end-date".to_owned())
    );
    assert_eq!(desk.act(&officer_of(1), "issue_warning", issued("2026-06-10", "2026-06-11")), Ok("warning_in_force"));
    let notice = issued("2026-06-10", "2026-12-01");
    assert_eq!(desk.act(&snt(), "issue_notice", notice.clone()), Err("not-allowed-in-state".to_owned()));
    desk.act(&officer_of(1), "record_breach", breach("2026-06-10")).unwrap();
    assert_eq!(desk.act(&snt(), "issue_notice", notice.clone()), Err("not-allowed-in-state".to_owned()));
    notice_pursued(&mut desk);
    assert_eq!(desk.act(&snt(), "issue_notice", notice), Ok("notice_in_force"));
}
