//! Offences considered (policy 1.2, 7.8): as the law stood on the day, element by element, decided by another person.

use super::desk::{Desk, officer};
use crate::story::forms::{equality, fairness, options};
use evenhand::domain::access::{Actor, Role};
use serde_json::{Value, json};

/// The offences that are law today.
pub const NOW: [&str; 7] = [
    "mca-1988-s1",
    "ca-2003-s127-1",
    "ca-2003-s127-2c",
    "osa-2023-s179",
    "osa-2023-s181",
    "pha-1997-s2",
    "cla-1967-s5-2",
];

fn spoc() -> Actor {
    officer(3, Role::Spoc)
}

fn authority() -> Actor {
    officer(5, Role::AppropriateAuthority)
}

pub fn prompted(state: &str, basis: &str, from: &str) -> Result<Desk, String> {
    let over = ("frequent-service-user", state, json!({ "spoc": "00000000-0000-0000-0000-000000000003" }));
    let prompt = json!({ "basis": basis, "reason": "Calls go on at night.", "from": from, "to": "2026-06-01" });
    Desk::opened_under("offence-consideration", &spoc(), over, prompt)
}

fn element(met: &str) -> Value {
    json!({ "element": "Persistently makes use of a public network.", "met": met, "because": "As the log shows." })
}

pub fn considered(offence: &str, conclusion: &str) -> Value {
    json!({ "offence": offence, "from": "2026-05-01", "to": "2026-06-01", "elements": [element("yes")],
            "occasions": ["2026-05-01", "2026-06-01"], "victim": "individual", "conclusion": conclusion,
            "because": "Read against each element." })
}

pub fn decision(outcome: &str) -> Value {
    json!({ "outcome": outcome, "rationale": "Weighed with the strategy.", "options": options(),
            "fairness": fairness(), "equality": equality(), "legalAdvice": "Taken.",
            "publicConfidence": "None either way." })
}

fn left(desk: &mut Desk, but: &[&str]) {
    for offence in NOW.iter().filter(|offence| !but.contains(offence)) {
        let why = json!({ "offence": offence, "because": "Nothing of the kind was said." });
        desk.act(&spoc(), "not_consider", why).unwrap();
    }
}

#[test]
fn an_offence_is_considered_only_where_it_was_law_on_each_of_the_days() {
    let mut desk = prompted("active", "contact_itself", "2023-12-01").unwrap();
    let mut old = considered("ca-2003-s127-2ab", "not_made_out");
    assert_eq!(desk.act(&spoc(), "consider", old.clone()), Err("not-the-law-then".to_owned()));
    (old["from"], old["to"]) = (json!("2023-12-01"), json!("2024-01-30"));
    desk.act(&spoc(), "consider", old.clone()).unwrap();
    old["to"] = json!("2024-01-31");
    assert_eq!(desk.act(&spoc(), "consider", old), Err("not-the-law-then".to_owned()));
    let mut new = considered("osa-2023-s179", "not_made_out");
    new["from"] = json!("2024-01-30");
    assert_eq!(desk.act(&spoc(), "consider", new), Err("not-the-law-then".to_owned()));
}

#[test]
fn an_offence_is_made_out_only_where_each_element_is() {
    let mut desk = prompted("active", "contact_itself", "2026-05-01").unwrap();
    for elements in [json!([element("yes"), element("unclear")]), json!([element("no")])] {
        let mut made_out = considered("osa-2023-s181", "made_out");
        made_out["elements"] = elements;
        assert_eq!(desk.act(&spoc(), "consider", made_out), Err("element-missing".to_owned()));
    }
    desk.act(&spoc(), "consider", considered("osa-2023-s181", "made_out")).unwrap();
}

