//! One plainly made-up case of each case type from its opening to its end, and one that is migrated on the way.

use super::Walk;
use crate::boundaries::last_days::written;
use crate::boundaries::orders;
use crate::case_types::desk::{Desk, catalog, day, officer};
use crate::case_types::migration::{FILE, KEY, version_2};
use crate::story::{caller_forms, forms};
use chrono::{DateTime, Duration, Utc};
use evenhand::domain::access::{Actor, Role};
use evenhand::domain::case::{Delegation, migrate};
use evenhand::domain::workflow::Migration;
use evenhand::domain::workflow::scope::ReviewedCase;
use serde_json::{Value, json};
use uuid::Uuid;

/// Every case that is recorded for the case types as they are now.
pub fn all() -> Vec<Walk> {
    vec![
        frequent_service_user(),
        communications_strategy(),
        consultation(),
        enforcement_order(),
        joint_problem_solving(),
        out_of_county_referral(),
        migrated_referral(),
        appeal(),
        warning(),
        offence_consideration(),
        retention_review(),
        vulnerable_repeat_caller(),
    ]
}

fn done(desk: Desk, born: Option<&str>, officers: &[&Actor]) -> Walk {
    let bundle = catalog().bundle(&desk.workflow.key).unwrap().clone();
    let officers = officers.iter().map(|actor| (*actor).clone()).collect();
    Walk { case: desk.case.id, bundles: vec![bundle], born: born.map(day), officers, events: desk.events }
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn frequent_service_user() -> Walk {
    let (staff, supervisor, chair) =
        (officer(1, Role::PsdStaff), officer(2, Role::PsdSupervisor), officer(3, Role::Chair));
    let (spoc, authority) = (officer(4, Role::Spoc), officer(5, Role::AppropriateAuthority));
    let nomination = json!({ "source": "manual", "reason": "Nine mails in two days about one answered matter." });
    let mut desk = Desk::opened("frequent-service-user", &staff, None, nomination).unwrap();
    desk.facts.delegations.push(Delegation {
        workflow: "communications-strategy".to_owned(),
        from: day("2026-01-01"),
        to: day("2026-12-31"),
        revoked_at: None,
    });
    let mut step = |who: &Actor, action: &str, input: Value| {
        desk.now += Duration::hours(1);
        let taken =
            if input == json!("a child case") { desk.follows(who, action) } else { desk.act(who, action, input) };
        taken.map(str::to_owned).unwrap_or_else(|code| panic!("{action}: {code}"));
    };
    step(&supervisor, "pause", json!({ "reason": "The person is in hospital.", "until": "2026-06-17" }));
    step(&supervisor, "resume", json!({ "reason": "The person is home again." }));
    step(&staff, "triage", forms::triage());
    step(&staff, "list", Value::Null);
    step(&chair, "carry_over", forms::reason());
    step(&chair, "decide_met", forms::threshold_met());
    step(&chair, "allocate_spoc", forms::spoc(&Uuid::from_u128(4).to_string()));
    step(&spoc, "record_warning", forms::warning());
    step(&spoc, "start_strategy", forms::start());
    step(&spoc, "activate", json!("a child case"));
    step(&spoc, "start_review", forms::review());
    step(&authority, "continue", forms::review_outcome());
    step(&authority, "release", json!("a child case"));
    assert_eq!(desk.clock_strikes_by(at("2026-10-01T09:00:00Z")), "on_agenda");
    desk.now += Duration::hours(1);
    let not_met = json!({ "outcome": "closed", "rationale": "Nothing for three months.", "outcomeMeasures": "Contacts in the next quarter.",
                          "fairness": forms::fairness(), "options": forms::options() });
    assert_eq!(desk.act(&chair, "decide_not_met", not_met), Ok("closed"));
    done(desk, None, &[&staff, &supervisor, &chair, &spoc, &authority])
}

fn communications_strategy() -> Walk {
    let (spoc, authority, staff) =
        (officer(1, Role::Spoc), officer(2, Role::AppropriateAuthority), officer(3, Role::PsdStaff));
    let mut desk = written("2026-11-20", "2026-12-01");
    let address = "person.one@mail.example";
    desk.facts.person.confirmed_addresses = vec![address.to_owned()];
    let mut step = |who: &Actor, action: &str, input: Value| {
        desk.now += Duration::hours(1);
        desk.act(who, action, input).map(str::to_owned).unwrap_or_else(|code| panic!("{action}: {code}"));
    };
    step(&spoc, "submit", Value::Null);
    step(&authority, "send_back", forms::reason());
    step(&spoc, "edit", forms::strategy());
    step(&spoc, "submit", Value::Null);
    step(&authority, "approve", forms::approval());
    step(&staff, "prepare_harm_test", forms::harm_test());
    step(&authority, "decide_harm_test", forms::harm_test_decision("redacted"));
    step(&spoc, "share", forms::sharing(address));
    step(&spoc, "record_service", forms::service(address, "2026-06-10"));
    assert_eq!(desk.clock_strikes_by(at("2026-12-01T00:00:00Z")), "expired");
    done(desk, None, &[&spoc, &authority, &staff])
}

fn consultation() -> Walk {
    let (spoc, snt, opt) = (officer(1, Role::Spoc), officer(2, Role::Snt), officer(3, Role::Opt));
    let seed = json!({ "unit": "snt", "question": "Do you know of anything we should weigh?", "replyBy": "2026-06-17",
                       "spoc": Uuid::from_u128(1).to_string() });
    let mut desk = Desk::opened_under_another("consultation", &spoc, seed);
    desk.now += Duration::days(1);
    let answer = json!({ "spokenOn": "2026-06-11", "advice": "Known to us; no concern about this." });
    assert_eq!(desk.act(&snt, "answer", answer), Ok("answered"));
    done(desk, None, &[&spoc, &snt, &opt])
}

fn enforcement_order() -> Walk {
    let mut desk = orders::pursued("community_protection_warning", Some("1980-01-01"));
    orders::warned(&mut desk, "2026-06-10", "2026-12-10").unwrap();
    desk.now = at("2026-07-02T09:00:00Z");
    desk.act(&orders::officer_of(1), "record_breach", orders::breach("2026-07-01")).unwrap();
    orders::notice_pursued(&mut desk);
    desk.act(&orders::snt(), "issue_notice", orders::issued("2026-07-02", "2027-01-02")).unwrap();
    assert_eq!(desk.clock_strikes_by(at("2027-01-02T00:00:00Z")), "expired");
    done(desk, Some("1980-01-01"), &[&orders::officer_of(1), &orders::snt(), &officer(2, Role::AppropriateAuthority)])
}

fn joint_problem_solving() -> Walk {
    let (staff, supervisor, opt) = (officer(1, Role::PsdStaff), officer(2, Role::PsdSupervisor), officer(3, Role::Opt));
    let problem = json!({ "demand": "Twelve visits in May.", "aims": "One visit a week, agreed." });
    let mut desk = Desk::opened("joint-problem-solving", &staff, None, problem).unwrap();
    let lead = json!({ "unit": "opt", "lead": "Example Officer", "reason": "Knows the street." });
    desk.act(&supervisor, "name_lead", lead).unwrap();
    let plan = json!({ "actions": [{ "action": "Visit together", "owner": "Example Officer", "by": "2026-07-01" }],
                       "reviewOn": "2026-08-01" });
    desk.act(&opt, "record_plan", plan).unwrap();
    let outcome = json!({ "outcome": "improved", "reason": "Visits are down.", "outcomeMeasures": "Visits a month." });
    assert_eq!(desk.act(&opt, "conclude", outcome), Ok("concluded"));
    done(desk, None, &[&staff, &supervisor, &opt, &officer(4, Role::Snt)])
}

fn referred() -> Desk {
    let asked = json!({ "force": "Example Constabulary", "askedOf": "Their PSD", "contactedOn": "2026-06-02",
                        "reason": "Lives in their area." });
    let mut desk = Desk::opened("out-of-county-referral", &officer(1, Role::PsdStaff), None, asked).unwrap();
    desk.now += Duration::days(1);
    desk.act(&officer(1, Role::PsdStaff), "chase", forms::reason()).unwrap();
    desk
}

fn answer() -> Value {
    json!({ "respondedOn": "2026-06-11", "response": "They will call." })
}

fn out_of_county_referral() -> Walk {
    let (staff, supervisor) = (officer(1, Role::PsdStaff), officer(2, Role::PsdSupervisor));
    let mut desk = referred();
    assert_eq!(desk.act(&staff, "record_response", answer()), Ok("answered"));
    done(desk, None, &[&staff, &supervisor])
}

/// Opened under version 1, moved to a version 2 that never shipped, and ended there.
fn migrated_referral() -> Walk {
    let (staff, supervisor) = (officer(1, Role::PsdStaff), officer(2, Role::PsdSupervisor));
    let mut desk = referred();
    let (old, later) = (std::sync::Arc::clone(&desk.workflow), version_2(FILE));
    let new = later.latest(KEY).unwrap();
    desk.now += Duration::hours(1);
    let migration = Migration::read(FILE).unwrap();
    let moved = migrate(&desk.case, &migration, (&old, new), (&Actor::Software, desk.now)).unwrap();
    desk.case.apply(&moved);
    desk.events.push(moved);
    desk.workflow = std::sync::Arc::clone(new);
    assert_eq!(desk.act(&staff, "record_response", answer()), Ok("answered"));
    let bundles = vec![catalog().bundle(KEY).unwrap().clone(), later.bundle(KEY).unwrap().clone()];
    Walk { bundles, ..done(desk, None, &[&staff, &supervisor]) }
}

/// The point of contact of the cases over the three below.
fn contact() -> Value {
    json!({ "spoc": Uuid::from_u128(3).to_string() })
}

fn appeal() -> Walk {
    let (staff, judge, spoc) =
        (officer(1, Role::PsdStaff), officer(5, Role::AppropriateAuthority), officer(3, Role::Spoc));
    let over = ("communications-strategy", "in_force", contact());
    let mut desk = Desk::opened_under("appeal", &staff, over, forms::appeal("2026-06-09")).unwrap();
    desk.now += Duration::days(1);
    let decision = forms::appeal_decision(false, "person@example.org");
    assert_eq!(desk.act(&judge, "uphold", decision), Ok("upheld"));
    done(desk, None, &[&staff, &judge, &spoc])
}

fn warning() -> Walk {
    let (spoc, supervisor) = (officer(3, Role::Spoc), officer(4, Role::PsdSupervisor));
    let words = json!({ "kind": "warning_letter", "behaviour": "Forty mails in a week about one matter.",
        "asked": "One letter a week.", "consequence": "We may limit how you contact us.", "help": "Citizens Advice.",
        "adjustments": "None asked for.", "letter": { "heading": "How you contact us",
        "text": "Please write once a week.", "method": "email", "address": "person@example.org" } });
    let over = ("frequent-service-user", "spoc_allocated", contact());
    let mut desk = Desk::opened_under("warning", &spoc, over, words.clone()).unwrap();
    desk.act(&spoc, "edit", words).unwrap();
    desk.act(&supervisor, "approve", forms::approval()).unwrap();
    let given = json!({ "method": "email", "on": "2026-06-10", "to": "person@example.org" });
    assert_eq!(desk.act(&spoc, "record_given", given), Ok("given"));
    done(desk, None, &[&spoc, &supervisor])
}

fn offence_consideration() -> Walk {
    let (spoc, authority) = (officer(3, Role::Spoc), officer(5, Role::AppropriateAuthority));
    let over = ("frequent-service-user", "active", contact());
    let prompt = json!({ "basis": "contact_itself", "reason": "Calls go on at night.", "from": "2026-05-01",
                         "to": "2026-06-01" });
    let mut desk = Desk::opened_under("offence-consideration", &spoc, over, prompt).unwrap();
    for offence in crate::case_types::offences::NOW {
        let why = json!({ "offence": offence, "because": "Nothing of the kind was said." });
        desk.act(&spoc, "not_consider", why).unwrap();
    }
    let decision = crate::case_types::offences::decision("no_further_action");
    assert_eq!(desk.act(&authority, "decide", decision), Ok("no_further_action"));
    done(desk, None, &[&spoc, &authority])
}

fn retention_review() -> Walk {
    let (one, other) = (officer(6, Role::Records), officer(7, Role::Records));
    let asked = json!({ "reviewedCase": Uuid::from_u128(8), "schedule": "Group 3: six years after closure",
                        "reviewOn": "2026-06-15" });
    let mut desk = Desk::review_opened(ReviewedCase::Ended, &one, asked).unwrap();
    let hold = json!({ "kind": "claim", "reference": "REF/1", "since": "2026-06-10", "because": "A claim is made." });
    assert_eq!(desk.act(&one, "record_hold", hold), Ok("waiting"));
    assert_eq!(desk.clock_strikes_by(at("2026-06-15T09:00:00Z")), "due");
    let why = json!({ "reason": "Nothing is asked of it any more." });
    assert_eq!(desk.act(&one, "propose_disposal", why.clone()), Err("held".to_owned()));
    let over =
        json!({ "kind": "claim", "reference": "REF/1", "releasedOn": "2026-06-15", "because": "It was settled." });
    assert_eq!(desk.act(&one, "release_hold", over), Ok("due"));
    desk.now += Duration::hours(1);
    assert_eq!(desk.act(&one, "propose_disposal", why.clone()), Ok("disposal_proposed"));
    assert_eq!(desk.act(&one, "confirm_disposal", Value::Null), Err("own-text".to_owned()));
    assert_eq!(desk.act(&other, "send_back", why.clone()), Ok("due"));
    assert_eq!(desk.act(&one, "propose_disposal", why), Ok("disposal_proposed"));
    desk.now += Duration::hours(1);
    assert_eq!(desk.act(&other, "confirm_disposal", Value::Null), Ok("disposed"));
    done(desk, None, &[&one, &other])
}

fn vulnerable_repeat_caller() -> Walk {
    let (coordinator, csu, snt) = (officer(1, Role::Coordinator), officer(2, Role::Csu), officer(3, Role::Snt));
    let mut desk = Desk::opened(caller_forms::KEY, &coordinator, None, caller_forms::nomination()).unwrap();
    let mut step = |who: &Actor, action: &str, input: Value| {
        desk.now += Duration::minutes(10);
        desk.act(who, action, input).map(str::to_owned).unwrap_or_else(|code| panic!("{action}: {code}"));
    };
    step(&coordinator, "review_nature", caller_forms::nature("vulnerable"));
    step(&coordinator, "refer", caller_forms::of_unknown_area());
    step(&coordinator, "refer", caller_forms::referral("csu"));
    step(&csu, "accept", caller_forms::acceptance("2026-07-01"));
    step(&csu, "record_visit", caller_forms::visit("2026-06-10"));
    step(&csu, "list_for_three_services", caller_forms::listing());
    step(&csu, "record_multi_agency_meeting", caller_forms::meeting("2026-06-10"));
    step(&csu, "return", forms::reason());
    step(&coordinator, "refer", caller_forms::told("north", "snt"));
    step(&snt, "accept", caller_forms::acceptance("2026-07-01"));
    assert_eq!(desk.clock_strikes_by(at("2026-07-01T09:00:00Z")), "review_due");
    assert_eq!(desk.act(&snt, "review", caller_forms::review("2026-07-20")), Ok("with_unit"));
    assert_eq!(desk.act(&snt, "conclude", caller_forms::outcome("calls_reduced")), Ok("concluded"));
    done(desk, None, &[&coordinator, &csu, &snt])
}
