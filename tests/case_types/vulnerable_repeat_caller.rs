//! A vulnerable repeat caller (R63-R65, R72-R81): nature reviewed first, referred by area, met by a unit, never restricted.

use super::desk::{Desk, catalog, officer};
use crate::story::caller_forms as forms;
use crate::story::forms::reason;
use chrono::{DateTime, Utc};
use evenhand::domain::access::{Actor, Role};
use evenhand::domain::workflow::{EffectName, StateKind};
use serde_json::{Value, json};

fn coordinator() -> Actor {
    officer(1, Role::Coordinator)
}

fn csu() -> Actor {
    officer(2, Role::Csu)
}

fn snt() -> Actor {
    officer(3, Role::Snt)
}

/// On Wednesday 10 June 2026.
fn nominated() -> Desk {
    Desk::opened(forms::KEY, &coordinator(), None, forms::nomination()).unwrap()
}

fn reviewed() -> Desk {
    let mut desk = nominated();
    assert_eq!(desk.act(&coordinator(), "review_nature", forms::nature("vulnerable")), Ok("reviewed"));
    desk
}

fn referred() -> Desk {
    let mut desk = reviewed();
    assert_eq!(desk.act(&coordinator(), "refer", forms::referral("csu")), Ok("referred"));
    desk
}

fn with_unit() -> Desk {
    let mut desk = referred();
    assert_eq!(desk.act(&csu(), "accept", forms::acceptance("2026-07-10")), Ok("with_unit"));
    desk
}

