//! Whether a record is still needed, and its disposal by two people where nothing holds it.

use super::desk::{Desk, officer};
use chrono::{TimeZone, Utc};
use evenhand::domain::access::{Actor, Role};
use evenhand::domain::workflow::scope::{Hold, ReviewedCase};
use serde_json::{Value, json};

fn records(n: u128) -> Actor {
    officer(n, Role::Records)
}

fn opening(review_on: &str) -> Value {
    json!({ "reviewedCase": "00000000-0000-7000-8000-000000000001", "schedule": "Group 3: six years after closure",
            "reviewOn": review_on })
}

fn hold(kind: &str) -> Value {
    json!({ "kind": kind, "reference": "REF/1", "since": "2026-06-01", "because": "It is about this decision." })
}

fn release(kind: &str, on: &str) -> Value {
    json!({ "kind": kind, "reference": "REF/1", "releasedOn": on, "because": "It was decided." })
}

/// Under review, with a disposal to be decided on.
fn due() -> Desk {
    let mut desk = Desk::review_opened(ReviewedCase::Ended, &records(1), opening("2026-07-01")).unwrap();
    desk.act(&records(1), "review_now", json!({ "reason": "Asked for." })).unwrap();
    desk
}

#[test]
fn only_a_case_that_ended_is_reviewed() {
    for (stands, code) in [
        (ReviewedCase::None, "no-case-to-review"),
        (ReviewedCase::Open, "case-not-ended"),
        (ReviewedCase::Disposed, "already-disposed"),
        (ReviewedCase::OfAnother, "case-of-another-person"),
    ] {
        assert_eq!(Desk::review_opened(stands, &records(1), opening("2026-07-01")).err().as_deref(), Some(code));
    }
    let staff = officer(2, Role::PsdStaff);
    assert_eq!(
        Desk::review_opened(ReviewedCase::Ended, &staff, opening("2026-07-01")).err().as_deref(),
        Some("wrong-role")
    );
}

#[test]
fn every_kind_of_recorded_hold_beats_disposal_until_it_is_released() {
    for kind in ["appeal", "claim", "complaint", "order", "subject_access_request", "freedom_of_information_request"] {
        let mut desk = due();
        let reason = json!({ "reason": "Not needed any more." });
        desk.act(&records(1), "record_hold", hold(kind)).unwrap();
        assert_eq!(desk.act(&records(1), "record_hold", hold(kind)), Err("already-held".to_owned()));
        assert_eq!(desk.act(&records(1), "propose_disposal", reason.clone()), Err("held".to_owned()), "{kind}");
        assert_eq!(desk.act(&records(2), "release_hold", release(kind, "2026-06-11")), Err("not-over-yet".to_owned()));
        desk.act(&records(2), "release_hold", release(kind, "2026-06-10")).unwrap();
        assert_eq!(desk.act(&records(2), "release_hold", release(kind, "2026-06-10")), Err("not-held".to_owned()));
        assert_eq!(desk.act(&records(1), "propose_disposal", reason), Ok("disposal_proposed"));
        desk.act(&records(1), "record_hold", hold(kind)).unwrap();
        assert_eq!(desk.act(&records(2), "confirm_disposal", Value::Null), Err("held".to_owned()), "late, and in time");
    }
}

#[test]
fn every_hold_that_holds_by_itself_beats_disposal_at_the_proposal_and_at_its_confirmation() {
    for (hold, code) in [
        (Hold::OpenCase, "held-by-open-case"),
        (Hold::Order, "held-by-order"),
        (Hold::StrategyInForce, "held-by-strategy"),
        (Hold::UnansweredContact, "held-by-contact"),
        (Hold::MailOnItsWay, "held-by-mail"),
    ] {
        let mut desk = due();
        let reason = json!({ "reason": "Not needed any more." });
        desk.facts.review.held_by.insert(hold);
        assert_eq!(desk.act(&records(1), "propose_disposal", reason.clone()), Err(code.to_owned()));
        desk.facts.review.held_by.clear();
        desk.act(&records(1), "propose_disposal", reason).unwrap();
        desk.facts.review.held_by.insert(hold);
        assert_eq!(desk.act(&records(2), "confirm_disposal", Value::Null), Err(code.to_owned()));
    }
}

#[test]
fn one_records_officer_proposes_and_another_confirms() {
    let mut desk = due();
    desk.act(&records(1), "propose_disposal", json!({ "reason": "Not needed any more." })).unwrap();
    assert_eq!(desk.act(&records(1), "confirm_disposal", Value::Null), Err("own-text".to_owned()));
    assert_eq!(desk.act(&records(2), "confirm_disposal", Value::Null), Ok("disposed"));
}

#[test]
fn what_is_kept_comes_back_for_review_on_its_day() {
    let mut desk = due();
    let kept = |on: &str| json!({ "reviewOn": on, "keptBecause": "A civil claim is likely." });
    assert_eq!(desk.act(&records(1), "retain", kept("2026-06-10")), Err("dates-out-of-range".to_owned()));
    assert_eq!(desk.act(&records(1), "retain", kept("2027-06-10")), Ok("waiting"));
    // Midnight in London is 23:00 the day before in UTC, in summer.
    let last = Utc.with_ymd_and_hms(2027, 6, 9, 22, 59, 59).unwrap();
    assert_eq!(desk.clock_strikes_by(last), "waiting");
    assert_eq!(desk.clock_strikes_by(last + chrono::Duration::seconds(1)), "due");
}
