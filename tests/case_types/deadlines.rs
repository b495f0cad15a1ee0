//! Who is told by when: reminders, deadlines that have passed, escalation, dates of a case. Nothing of it moves a case.

use super::desk::{Desk, officer};
use chrono::{DateTime, Utc};
use evenhand::domain::access::Role;
use serde_json::{Value, json};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn nominated(at_risk: bool) -> Desk {
    let input = json!({ "source": "manual", "reason": "Nine mails in two days.", "atRisk": at_risk });
    Desk::opened("frequent-service-user", &officer(1, Role::PsdStaff), None, input).unwrap()
}

#[test]
fn a_deadline_is_told_before_when_it_has_passed_and_up_the_line() {
    // Opened on Wednesday 10 June 2026; two working days end with Friday.
    let desk = nominated(false);
    assert_eq!(desk.due_at(), Some(at("2026-06-12T23:00:00Z")));
    assert_eq!(desk.told_by(at("2026-06-10T22:59:59Z")), [""; 0]);
    assert_eq!(desk.told_by(at("2026-06-10T23:00:00Z")), ["reminder 2026-06-11 psd_staff"]);
    assert_eq!(desk.told_by(at("2026-06-12T22:59:59Z")).len(), 1);
    let overdue = ["reminder 2026-06-11 psd_staff", "overdue 2026-06-13 psd_supervisor"];
    assert_eq!(desk.told_by(at("2026-06-12T23:00:00Z")), overdue);
    assert_eq!(desk.told_by(at("2026-06-19T22:59:59Z")).len(), 2);
    assert_eq!(desk.told_by(at("2026-06-19T23:00:00Z"))[2], "escalation 2026-06-20 chair");
}

#[test]
fn what_comes_next_is_what_will_have_come_then() {
    let desk = nominated(false);
    let mut after = None;
    let mut told = Vec::new();
    while let Some(next) = desk.next_told(after) {
        let before = desk.told_by(next - chrono::Duration::microseconds(1)).len();
        told.push((next.to_rfc3339(), desk.told_by(next).len() - before));
        after = Some(next);
    }
    let one_each = ["2026-06-10T23:00:00+00:00", "2026-06-12T23:00:00+00:00", "2026-06-19T23:00:00+00:00"];
    assert_eq!(told, one_each.map(|next| (next.to_owned(), 1)));
}

#[test]
fn a_risk_that_was_flagged_is_triaged_the_same_day() {
    let desk = nominated(true);
    assert_eq!(desk.due_at(), Some(at("2026-06-10T23:00:00Z")));
    assert_eq!(desk.told_by(at("2026-06-10T23:00:00Z")), ["overdue 2026-06-11 psd_supervisor"]);
    assert_eq!(desk.told_by(at("2026-06-11T23:00:00Z"))[1], "escalation 2026-06-12 chair");
}

#[test]
fn a_safeguarding_concern_is_diverted_the_same_day() {
    for (concern, due) in [(true, "2026-06-10T23:00:00Z"), (false, "2026-06-12T23:00:00Z")] {
        let mut desk = nominated(false);
        let said = "Nothing known.";
        let triage = json!({ "nature": "unmet_need", "safeguarding": said, "safeguardingConcern": concern,
                             "domesticAbuse": said, "openComplaint": said, "adjustments": said });
        desk.act(&officer(1, Role::PsdStaff), "triage", triage).unwrap();
        assert_eq!(desk.due_at(), Some(at(due)));
    }
}

/// A strategy as if it had come into force on a day; only its dates matter here.
fn in_force(since: &str, review_on: &str, ends_on: &str) -> Desk {
    let dates = json!({ "reviewOn": review_on, "endsOn": ends_on });
    let mut desk = Desk::opened_under_another("communications-strategy", &officer(1, Role::Spoc), dates);
    desk.case.state = "in_force".to_owned();
    desk.case.state_since = at(since);
    desk
}

