//! Days of 23 and of 25 hours, and bank holidays: deadlines, clocks and alerts go by London's days.

use crate::case_types::desk::{Desk, officer};
use chrono::{DateTime, Utc};
use evenhand::domain::access::Role;
use serde_json::json;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A nomination that came at a time: two working days, or the same day where a risk was flagged.
fn nominated(when: &str, at_risk: bool) -> Desk {
    let input = json!({ "source": "manual", "reason": "Nine mails in two days.", "atRisk": at_risk });
    let mut desk = Desk::opened("frequent-service-user", &officer(1, Role::PsdStaff), None, input).unwrap();
    desk.case.state_since = at(when);
    desk
}

#[test]
fn a_deadline_ends_with_its_last_day_however_many_hours_that_has() {
    for (entered, due, at_risk) in [
        // Sunday 29 March 2026 has 23 hours, Sunday 25 October has 25.
        ("2026-03-29T00:00:00Z", "2026-03-29T23:00:00Z", true),
        ("2026-03-29T22:59:59Z", "2026-03-29T23:00:00Z", true),
        ("2026-10-24T23:00:00Z", "2026-10-26T00:00:00Z", true),
        ("2026-10-25T23:59:59Z", "2026-10-26T00:00:00Z", true),
        // The hour that there is twice belongs to the same day both times.
        ("2026-10-25T00:30:00Z", "2026-10-26T00:00:00Z", true),
        ("2026-10-25T01:30:00Z", "2026-10-26T00:00:00Z", true),
        // Over the change: Friday to Tuesday.
        ("2026-03-27T15:00:00Z", "2026-03-31T23:00:00Z", false),
        ("2026-10-23T15:00:00Z", "2026-10-28T00:00:00Z", false),
        // Half past eleven at night in London is the next day nowhere but in UTC's winter.
        ("2026-06-10T22:30:00Z", "2026-06-12T23:00:00Z", false),
        ("2026-06-10T23:30:00Z", "2026-06-15T23:00:00Z", false),
    ] {
        assert_eq!(nominated(entered, at_risk).due_at(), Some(at(due)), "{entered}");
    }
}

#[test]
fn a_clock_strikes_with_the_first_instant_of_its_day_over_a_change_of_the_clocks() {
    let monitored = |since: &str| {
        let mut desk = nominated(since, false);
        desk.case.state = "monitored".to_owned();
        desk
    };
    // Ninety days from a summer day into winter, and from a winter day into summer.
    for (since, before, strikes) in [
        ("2026-09-01T10:00:00Z", "2026-11-29T23:59:59Z", "2026-11-30T00:00:00Z"),
        ("2026-02-01T10:00:00Z", "2026-05-01T22:59:59Z", "2026-05-01T23:00:00Z"),
        // The ninetieth day is the one of 25 hours, or of 23.
        ("2026-07-27T10:00:00Z", "2026-10-24T22:59:59Z", "2026-10-24T23:00:00Z"),
        ("2025-12-29T10:00:00Z", "2026-03-28T23:59:59Z", "2026-03-29T00:00:00Z"),
    ] {
        assert_eq!(monitored(since).clock_strikes_by(at(before)), "monitored", "{since}");
        assert_eq!(monitored(since).clock_strikes_by(at(strikes)), "on_agenda", "{since}");
    }
}

/// A question to a unit that is to be answered by a day, put long before.
fn asked(reply_by: &str) -> Desk {
    let seed = json!({ "unit": "snt", "question": "Anything we should weigh?", "replyBy": reply_by });
    let mut desk = Desk::opened_under_another("consultation", &officer(1, Role::Spoc), seed);
    desk.case.state_since = at("2026-01-05T09:00:00Z");
    desk
}

#[test]
fn an_alert_comes_with_the_first_instant_of_its_day_over_a_change_of_the_clocks() {
    // To be answered by Monday: told on Friday, and on Tuesday that it was not; the Sunday between has 23 or 25 hours.
    for (reply_by, friday, tuesday) in [
        ("2026-03-30", "2026-03-27T00:00:00Z", "2026-03-30T23:00:00Z"),
        ("2026-10-26", "2026-10-22T23:00:00Z", "2026-10-27T00:00:00Z"),
    ] {
        let desk = asked(reply_by);
        let overdue = at("2026-01-13T00:00:00Z");
        assert_eq!(desk.next_told(Some(overdue)), Some(at(friday)));
        assert_eq!(desk.next_told(Some(at(friday))), Some(at(tuesday)));
        let told = |now: DateTime<Utc>| desk.told_by(now).len();
        assert_eq!(
            (told(at(friday) - chrono::Duration::microseconds(1)), told(at(friday)), told(at(tuesday))),
            (1, 2, 3)
        );
    }
}

#[test]
fn deadlines_and_alerts_step_over_bank_holidays() {
    for (entered, due) in [
        // Good Friday 3 and Easter Monday 6 April 2026.
        ("2026-04-01T09:00:00Z", "2026-04-07T23:00:00Z"),
        ("2026-04-02T09:00:00Z", "2026-04-08T23:00:00Z"),
        // On the holiday itself the counting begins with the next working day.
        ("2026-04-03T09:00:00Z", "2026-04-08T23:00:00Z"),
        // Christmas Day, a Friday; Boxing Day, a Saturday, is made up for on Monday.
        ("2026-12-23T09:00:00Z", "2026-12-30T00:00:00Z"),
        ("2026-12-24T09:00:00Z", "2026-12-31T00:00:00Z"),
        // Both on the weekend: Monday and Tuesday stand for them. New Year's Day 2028 is made up for on Monday 3.
        ("2027-12-23T09:00:00Z", "2027-12-30T00:00:00Z"),
        ("2027-12-30T09:00:00Z", "2028-01-05T00:00:00Z"),
    ] {
        assert_eq!(nominated(entered, false).due_at(), Some(at(due)), "{entered}");
    }
    // A working day before Tuesday after Easter is Thursday, one after it Wednesday.
    let easter = asked("2026-04-07");
    assert_eq!(easter.next_told(Some(at("2026-03-01T00:00:00Z"))), Some(at("2026-04-01T23:00:00Z")));
    assert_eq!(easter.next_told(Some(at("2026-04-02T00:00:00Z"))), Some(at("2026-04-07T23:00:00Z")));
}
