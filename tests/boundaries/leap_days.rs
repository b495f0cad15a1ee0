//! 29 February: birthdays, end dates, months counted from it.

use super::orders::{application, officer_of, pursued, warned};
use chrono::{DateTime, Utc};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Sixteen years after a leap day there is one; ten years after there is none, and the age is reached on 1 March
/// (the anniversary that does not exist is taken to be the day after 28 February, to be confirmed with Legal Services).
#[test]
fn somebody_born_on_a_leap_day_is_sixteen_on_a_leap_day_and_ten_on_the_first_of_march() {
    for (on, allowed) in [("2028-02-28", false), ("2028-02-29", true), ("2028-03-01", true)] {
        let mut desk = pursued("community_protection_warning", Some("2012-02-29"));
        assert_eq!(warned(&mut desk, on, "2028-12-10").is_ok(), allowed, "{on}");
    }
    for (on, allowed) in [("2026-02-28", false), ("2026-03-01", true)] {
        let mut desk = pursued("civil_injunction", Some("2016-02-29"));
        assert_eq!(desk.act(&officer_of(1), "apply", application(on)).is_ok(), allowed, "{on}");
    }
}

#[test]
fn somebody_born_on_the_first_of_march_is_of_age_on_the_first_of_march_in_every_year() {
    for (on, allowed) in [("2028-02-29", false), ("2028-03-01", true)] {
        let mut desk = pursued("community_protection_warning", Some("2012-03-01"));
        assert_eq!(warned(&mut desk, on, "2028-12-10").is_ok(), allowed, "{on}");
    }
}

#[test]
fn an_order_that_ends_on_a_leap_day_ends_with_its_first_instant_and_is_told_before() {
    let mut desk = pursued("community_protection_warning", Some("1980-01-01"));
    warned(&mut desk, "2026-06-10", "2028-02-29").unwrap();
    // Ten working days before Tuesday 29 February 2028.
    assert_eq!(desk.next_told(None), Some(at("2028-02-15T00:00:00Z")));
    assert_eq!(desk.clock_strikes_by(at("2028-02-28T23:59:59.999999Z")), "warning_in_force");
    assert_eq!(desk.clock_strikes_by(at("2028-02-29T00:00:00Z")), "expired");
}

#[test]
fn a_date_that_does_not_exist_is_no_date() {
    let mut desk = pursued("community_protection_warning", Some("1980-01-01"));
    assert_eq!(warned(&mut desk, "2026-06-10", "2027-02-29"), Err("invalid-input".to_owned()));
}

#[test]
fn twelve_months_from_a_leap_day_end_with_february_and_into_one_with_the_twenty_eighth() {
    for (now, ends_on, allowed) in [
        ("2028-02-29T12:00:00Z", "2029-02-28", true),
        ("2028-02-29T12:00:00Z", "2029-03-01", false),
        ("2027-02-28T12:00:00Z", "2028-02-28", true),
        ("2027-02-28T12:00:00Z", "2028-02-29", false),
        ("2027-03-01T12:00:00Z", "2028-02-29", true),
    ] {
        let mut desk = super::last_days::written("2026-11-20", ends_on);
        let review_on: chrono::NaiveDate = ends_on.parse().unwrap();
        let mut draft = crate::story::forms::strategy();
        draft["reviewOn"] = serde_json::json!(review_on - chrono::Days::new(10));
        draft["endsOn"] = serde_json::json!(ends_on);
        desk.now = at(now);
        let spoc = crate::case_types::desk::officer(1, evenhand::domain::access::Role::Spoc);
        desk.act(&spoc, "edit", draft).unwrap();
        let answer = desk.act(&spoc, "submit", serde_json::Value::Null).map(str::to_owned);
        let wanted = if allowed { Ok("submitted".to_owned()) } else { Err("dates-out-of-range".to_owned()) };
        assert_eq!(answer, wanted, "{now} {ends_on}");
    }
}