#[test]
fn a_review_is_told_at_twenty_ten_and_two_working_days_and_then_daily_and_moves_nothing() {
    // Friday 20 November; no bank holiday before it.
    let mut desk = in_force("2026-06-10T09:00:00Z", "2026-11-20", "2026-12-01");
    let told = |desk: &Desk, text: &str| desk.told_by(at(text));
    assert_eq!(told(&desk, "2026-10-22T22:59:59Z"), [""; 0]);
    assert_eq!(told(&desk, "2026-10-22T23:00:00Z"), ["date_comes 2026-10-23 spoc"]);
    assert_eq!(told(&desk, "2026-11-06T00:00:00Z")[1], "date_comes 2026-11-06 psd_supervisor");
    assert_eq!(told(&desk, "2026-11-17T23:59:59Z").len(), 2);
    assert_eq!(told(&desk, "2026-11-18T00:00:00Z")[2], "date_comes 2026-11-18 appropriate_authority");
    // Daily from then on, on working days only, past the date itself.
    for (now, latest) in [
        ("2026-11-19T08:00:00Z", "2026-11-19"),
        ("2026-11-20T23:59:59Z", "2026-11-20"),
        ("2026-11-22T12:00:00Z", "2026-11-20"),
        ("2026-11-23T00:00:00Z", "2026-11-23"),
        ("2026-11-30T12:00:00Z", "2026-11-30"),
    ] {
        assert_eq!(told(&desk, now)[2], format!("date_comes {latest} appropriate_authority"), "{now}");
    }
    assert_eq!(desk.next_told(Some(at("2026-11-20T12:00:00Z"))), Some(at("2026-11-23T00:00:00Z")));
    assert_eq!(desk.clock_strikes_by(at("2026-11-30T23:59:59Z")), "in_force", "a missed review lifts nothing");
}

#[test]
fn what_was_past_when_the_state_was_entered_is_not_told_late_but_a_daily_alert_goes_on() {
    // In force on Saturday 21 November, the day after the review was due.
    let desk = in_force("2026-11-21T10:00:00Z", "2026-11-20", "2026-12-01");
    assert_eq!(desk.told_by(at("2026-11-22T12:00:00Z")), [""; 0]);
    assert_eq!(desk.next_told(None), Some(at("2026-11-23T00:00:00Z")));
    assert_eq!(desk.told_by(at("2026-11-23T00:00:00Z")), ["date_comes 2026-11-23 appropriate_authority"]);
    // What falls on the very day of entering it is told.
    let desk = in_force("2026-11-06T15:00:00Z", "2026-11-20", "2026-12-01");
    let told = ["date_comes 2026-11-06 spoc", "date_comes 2026-11-06 psd_supervisor"];
    assert_eq!(desk.told_by(at("2026-11-06T15:00:00Z")), told, "the first fortnight early: the date is still ahead");
}

#[test]
fn a_date_recorded_late_is_told_on_the_day_the_state_was_entered_if_it_was_still_ahead() {
    let everything = [
        "date_comes 2026-11-19 spoc",
        "date_comes 2026-11-19 psd_supervisor",
        "date_comes 2026-11-19 appropriate_authority",
    ];
    for review_on in ["2026-11-19", "2026-11-20"] {
        let desk = in_force("2026-11-19T15:00:00Z", review_on, "2026-12-20");
        assert_eq!(desk.told_by(at("2026-11-19T15:00:00Z")), everything, "{review_on}");
        assert_eq!(desk.next_told(None), Some(at("2026-11-19T00:00:00Z")), "{review_on}: at once");
        assert_eq!(desk.told_by(at("2026-11-20T15:00:00Z")).len(), 3, "{review_on}: and no more than daily");
    }
    let missed = in_force("2026-11-19T15:00:00Z", "2026-11-18", "2026-12-20");
    assert_eq!(missed.told_by(at("2026-11-19T15:00:00Z")), ["date_comes 2026-11-19 appropriate_authority"]);
}

#[test]
fn a_state_without_a_deadline_or_a_date_tells_nobody_anything() {
    let mut desk = in_force("2026-06-10T09:00:00Z", "2026-11-20", "2026-12-01");
    desk.case.data = Value::Null;
    assert_eq!(desk.next_told(None), None);
    desk.case.state = "lifted".to_owned();
    assert_eq!(desk.next_told(None), None);
    assert_eq!(desk.due_at(), None);
}
