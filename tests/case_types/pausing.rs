//! A deadline stands: who may ask for it, for how long, and what it adds.

use super::desk::{Desk, officer};
use chrono::{DateTime, Utc};
use evenhand::domain::access::{Actor, Role};
use evenhand::domain::case::CaseEvent;
use serde_json::{Value, json};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn supervisor() -> Actor {
    officer(2, Role::PsdSupervisor)
}

fn pause(until: &str) -> Value {
    json!({ "reason": "The person is in hospital and cannot be asked.", "until": until })
}

fn goes_on() -> Value {
    json!({ "reason": "The person is home again." })
}

/// Opened on Wednesday 10 June 2026 at ten in London, due at the end of Friday.
fn nominated() -> Desk {
    let input = json!({ "source": "manual", "reason": "Nine mails in two days." });
    Desk::opened("frequent-service-user", &officer(1, Role::PsdStaff), None, input).unwrap()
}

#[test]
fn the_working_days_for_which_a_deadline_stood_are_added_to_it() {
    let mut desk = nominated();
    desk.now = at("2026-06-11T09:00:00Z");
    assert_eq!(desk.act(&supervisor(), "pause", pause("2026-06-17")), Ok("nominated"));
    // Thursday, Friday, Monday and Tuesday are added to Friday.
    assert_eq!(desk.due_at(), Some(at("2026-06-18T23:00:00Z")));
    let paused = desk.case.paused(at("2026-06-16T22:59:59Z")).unwrap();
    assert_eq!(paused.reason, "The person is in hospital and cannot be asked.");
    assert_eq!(desk.case.paused(at("2026-06-16T23:00:00Z")), None, "it goes on by itself");
    assert_eq!(desk.case.data.get("until"), None, "a pause is no part of what the case is about");
    assert_eq!(desk.due_at(), Some(at("2026-06-18T23:00:00Z")), "and what it added stays");
}

#[test]
fn letting_it_go_on_earlier_adds_only_the_days_it_stood() {
    let mut desk = nominated();
    desk.act(&supervisor(), "pause", pause("2026-07-10")).unwrap();
    desk.now = at("2026-06-12T15:00:00Z");
    desk.act(&supervisor(), "resume", goes_on()).unwrap();
    assert_eq!(desk.due_at(), Some(at("2026-06-16T23:00:00Z")), "Wednesday and Thursday");
    assert_eq!(desk.case.paused(desk.now), None);
    desk.act(&supervisor(), "pause", pause("2026-06-15")).unwrap();
    assert_eq!(desk.due_at(), Some(at("2026-06-17T23:00:00Z")), "and Friday; a weekend adds nothing");
}

#[test]
fn a_pause_is_offered_and_refused_like_any_action() {
    let mut desk = nominated();
    let of_clock = |desk: &Desk, who: &Actor| -> Vec<String> {
        desk.offered(who)
            .into_iter()
            .filter(|offer| offer.starts_with("pause") || offer.starts_with("resume"))
            .collect()
    };
    assert_eq!(of_clock(&desk, &supervisor()), ["pause", "resume: not-paused"]);
    let staff = officer(1, Role::PsdStaff);
    assert_eq!(of_clock(&desk, &staff), ["pause: wrong-role", "resume: wrong-role"]);
    assert_eq!(desk.act(&supervisor(), "resume", goes_on()), Err("not-paused".to_owned()));
    desk.act(&supervisor(), "pause", pause("2026-06-17")).unwrap();
    assert_eq!(of_clock(&desk, &supervisor()), ["pause: already-paused", "resume"]);
    assert_eq!(desk.act(&supervisor(), "pause", pause("2026-06-18")), Err("already-paused".to_owned()));
    desk.facts.person.complained_about = supervisor().officer().map(|officer| officer.id).into_iter().collect();
    assert_eq!(of_clock(&desk, &supervisor()), ["pause: complained-about", "resume: complained-about"]);
}

#[test]
fn a_pause_has_a_reason_and_ends_within_sixty_days() {
    let mut desk = nominated();
    for (input, taken) in [
        (json!({ "until": "2026-06-20" }), false),
        (json!({ "reason": "Because." }), false),
        (pause("2026-06-10"), false),
        (pause("2026-06-09"), false),
        (pause("2026-08-10"), false),
        (pause("2026-08-09"), true),
    ] {
        let answer = if taken { Ok("nominated") } else { Err("invalid-input".to_owned()) };
        assert_eq!(desk.act(&supervisor(), "pause", input.clone()), answer, "{input}");
    }
}