fn refused(desk: &mut Desk, who: &Actor, action: &str, input: Value) -> String {
    desk.act(who, action, input).expect_err(action)
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn whoever_meets_callers_nominates_and_where_it_came_from_is_kept() {
    for role in [Role::Coordinator, Role::Ccr, Role::Csu, Role::Opt, Role::Snt, Role::Mash, Role::PsdStaff] {
        let desk = Desk::opened(forms::KEY, &officer(5, role), None, forms::nomination()).unwrap();
        assert_eq!((desk.case.state.as_str(), &desk.case.data["source"]), ("nominated", &json!("manual")), "{role}");
    }
    let by_rule = forms::with(forms::nomination(), "source", json!("rule"));
    assert!(Desk::opened(forms::KEY, &Actor::Software, None, by_rule).is_ok());
    for role in [Role::Admin, Role::Auditor, Role::Records] {
        assert!(Desk::opened(forms::KEY, &officer(5, role), None, forms::nomination()).is_err(), "{role}");
    }
    let no_reason = forms::without(forms::nomination(), "reason");
    assert_eq!(Desk::opened(forms::KEY, &csu(), None, no_reason).err().as_deref(), Some("invalid-input"));
}

#[test]
fn the_nature_is_reviewed_by_the_coordinator_with_safeguarding_before_anything_else() {
    let mut desk = nominated();
    assert_eq!(refused(&mut desk, &coordinator(), "refer", forms::referral("csu")), "not-allowed-in-state");
    for who in [csu(), snt(), officer(4, Role::PsdStaff)] {
        assert_eq!(refused(&mut desk, &who, "review_nature", forms::nature("vulnerable")), "wrong-role");
    }
    for field in ["nature", "reasons", "safeguarding"] {
        let partly = forms::without(forms::nature("vulnerable"), field);
        assert_eq!(refused(&mut desk, &coordinator(), "review_nature", partly), "invalid-input", "{field}");
    }
    desk.facts.person.complained_about = vec![coordinator().officer().unwrap().id];
    let review = forms::nature("vulnerable");
    assert_eq!(refused(&mut desk, &coordinator(), "review_nature", review.clone()), "complained-about");
    desk.facts.person.complained_about.clear();
    assert_eq!(desk.act(&coordinator(), "review_nature", review), Ok("reviewed"));
}

#[test]
fn a_targeted_victim_leaves_the_process_with_help_named_and_sent() {
    let mut desk = nominated();
    let nowhere = forms::without(forms::nature("targeted_victim"), "diversion");
    assert_eq!(refused(&mut desk, &coordinator(), "review_nature", nowhere), "diversion-and-nature");
    let sent = forms::with(forms::nature("vulnerable"), "diversion", forms::help());
    assert_eq!(refused(&mut desk, &coordinator(), "review_nature", sent), "diversion-and-nature");
    let mut ahead = forms::nature("targeted_victim");
    ahead["diversion"]["sentOn"] = json!("2026-06-11");
    assert_eq!(refused(&mut desk, &coordinator(), "review_nature", ahead), "in-the-future");
    let mut today = forms::nature("targeted_victim");
    today["diversion"]["sentOn"] = json!("2026-06-10");
    assert_eq!(desk.act(&coordinator(), "review_nature", today), Ok("diverted"));
    assert_eq!(refused(&mut desk, &coordinator(), "refer", forms::referral("csu")), "not-allowed-in-state");
}

#[test]
fn a_victim_who_is_recognised_later_is_diverted_from_wherever_the_case_is() {
    let mut unknown = reviewed();
    unknown.act(&coordinator(), "refer", forms::of_unknown_area()).unwrap();
    for mut desk in [reviewed(), unknown, referred(), with_unit()] {
        let ahead = forms::with(forms::diversion(), "sentOn", json!("2026-06-11"));
        assert_eq!(refused(&mut desk, &coordinator(), "divert", ahead), "in-the-future");
        assert_eq!(refused(&mut desk, &csu(), "divert", forms::diversion()), "wrong-role");
        assert_eq!(desk.act(&coordinator(), "divert", forms::diversion()), Ok("diverted"));
    }
}

#[test]
fn who_is_neither_is_not_taken_on_with_reasons() {
    let mut desk = nominated();
    assert_eq!(desk.act(&coordinator(), "review_nature", forms::nature("neither")), Ok("not_taken_on"));
    assert_eq!(desk.case.data["natureReview"]["reasons"], "Lives alone; calls when afraid.");
}

#[test]
fn a_referral_names_an_area_of_the_register_or_says_that_it_is_unknown() {
    let mut desk = reviewed();
    for (input, code) in [
        (forms::without(forms::told("north", "csu"), "area"), "area-or-unknown"),
        (forms::with(forms::of_unknown_area(), "area", json!("north")), "area-or-unknown"),
        (forms::told("nowhere", "csu"), "area-not-in-register"),
        (forms::told("North", "csu"), "area-not-in-register"),
        (forms::with(forms::referral("csu"), "area", json!("coast")), "area-not-of-location"),
        (forms::without(forms::referral("csu"), "location"), "area-not-of-location"),
        (forms::with(forms::referral("csu"), "location", json!("Northbeck or Samplehaven")), "area-not-of-location"),
        (forms::told("north", "opt"), "invalid-input"),
    ] {
        assert_eq!(refused(&mut desk, &coordinator(), "refer", input.clone()), code, "{input}");
    }
    assert_eq!(desk.act(&coordinator(), "refer", forms::told("coast", "snt")), Ok("referred"));
}

#[test]
fn a_caller_whose_area_is_unknown_waits_on_a_list_that_the_coordinator_is_told_of() {
    let mut desk = reviewed();
    assert_eq!(desk.act(&coordinator(), "refer", forms::of_unknown_area()), Ok("area_unknown"));
    assert_eq!(desk.due_at(), Some(at("2026-06-12T23:00:00Z")), "the end of the second working day in London");
    assert_eq!(
        desk.told_by(at("2026-06-15T09:00:00Z")),
        ["reminder 2026-06-11 coordinator", "overdue 2026-06-13 coordinator"]
    );
    assert_eq!(refused(&mut desk, &coordinator(), "refer", forms::of_unknown_area()), "area-still-unknown");
    let search = |on: &str| json!({ "on": on, "progress": "Asked the network; no answer." });
    assert_eq!(refused(&mut desk, &coordinator(), "record_search", search("2026-06-11")), "in-the-future");
    assert_eq!(desk.act(&coordinator(), "record_search", search("2026-06-10")), Ok("area_unknown"));
    assert_eq!(desk.act(&coordinator(), "refer", forms::referral("csu")), Ok("referred"));
}

#[test]
fn only_the_unit_that_it_was_referred_to_takes_it_on_or_returns_it() {
    let mut desk = referred();
    assert_eq!(refused(&mut desk, &snt(), "accept", forms::acceptance("2026-07-10")), "other-unit");
    assert_eq!(refused(&mut desk, &snt(), "return", reason()), "other-unit");
    assert_eq!(refused(&mut desk, &coordinator(), "accept", forms::acceptance("2026-07-10")), "wrong-role");
    assert_eq!(desk.act(&csu(), "return", reason()), Ok("reviewed"));
    assert_eq!(desk.act(&coordinator(), "refer", forms::told("town", "snt")), Ok("referred"));
    assert_eq!(refused(&mut desk, &csu(), "accept", forms::acceptance("2026-07-10")), "other-unit");
    assert_eq!(desk.act(&snt(), "accept", forms::acceptance("2026-07-10")), Ok("with_unit"));
    assert_eq!(desk.act(&coordinator(), "change_unit", forms::told("north", "csu")), Ok("referred"));
    assert_eq!(refused(&mut desk, &coordinator(), "change_unit", forms::of_unknown_area()), "area-still-unknown");
}

#[test]
fn the_next_review_is_a_day_to_come_and_at_most_sixty_days_ahead() {
    let mut desk = referred();
    for day in ["2026-06-09", "2026-06-10", "2026-08-10"] {
        assert_eq!(refused(&mut desk, &csu(), "accept", forms::acceptance(day)), "review-not-soon", "{day}");
    }
    assert_eq!(desk.act(&csu(), "accept", forms::acceptance("2026-08-09")), Ok("with_unit"), "the sixtieth day");
    let mut desk = referred();
    assert_eq!(desk.act(&csu(), "accept", forms::acceptance("2026-06-11")), Ok("with_unit"));
}

#[test]
fn nothing_is_done_about_a_caller_before_the_unit_took_them_on() {
    let mut desk = referred();
    for action in
        ["record_visit", "record_partner_liaison", "record_response_plan", "agree_aba", "record_multi_agency_meeting"]
    {
        assert_eq!(refused(&mut desk, &csu(), action, json!({})), "not-allowed-in-state", "{action}");
    }
}

#[test]
fn the_unit_records_what_it_does_and_nobody_else_does() {
    let mut desk = with_unit();
    for (action, input, into) in [
        ("record_visit", forms::visit("2026-06-10"), "visits"),
        ("record_partner_liaison", forms::liaison("2026-06-10"), "partnerLiaison"),
        ("record_response_plan", forms::plan(), "responsePlans"),
        ("agree_aba", forms::agreement("2026-06-10", "2026-09-10"), "behaviourAgreements"),
        ("record_enforcement_considered", forms::enforcement("2026-06-10"), "enforcementConsidered"),
    ] {
        assert_eq!(refused(&mut desk, &snt(), action, input.clone()), "other-unit", "{action}");
        assert_eq!(refused(&mut desk, &coordinator(), action, input.clone()), "wrong-role", "{action}");
        assert_eq!(desk.act(&csu(), action, input.clone()), Ok("with_unit"), "{action}");
        assert_eq!(desk.case.data[into], json!([input]));
    }
    for (action, input, into) in [
        ("record_impact", forms::impact(), "impacts"),
        ("note_knowledge", forms::knowledge(), "knowledge"),
        ("list_for_three_services", forms::listing(), "listings"),
        ("record_multi_agency_meeting", forms::meeting("2026-06-10"), "meetings"),
    ] {
        assert_eq!(refused(&mut desk, &snt(), action, input.clone()), "other-unit", "{action}");
        assert_eq!(desk.act(&csu(), action, input.clone()), Ok("with_unit"), "{action}");
        assert_eq!(desk.act(&coordinator(), action, input), Ok("with_unit"), "{action}");
        assert_eq!(desk.case.data[into].as_array().unwrap().len(), 2);
    }
}

#[test]
fn what_is_recorded_has_happened_and_hangs_together() {
    let mut desk = with_unit();
    let tomorrow = "2026-06-11";
    for (action, input, code) in [
        ("record_visit", forms::visit(tomorrow), "in-the-future"),
        ("record_partner_liaison", forms::liaison(tomorrow), "in-the-future"),
        ("agree_aba", forms::agreement(tomorrow, "2026-09-10"), "in-the-future"),
        ("agree_aba", forms::agreement("2026-06-10", "2026-06-10"), "no-end-date"),
        ("record_enforcement_considered", forms::enforcement(tomorrow), "in-the-future"),
        (
            "record_enforcement_considered",
            forms::with(forms::enforcement("2026-06-10"), "outcome", json!("order_proposed")),
            "order-not-linked",
        ),
        ("record_impact", forms::with(forms::impact(), "to", json!("2026-04-30")), "ends-before-it-begins"),
        ("record_impact", forms::without(forms::impact(), "staffingMinutes"), "nothing-estimated"),
        ("record_impact", forms::without(forms::impact(), "howEstimated"), "invalid-input"),
        ("record_multi_agency_meeting", forms::meeting("2026-06-10"), "not-listed"),
    ] {
        assert_eq!(refused(&mut desk, &csu(), action, input.clone()), code, "{action} {input}");
    }
    let linked = forms::with(
        forms::with(forms::enforcement("2026-06-10"), "outcome", json!("order_proposed")),
        "order",
        json!("00000000-0000-7000-8000-000000000001"),
    );
    assert_eq!(desk.act(&csu(), "record_enforcement_considered", linked), Ok("with_unit"));
}

#[test]
fn what_is_shared_with_another_service_names_recipient_basis_and_need() {
    let mut desk = with_unit();
    desk.act(&csu(), "list_for_three_services", forms::listing()).unwrap();
    for field in ["recipient", "what", "lawfulBasis", "necessary"] {
        let partly = forms::without(forms::shared("Example Fire and Rescue"), field);
        let meeting = forms::with(forms::meeting("2026-06-10"), "shared", json!([partly]));
        assert_eq!(refused(&mut desk, &csu(), "record_multi_agency_meeting", meeting), "invalid-input", "{field}");
    }
    let nothing = forms::without(forms::meeting("2026-06-10"), "shared");
    assert_eq!(desk.act(&csu(), "record_multi_agency_meeting", nothing), Ok("with_unit"), "nothing need be shared");
    let workflow = catalog().latest(forms::KEY).unwrap();
    for action in ["record_partner_liaison", "record_multi_agency_meeting"] {
        assert_eq!(workflow.action("with_unit", action).unwrap().effects, [EffectName::LogSharing]);
    }
}

#[test]
fn a_review_comes_due_on_its_day_and_goes_overdue_where_it_is_seen() {
    let mut desk = with_unit();
    assert_eq!(desk.act(&csu(), "review", forms::review("2026-07-01")), Ok("with_unit"));
    assert_eq!(desk.clock_strikes_by(at("2026-06-30T22:59:59Z")), "with_unit");
    assert_eq!(
        desk.clock_strikes_by(at("2026-06-30T23:00:00Z")),
        "review_due",
        "the first second of the day in London"
    );
    assert!(desk.due_at().is_some_and(|due| due < at("2026-07-07T00:00:00Z")));
    let overdue = desk.told_by(at("2026-07-08T09:00:00Z"));
    assert!(overdue.iter().any(|line| line.starts_with("overdue") && line.ends_with("coordinator")), "{overdue:?}");
    assert_eq!(desk.act(&csu(), "record_visit", forms::visit("2026-06-30")), Ok("review_due"), "work goes on");
    assert_eq!(refused(&mut desk, &snt(), "review", forms::review("2026-07-20")), "other-unit");
    assert_eq!(desk.act(&csu(), "review", forms::review("2026-07-20")), Ok("with_unit"));
}

#[test]
fn an_outcome_is_one_of_five_and_says_what_was_done() {
    let mut desk = with_unit();
    assert_eq!(refused(&mut desk, &csu(), "conclude", forms::outcome("calls_reduced")), "nothing-on-record");
    assert_eq!(refused(&mut desk, &csu(), "conclude", forms::outcome("solved")), "invalid-input");
    desk.act(&csu(), "record_visit", forms::visit("2026-06-10")).unwrap();
    assert_eq!(refused(&mut desk, &csu(), "conclude", forms::outcome("transferred")), "transferred-to-whom");
    let elsewhere = forms::with(forms::outcome("needs_met"), "transferredTo", json!("Example Force"));
    assert_eq!(refused(&mut desk, &csu(), "conclude", elsewhere), "transferred-to-whom");
    assert_eq!(refused(&mut desk, &coordinator(), "conclude", forms::outcome("needs_met")), "wrong-role");
    assert_eq!(desk.act(&csu(), "conclude", forms::outcome("no_longer_calling")), Ok("concluded"));
    for found in ["calls_reduced", "needs_met", "unchanged"] {
        let mut desk = with_unit();
        let input = forms::with(forms::outcome(found), "nothingDone", json!("They moved in with family at once."));
        assert_eq!(desk.act(&csu(), "conclude", input), Ok("concluded"), "{found}");
    }
}

#[test]
fn the_coordinator_closes_whatever_is_open() {
    let mut due = with_unit();
    assert_eq!(due.clock_strikes_by(at("2026-07-10T09:00:00Z")), "review_due");
    for mut desk in [nominated(), reviewed(), referred(), with_unit(), due] {
        assert_eq!(refused(&mut desk, &csu(), "close", reason()), "wrong-role");
        assert_eq!(desk.act(&coordinator(), "close", reason()), Ok("closed"));
    }
}

#[test]
fn a_nomination_with_a_risk_is_reviewed_the_same_day() {
    let at_risk = forms::with(forms::nomination(), "atRisk", json!(true));
    let desk = Desk::opened(forms::KEY, &csu(), None, at_risk).unwrap();
    assert_eq!(desk.due_at(), Some(at("2026-06-10T23:00:00Z")));
    assert_eq!(nominated().due_at(), Some(at("2026-06-12T23:00:00Z")));
}

#[test]
fn no_state_restricts_and_no_clock_or_system_acts() {
    let workflow = catalog().latest(forms::KEY).unwrap();
    assert!(workflow.states.iter().all(|state| state.kind != StateKind::Restrictive));
    let mut desk = nominated();
    for who in [Actor::Clock, Actor::Software] {
        assert_eq!(refused(&mut desk, &who, "review_nature", forms::nature("vulnerable")), "named-person-required");
    }
}
