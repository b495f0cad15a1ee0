//! Words of advice and warning letters: written by one, approved by another, given to the person.

use super::desk::{Desk, officer};
use crate::story::forms;
use evenhand::domain::access::Role;
use serde_json::{Value, json};

fn words() -> Value {
    json!({ "kind": "warning_letter", "behaviour": "Forty mails in a week about one matter.",
            "asked": "One letter a week.", "consequence": "We may limit how you contact us.",
            "help": "Citizens Advice.", "adjustments": "None asked for.",
            "letter": { "heading": "How you contact us", "text": "Please write once a week.", "method": "email",
                        "address": "person@example.org" } })
}

fn written(state: &str) -> Result<Desk, String> {
    let over = ("frequent-service-user", state, json!({ "spoc": "00000000-0000-0000-0000-000000000003" }));
    Desk::opened_under("warning", &officer(3, Role::Spoc), over, words())
}

#[test]
fn a_warning_is_approved_by_somebody_who_did_not_write_it_and_then_given() {
    let (spoc, supervisor) = (officer(3, Role::Spoc), officer(4, Role::PsdSupervisor));
    let mut desk = written("spoc_allocated").unwrap();
    assert_eq!(desk.case.spoc(), spoc.officer().map(|spoc| spoc.id), "taken over from the case it belongs to");
    desk.act(&spoc, "edit", words()).unwrap();
    let reason = forms::approval();
    assert_eq!(desk.act(&spoc, "approve", reason.clone()), Err("wrong-role".to_owned()));
    assert_eq!(desk.act(&supervisor, "approve", reason), Ok("sent"));
    let given = |on: &str| json!({ "method": "email", "on": on, "to": "person@example.org" });
    assert_eq!(desk.act(&spoc, "record_given", given("2026-06-11")), Err("not-yet-given".to_owned()));
    assert_eq!(desk.act(&spoc, "record_given", given("2026-06-10")), Ok("given"));
}

#[test]
fn nobody_is_warned_before_a_meeting_decided_and_a_targeted_victim_never() {
    for state in ["nominated", "triaged", "on_agenda"] {
        assert_eq!(written(state).err(), Some("no-warning-here".to_owned()), "{state}");
    }
    let mut desk = written("spoc_allocated").unwrap();
    desk.facts.person.targeted_victim = true;
    let reason = forms::approval();
    let refused = desk.act(&officer(4, Role::PsdSupervisor), "approve", reason);
    assert_eq!(refused, Err("targeted-victim".to_owned()));
}

#[test]
fn whoever_opened_it_with_its_words_does_not_approve_them() {
    let writer = officer(6, Role::PsdSupervisor);
    let over = ("frequent-service-user", "spoc_allocated", json!({ "spoc": "00000000-0000-0000-0000-000000000003" }));
    let mut desk = Desk::opened_under("warning", &writer, over, words()).unwrap();
    let reason = forms::approval();
    assert_eq!(desk.act(&writer, "approve", reason.clone()), Err("own-text".to_owned()));
    assert_eq!(desk.act(&officer(4, Role::PsdSupervisor), "approve", reason), Ok("sent"));
}