#[test]
fn harassment_needs_two_occasions_against_one_individual_and_a_pack_for_each_victim() {
    let mut desk = prompted("active", "contact_itself", "2026-05-01").unwrap();
    let mut harassment = considered("pha-1997-s2", "made_out");
    harassment["evidenceOn"] = json!("2026-06-01");
    harassment["limitationOn"] = json!("2026-10-31");
    for (victim, occasions) in [("police", json!(["2026-05-01", "2026-06-01"])), ("individual", json!(["2026-05-01"]))]
    {
        let mut short = harassment.clone();
        (short["victim"], short["occasions"]) = (json!(victim), occasions);
        assert_eq!(desk.act(&spoc(), "consider", short), Err("two-occasions".to_owned()), "{victim}");
    }
    desk.act(&spoc(), "consider", harassment).unwrap();
    left(&mut desk, &["pha-1997-s2"]);
    assert_eq!(desk.act(&authority(), "decide", decision("refer")), Err("no-evidence-pack".to_owned()));
    let pack = |occasions: Value| {
        json!({ "offence": "pha-1997-s2", "victim": "Example Staff 12", "occasions": occasions, "impact": "Lost sleep.",
                "items": [{ "what": "Recording", "where": "Evidence store" }], "statement": true })
    };
    assert_eq!(desk.act(&spoc(), "add_evidence_pack", pack(json!(["2026-05-01"]))), Err("two-occasions".to_owned()));
    desk.act(&spoc(), "add_evidence_pack", pack(json!(["2026-05-01", "2026-06-01"]))).unwrap();
    assert_eq!(desk.act(&authority(), "decide", decision("refer")), Err("limitation-not-recorded".to_owned()));
    let last_day =
        |offence: &str, on: &str| json!({ "offence": offence, "limitationOn": on, "because": "From the call." });
    assert_eq!(
        desk.act(&spoc(), "set_limitation", last_day("osa-2023-s181", "2026-10-31")),
        Err("no-limitation".to_owned())
    );
    desk.act(&spoc(), "set_limitation", last_day("pha-1997-s2", "2026-10-31")).unwrap();
    assert_eq!(
        desk.act(&spoc(), "set_limitation", last_day("pha-1997-s2", "2026-11-01")),
        Err("not-the-earliest".to_owned())
    );
    assert_eq!(desk.act(&authority(), "decide", decision("refer")), Ok("referred"));
    let outcome =
        json!({ "kind": "out_of_court_disposal", "on": "2026-06-20", "reference": "36/1/26", "result": "Accepted." });
    assert_eq!(desk.act(&spoc(), "record_outcome", outcome), Ok("concluded"));
}

#[test]
fn the_last_day_for_proceedings_is_never_later_than_the_law_gives() {
    let mut desk = prompted("active", "contact_itself", "2026-05-01").unwrap();
    let mut offence = considered("ca-2003-s127-2c", "made_out");
    assert_eq!(desk.act(&spoc(), "consider", offence.clone()), Err("limitation-missing".to_owned()));
    offence["limitationOn"] = json!("2026-11-30");
    assert_eq!(desk.act(&spoc(), "consider", offence.clone()), Err("limitation-too-late".to_owned()));
    offence["evidenceOn"] = json!("2026-06-01");
    desk.act(&spoc(), "consider", offence.clone()).unwrap();
    offence["limitationOn"] = json!("2026-12-01");
    assert_eq!(desk.act(&spoc(), "consider", offence), Err("limitation-too-late".to_owned()));
}

#[test]
fn a_decision_looks_at_every_offence_and_every_option_and_is_somebody_elses() {
    let mut desk = prompted("active", "contact_itself", "2026-05-01").unwrap();
    desk.act(&spoc(), "consider", considered("osa-2023-s181", "not_made_out")).unwrap();
    assert_eq!(
        desk.act(&authority(), "decide", decision("no_further_action")),
        Err("offences-not-considered".to_owned())
    );
    left(&mut desk, &["osa-2023-s181"]);
    let mut short = decision("no_further_action");
    short["options"].as_array_mut().unwrap().pop();
    assert_eq!(desk.act(&authority(), "decide", short), Err("options-not-considered".to_owned()));
    assert_eq!(desk.act(&authority(), "decide", decision("refer")), Err("no-offence-made-out".to_owned()));
    let writer = officer(3, Role::AppropriateAuthority);
    assert_eq!(desk.act(&writer, "decide", decision("no_further_action")), Err("own-text".to_owned()));
    assert_eq!(desk.act(&authority(), "decide", decision("no_further_action")), Ok("no_further_action"));
}

#[test]
fn nothing_rests_on_a_strategy_the_person_was_never_told_of() {
    for state in ["spoc_allocated", "strategy_in_progress", "monitored"] {
        let refused = prompted(state, "breach_of_strategy", "2026-05-01").err();
        assert_eq!(refused, Some("no-strategy-in-force".to_owned()), "{state}");
        prompted(state, "contact_itself", "2026-05-01").unwrap();
    }
    prompted("under_review", "breach_of_strategy", "2026-05-01").unwrap();
}