#[test]
fn all_pauses_of_a_state_together_are_sixty_days_at_most() {
    let mut desk = nominated();
    desk.act(&supervisor(), "pause", pause("2026-08-09")).unwrap();
    desk.now = at("2026-07-10T09:00:00Z");
    desk.act(&supervisor(), "resume", goes_on()).unwrap();
    assert_eq!(desk.act(&supervisor(), "pause", pause("2026-08-10")), Err("invalid-input".to_owned()), "61 in all");
    assert_eq!(desk.act(&supervisor(), "pause", pause("2026-08-09")), Ok("nominated"), "30 and 30");
    desk.now = at("2026-08-09T23:00:00Z");
    assert!(desk.due_at().unwrap() > desk.now);
    assert!(desk.offered(&supervisor()).contains(&"pause: cannot-stand".to_owned()));
    assert_eq!(desk.act(&supervisor(), "pause", pause("2026-08-11")), Err("cannot-stand".to_owned()));
    assert_eq!(desk.act(&supervisor(), "resume", goes_on()), Err("not-paused".to_owned()));
}

#[test]
fn a_deadline_for_somebody_at_risk_never_stands() {
    let input = json!({ "source": "manual", "reason": "Nine mails in two days.", "atRisk": true });
    let mut desk = Desk::opened("frequent-service-user", &officer(1, Role::PsdStaff), None, input).unwrap();
    assert!(desk.offered(&supervisor()).contains(&"pause: cannot-stand".to_owned()));
    assert_eq!(desk.act(&supervisor(), "pause", pause("2026-06-17")), Err("cannot-stand".to_owned()));
    let said = "Nothing known.";
    let triage = json!({ "nature": "repeat_contact", "safeguarding": "May harm themselves.", "safeguardingConcern": true,
                         "domesticAbuse": said, "openComplaint": said, "adjustments": said });
    desk.act(&officer(1, Role::PsdStaff), "triage", triage).unwrap();
    assert_eq!(desk.act(&supervisor(), "pause", pause("2026-06-17")), Err("cannot-stand".to_owned()));
}

#[test]
fn a_deadline_that_has_passed_cannot_be_made_to_stand() {
    let mut desk = nominated();
    desk.now = at("2026-06-12T22:59:59Z");
    assert!(desk.offered(&supervisor()).contains(&"pause".to_owned()));
    desk.now = at("2026-06-12T23:00:00Z");
    assert!(desk.offered(&supervisor()).contains(&"pause: deadline-passed".to_owned()));
    assert_eq!(desk.act(&supervisor(), "pause", pause("2026-06-20")), Err("deadline-passed".to_owned()));
}

#[test]
fn when_a_pause_is_over_those_are_told_whom_the_deadline_tells() {
    let mut desk = nominated();
    desk.act(&supervisor(), "pause", pause("2026-06-17")).unwrap();
    // Two working days are left from Wednesday: the last is Friday, the reminder comes with Thursday.
    let told = ["reminder 2026-06-18 psd_staff", "clock_goes_on 2026-06-17 psd_supervisor"];
    assert_eq!(desk.told_by(at("2026-06-18T12:00:00Z")), told);
    assert_eq!(desk.next_told(None), Some(at("2026-06-16T23:00:00Z")));
    desk.now = at("2026-06-11T12:00:00Z");
    desk.act(&supervisor(), "resume", goes_on()).unwrap();
    assert!(desk.told_by(at("2026-07-01T12:00:00Z")).iter().all(|told| !told.starts_with("clock_goes_on")));
}

#[test]
fn moving_on_leaves_the_pause_behind() {
    let mut desk = nominated();
    desk.act(&supervisor(), "pause", pause("2026-06-17")).unwrap();
    let said = "Nothing known.";
    let triage = json!({ "nature": "repeat_contact", "safeguarding": said, "domesticAbuse": said,
                         "openComplaint": said, "adjustments": said });
    desk.act(&officer(1, Role::PsdStaff), "triage", triage).unwrap();
    assert_eq!((desk.case.paused(desk.now), desk.case.pauses.len()), (None, 0));
    assert_eq!(desk.due_at(), Some(at("2026-06-12T23:00:00Z")));
}

#[test]
fn no_clock_stands_while_somebody_is_restricted() {
    let catalog = evenhand::catalog::Catalog::embedded().unwrap();
    for workflow in catalog.all() {
        for state in &workflow.states {
            let stands = state.on.iter().any(|action| action.clock.is_some());
            let open = state.kind == evenhand::domain::workflow::StateKind::Open;
            assert!(!stands || (open && !state.due.is_empty()), "{} {}", workflow.key, state.id);
        }
    }
}

#[test]
fn events_from_before_deadlines_could_stand_read_and_write_as_they_did() {
    let kept = json!({ "at": "2026-06-10T09:00:00Z", "actor": { "kind": "clock" },
        "what": { "type": "acted", "action": "list", "from": "triaged", "to": "on_agenda", "input": {} } });
    let event: CaseEvent = serde_json::from_value(kept.clone()).unwrap();
    assert_eq!(serde_json::to_value(&event).unwrap()["what"], kept["what"], "so its hash stays what it is");
}
