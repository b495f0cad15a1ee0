//! An appeal: who may decide it, and what each outcome needs.

use super::desk::{Desk, officer};
use crate::story::forms;
use evenhand::domain::access::Role;
use serde_json::{Value, json};

const ADDRESS: &str = "person@example.org";

fn lodged(state: &str) -> Result<Desk, String> {
    let over = ("communications-strategy", state, json!({ "spoc": "00000000-0000-0000-0000-000000000003" }));
    Desk::opened_under("appeal", &officer(1, Role::PsdStaff), over, forms::appeal("2026-06-09"))
}

#[test]
fn an_appeal_is_against_what_the_person_was_told_of() {
    for state in ["draft", "submitted", "approved", "withheld", "expired", "lifted"] {
        assert_eq!(lodged(state).err(), Some("nothing-to-appeal".to_owned()), "{state}");
    }
    for state in ["shared", "in_force"] {
        assert_eq!(lodged(state).unwrap().case.state, "lodged", "{state}");
    }
    let staff = officer(1, Role::PsdStaff);
    let alone = Desk::opened("appeal", &staff, None, forms::appeal("2026-06-09"));
    assert_eq!(alone.err(), Some("wrong-parent".to_owned()));
    let over = ("frequent-service-user", "active", json!({}));
    let elsewhere = Desk::opened_under("appeal", &staff, over, forms::appeal("2026-06-09"));
    assert_eq!(elsewhere.err(), Some("wrong-parent".to_owned()));
    let over = ("communications-strategy", "in_force", json!({}));
    let tomorrow = Desk::opened_under("appeal", &staff, over, forms::appeal("2026-06-11"));
    assert_eq!(tomorrow.err(), Some("not-yet-received".to_owned()));
}

#[test]
fn whoever_took_part_in_the_strategy_or_what_led_to_it_does_not_decide() {
    let decision = forms::appeal_decision(true, ADDRESS);
    for n in [7, 8] {
        let took_part = officer(n, Role::AppropriateAuthority);
        assert_eq!(lodged("in_force").unwrap().act(&took_part, "quash", decision.clone()), Err("took-part".to_owned()));
    }
    let spoc = officer(3, Role::AppropriateAuthority);
    assert_eq!(lodged("in_force").unwrap().act(&spoc, "quash", decision.clone()), Err("is-the-spoc".to_owned()));
    let chair = officer(4, Role::Chair);
    assert_eq!(lodged("in_force").unwrap().act(&chair, "quash", decision.clone()), Err("wrong-role".to_owned()));
    let fresh = officer(5, Role::AppropriateAuthority);
    assert_eq!(lodged("in_force").unwrap().act(&fresh, "quash", decision), Ok("quashed"));
}

#[test]
fn the_findings_answer_every_ground_and_lead_to_the_outcome() {
    let judge = officer(5, Role::AppropriateAuthority);
    let decide =
        |action: &str, decision: Value| lodged("in_force").unwrap().act(&judge, action, decision).map(str::to_owned);
    assert_eq!(decide("quash", forms::appeal_decision(false, ADDRESS)), Err("no-ground-made-out".to_owned()));
    assert_eq!(decide("uphold", forms::appeal_decision(true, ADDRESS)), Err("ground-made-out".to_owned()));
    assert_eq!(decide("uphold", forms::appeal_decision(false, ADDRESS)), Ok("upheld".to_owned()));
    let mut unanswered = forms::appeal_decision(true, ADDRESS);
    unanswered["findings"][0]["ground"] = json!("other");
    assert_eq!(decide("quash", unanswered), Err("ground-unanswered".to_owned()));
    assert_eq!(decide("vary", forms::appeal_decision(true, ADDRESS)), Err("invalid-input".to_owned()));
    let mut varied = forms::appeal_decision(true, ADDRESS);
    varied["toChange"] = json!("Two letters a week.");
    assert_eq!(decide("vary", varied), Ok("varied".to_owned()));
    let elsewhere = forms::appeal_decision(false, "somebody@else.example");
    assert_eq!(decide("uphold", elsewhere), Err("address-not-confirmed".to_owned()));
}

#[test]
fn no_appeal_is_decided_without_a_delegation_for_appeals() {
    let mut desk = lodged("in_force").unwrap();
    desk.facts.delegations[0].workflow = "communications-strategy".to_owned();
    let judge = officer(5, Role::AppropriateAuthority);
    let refused = desk.act(&judge, "quash", forms::appeal_decision(true, ADDRESS));
    assert_eq!(refused, Err("no-valid-delegation".to_owned()));
}

#[test]
fn what_depends_on_the_form_is_offered_and_judged_when_it_is_sent() {
    let staff = officer(1, Role::PsdStaff);
    let nomination = json!({ "source": "manual", "reason": "Nine mails in two days." });
    let mut desk = Desk::opened("frequent-service-user", &staff, None, nomination).unwrap();
    desk.act(&staff, "triage", forms::triage()).unwrap();
    assert!(desk.offered(&officer(2, Role::Chair)).contains(&"close".to_owned()), "its options are still to be typed");
}
