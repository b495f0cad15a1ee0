//! Windows are London's: across both changes of the clock, to the millisecond, and on leap days.

use super::desk::{Desk, at_most, one_a_week};
use crate::support::on_each_database;
use serde_json::Value;

/// Letters at these times, under these limits; answers the leading verdicts in order of receipt.
fn expect(limits: Value, now: &str, letters: &[&str], verdicts: &[&str]) {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await.at(now).await;
        desk.limits_in_force(&desk.person, "2026-01-01T00:00:00Z", limits.clone()).await;
        for at in letters {
            desk.letter(&desk.person, at).await;
        }
        assert_eq!(desk.verdicts(&desk.person).await, verdicts, "{letters:?}");
    });
}

const WITHIN: &str = "within_limit";
const OVER: &str = "over_frequency";

#[test]
fn a_letter_exactly_seven_days_after_the_last_is_within_and_a_millisecond_earlier_is_over() {
    let limits = one_a_week();
    let early = ["2026-05-01T09:00:00Z", "2026-05-08T08:59:59.999Z"];
    expect(limits.clone(), "2026-06-01T09:00:00Z", &early, &[WITHIN, OVER]);
    expect(limits, "2026-06-01T09:00:00Z", &["2026-05-01T09:00:00Z", "2026-05-08T09:00:00Z"], &[WITHIN, WITHIN]);
}

#[test]
fn a_rolling_week_over_29_march_2026_is_an_hour_shorter() {
    // 12:00 GMT on the 25th is out at 12:00 BST on the 1st, 167 hours later.
    let early = ["2026-03-25T12:00:00Z", "2026-04-01T10:59:59.999Z"];
    expect(one_a_week(), "2026-06-01T09:00:00Z", &early, &[WITHIN, OVER]);
    expect(one_a_week(), "2026-06-01T09:00:00Z", &["2026-03-25T12:00:00Z", "2026-04-01T11:00:00Z"], &[WITHIN, WITHIN]);
}

#[test]
fn a_rolling_week_over_25_october_2026_is_an_hour_longer() {
    // 12:00 BST on the 21st is out at 12:00 GMT on the 28th, 169 hours later.
    let early = ["2026-10-21T11:00:00Z", "2026-10-28T11:59:59.999Z"];
    expect(one_a_week(), "2026-11-20T09:00:00Z", &early, &[WITHIN, OVER]);
    expect(one_a_week(), "2026-11-20T09:00:00Z", &["2026-10-21T11:00:00Z", "2026-10-28T12:00:00Z"], &[WITHIN, WITHIN]);
}

#[test]
fn a_calendar_day_ends_at_midnight_in_london() {
    let one_a_day = at_most(1, "calendar", "day", 1);
    // In May London is an hour ahead: 23:59:59.999 and 00:00 on the wall.
    let letters = ["2026-05-10T09:00:00Z", "2026-05-10T22:59:59.999Z", "2026-05-10T23:00:00Z"];
    expect(one_a_day, "2026-06-01T09:00:00Z", &letters, &[WITHIN, OVER, WITHIN]);
}

#[test]
fn the_days_of_the_changes_have_23_and_25_hours() {
    let one_a_day = at_most(1, "calendar", "day", 1);
    let march = ["2026-03-29T00:00:00Z", "2026-03-29T22:59:59.999Z", "2026-03-29T23:00:00Z"];
    expect(one_a_day.clone(), "2026-06-01T09:00:00Z", &march, &[WITHIN, OVER, WITHIN]);
    let october = ["2026-10-24T23:00:00Z", "2026-10-25T23:59:59.999Z", "2026-10-26T00:00:00Z"];
    expect(one_a_day, "2026-11-20T09:00:00Z", &october, &[WITHIN, OVER, WITHIN]);
}

#[test]
fn a_month_after_leap_day_is_29_march() {
    let one_a_month = at_most(1, "rolling", "month", 1);
    // Before the clocks change on the 31st.
    let letters = ["2024-02-29T12:00:00Z", "2024-03-29T11:59:59.999Z", "2024-03-29T12:00:00Z"];
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await.at("2024-05-01T09:00:00Z").await;
        desk.limits_in_force(&desk.person, "2024-01-01T00:00:00Z", one_a_month.clone()).await;
        for at in letters {
            desk.letter(&desk.person, at).await;
        }
        assert_eq!(desk.verdicts(&desk.person).await, [WITHIN, OVER, WITHIN]);
    });
}
