//! London wall-clock time: days of 23, 24 and 25 hours, and the windows a frequency is counted over.
//!
//! Two wall times need an answer by convention. One that does not exist (the clocks go forward) is the moment the
//! clocks changed; one that exists twice (the clocks go back) is the later of the two, which makes the window that
//! opens there the shorter one. Both are the answer that counts less against the person.

mod offsets;

use crate::domain::strategy::{Window, WindowKind, WindowUnit};
use chrono::{
    DateTime, Datelike, Days, Duration, MappedLocalTime, Months, NaiveDate, NaiveDateTime, NaiveTime, SubsecRound,
    TimeZone, Timelike, Utc,
};
use chrono_tz::Europe::London;

/// What a clock on the wall in London shows at an instant.
pub fn wall_time(at: DateTime<Utc>) -> NaiveDateTime {
    match offsets::plain(at.timestamp()) {
        Some(offset) => at.naive_utc() + offset,
        None => at.with_timezone(&London).naive_local(),
    }
}

/// The London date at an instant.
pub fn date_of(at: DateTime<Utc>) -> NaiveDate {
    wall_time(at).date()
}

/// The first instant of a London day.
pub fn start_of_day(day: NaiveDate) -> DateTime<Utc> {
    instant_of(day.and_time(NaiveTime::MIN))
}

/// The instant at which a clock on the wall in London shows `wall`; see the module for times that do not exist or
/// exist twice.
pub fn instant_of(wall: NaiveDateTime) -> DateTime<Utc> {
    if let Some(offset) = offsets::plain(wall.and_utc().timestamp()) {
        return (wall - offset).and_utc();
    }
    match London.from_local_datetime(&wall) {
        MappedLocalTime::Single(at) => at.to_utc(),
        MappedLocalTime::Ambiguous(_, later) => later.to_utc(),
        MappedLocalTime::None => moment_of_change(wall),
    }
}

/// Every instant at which a clock on the wall in London shows `wall`: one, the two it shows on the day the clocks go back,
/// or none.
pub fn passes_of(wall: NaiveDateTime) -> MappedLocalTime<DateTime<Utc>> {
    match offsets::plain(wall.and_utc().timestamp()) {
        Some(offset) => MappedLocalTime::Single((wall - offset).and_utc()),
        None => London.from_local_datetime(&wall).map(|at| at.to_utc()),
    }
}

/// The clocks change on whole half hours, so the first half hour that exists after the gap is the moment they changed.
fn moment_of_change(wall: NaiveDateTime) -> DateTime<Utc> {
    let half_hour = wall.and_utc().timestamp().div_euclid(1800);
    (1..=48)
        .filter_map(|step| DateTime::from_timestamp((half_hour + step) * 1800, 0))
        .find_map(|after| London.from_local_datetime(&after.naive_utc()).earliest())
        .map_or_else(|| wall.and_utc(), |at| at.to_utc())
}

/// Whether `earlier` lies in the 24 elapsed hours that end at `now`: exactly 24 hours earlier is out.
pub fn within_24_hours(earlier: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    earlier <= now && now - earlier < Duration::hours(24)
}

/// Where a window that ends at some contact begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    pub at: DateTime<Utc>,
    /// A calendar window includes its first instant; a rolling one does not, so that a contact exactly seven days
    /// old is out.
    pub included: bool,
}

impl Opening {
    /// Whether the window that opens here reaches back to `at` (its end is the caller's).
    pub fn admits(self, at: DateTime<Utc>) -> bool {
        if self.included { at >= self.at } else { at > self.at }
    }
}

impl Window {
    /// The beginning of the window that ends at `now`, `now` included.
    pub fn opening(self, now: DateTime<Utc>) -> Opening {
        self.opening_at(wall_time(now))
    }

    /// The same for who knows already what the clock on the wall shows.
    pub fn opening_at(self, wall: NaiveDateTime) -> Opening {
        match self.kind {
            WindowKind::Rolling => Opening { at: instant_of(self.earlier(wall, self.n)), included: false },
            WindowKind::Calendar => {
                let unit = first_day(self.unit, wall.date()).and_time(NaiveTime::MIN);
                Opening { at: instant_of(self.earlier(unit, self.n.saturating_sub(1))), included: true }
            }
        }
    }

    /// The first instant at which a window no longer reaches back to a contact of `at`.
    pub fn releases(self, at: DateTime<Utc>) -> DateTime<Utc> {
        let wall = wall_time(at);
        let first = match self.kind {
            WindowKind::Rolling => instant_of(self.later(wall, self.n)),
            WindowKind::Calendar => {
                instant_of(self.later(first_day(self.unit, wall.date()).and_time(NaiveTime::MIN), self.n))
            }
        };
        let just_before = first - Duration::microseconds(1);
        match (self.opening(just_before).admits(at), self.opening(first).admits(at)) {
            (true, false) => first,
            (_, true) => self.first_release(first, first + Duration::days(5), at),
            (false, false) => self.first_release(first - Duration::hours(2), just_before, at),
        }
    }

    /// Whether a window that ends at `at` may reach back to a contact that an earlier one no longer reached: months differ
    /// in length, and one hour of October comes twice. Every other window opens no earlier than the ones before it.
    pub fn may_reach_back_again(self, at: DateTime<Utc>) -> bool {
        let hour_comes_twice = || at.month() == 10 && at.hour() == 1;
        self.kind == WindowKind::Rolling && (self.unit == WindowUnit::Month || hour_comes_twice())
    }

    /// The first instant after `from` at which a window no longer reaches back to a contact of `at`; `from` itself where it
    /// does not then. Months of different lengths let a window reach back to a contact that one a day before did not.
    pub fn releases_after(self, at: DateTime<Utc>, from: DateTime<Utc>) -> DateTime<Utc> {
        let mut inside = from;
        while self.opening(inside).admits(at) {
            let Some(tomorrow) = date_of(inside).checked_add_days(Days::new(1)) else { return inside };
            let midnight = instant_of(tomorrow.and_time(NaiveTime::MIN));
            let last_today = midnight - Duration::microseconds(1);
            if !self.opening(last_today).admits(at) {
                return self.first_release(inside, last_today, at);
            }
            inside = midnight;
        }
        inside
    }

    /// Months of different lengths and changes of the clock can move the release away from the same wall time `n`
    /// units later; then it is found by halving, to the microsecond.
    fn first_release(self, inside: DateTime<Utc>, outside: DateTime<Utc>, at: DateTime<Utc>) -> DateTime<Utc> {
        let (mut inside, mut outside) = (inside, outside);
        while outside - inside > Duration::microseconds(1) {
            let middle = inside + (outside - inside) / 2;
            if self.opening(middle).admits(at) {
                inside = middle;
            } else {
                outside = middle;
            }
        }
        // Times are kept to the microsecond, and so is what follows from them.
        let even = outside.trunc_subsecs(6);
        if self.opening(even).admits(at) { outside } else { even }
    }

    /// A month that lacks the day answers with its last day, as the law counts months.
    fn earlier(self, wall: NaiveDateTime, units: u32) -> NaiveDateTime {
        match self.unit {
            WindowUnit::Day => wall.checked_sub_days(Days::new(u64::from(units))),
            WindowUnit::Week => wall.checked_sub_days(Days::new(u64::from(units) * 7)),
            WindowUnit::Month => wall.checked_sub_months(Months::new(units)),
        }
        .unwrap_or(NaiveDateTime::MIN)
    }

    fn later(self, wall: NaiveDateTime, units: u32) -> NaiveDateTime {
        match self.unit {
            WindowUnit::Day => wall.checked_add_days(Days::new(u64::from(units))),
            WindowUnit::Week => wall.checked_add_days(Days::new(u64::from(units) * 7)),
            WindowUnit::Month => wall.checked_add_months(Months::new(units)),
        }
        .unwrap_or(NaiveDateTime::MAX)
    }
}

/// The first day of the calendar unit a day lies in; weeks start on Monday.
fn first_day(unit: WindowUnit, day: NaiveDate) -> NaiveDate {
    let first = match unit {
        WindowUnit::Day => Some(day),
        WindowUnit::Week => day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday()))),
        WindowUnit::Month => day.with_day(1),
    };
    first.unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn wall(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    fn window(kind: WindowKind, unit: WindowUnit, n: u32) -> Window {
        Window { kind, unit, n }
    }

    const ROLLING: WindowKind = WindowKind::Rolling;
    const CALENDAR: WindowKind = WindowKind::Calendar;

    #[test]
    fn a_wall_time_that_does_not_exist_is_the_moment_the_clocks_went_forward() {
        for missing in ["2026-03-29T01:00:00", "2026-03-29T01:30:00", "2026-03-29T01:59:59.999999"] {
            assert_eq!(instant_of(wall(missing)), utc("2026-03-29T01:00:00Z"), "{missing}");
        }
        assert_eq!(instant_of(wall("2026-03-29T02:00:00")), utc("2026-03-29T01:00:00Z"));
        assert_eq!(instant_of(wall("2026-03-29T00:59:59.999")), utc("2026-03-29T00:59:59.999Z"));
    }

    #[test]
    fn a_wall_time_that_exists_twice_is_the_later_one() {
        assert_eq!(instant_of(wall("2026-10-25T01:30:00")), utc("2026-10-25T01:30:00Z"));
        assert_eq!(instant_of(wall("2026-10-25T00:59:59")), utc("2026-10-24T23:59:59Z"));
    }

    #[test]
    fn the_short_way_and_the_time_zone_data_agree_on_every_hour_of_ten_years() {
        let start = utc("2019-12-31T22:00:00Z");
        for at in (0..10 * 366 * 24).map(|hours| start + Duration::hours(hours)) {
            assert_eq!(wall_time(at), at.with_timezone(&London).naive_local(), "{at}");
            if let MappedLocalTime::Single(expected) = London.from_local_datetime(&at.naive_utc()) {
                assert_eq!(instant_of(at.naive_utc()), expected.to_utc(), "{at}");
            }
        }
    }

    #[test]
    fn a_rolling_week_is_seven_wall_clock_days_across_both_changes_of_the_clock() {
        let week = window(ROLLING, WindowUnit::Week, 1);
        // 167 elapsed hours, then 169.
        assert_eq!(week.opening(utc("2026-04-01T11:00:00Z")).at, utc("2026-03-25T12:00:00Z"));
        assert_eq!(week.opening(utc("2026-10-28T12:00:00Z")).at, utc("2026-10-21T11:00:00Z"));
    }

    #[test]
    fn a_contact_exactly_seven_days_old_is_out_and_a_microsecond_younger_is_in() {
        let opening = window(ROLLING, WindowUnit::Day, 7).opening(utc("2026-06-15T09:00:00Z"));
        assert!(!opening.admits(utc("2026-06-08T09:00:00Z")));
        assert!(opening.admits(utc("2026-06-08T09:00:00.000001Z")));
    }

    #[test]
    fn a_calendar_day_of_the_change_has_23_or_25_hours() {
        let day = window(CALENDAR, WindowUnit::Day, 1);
        let short = day.opening(utc("2026-03-29T22:59:59.999Z"));
        assert_eq!(short, Opening { at: utc("2026-03-29T00:00:00Z"), included: true });
        assert_eq!(day.releases(short.at) - short.at, Duration::hours(23));
        let long = day.opening(utc("2026-10-25T23:59:59.999Z"));
        assert_eq!(long, Opening { at: utc("2026-10-24T23:00:00Z"), included: true });
        assert_eq!(day.releases(long.at) - long.at, Duration::hours(25));
    }

    #[test]
    fn midnight_belongs_to_the_new_day_and_the_last_millisecond_to_the_old() {
        let day = window(CALENDAR, WindowUnit::Day, 1);
        // In June London is an hour ahead.
        assert_eq!(day.opening(utc("2026-06-10T22:59:59.999Z")).at, utc("2026-06-09T23:00:00Z"));
        assert_eq!(day.opening(utc("2026-06-10T23:00:00Z")).at, utc("2026-06-10T23:00:00Z"));
    }

    #[test]
    fn a_calendar_week_starts_on_monday_and_a_month_on_its_first() {
        let sunday = utc("2026-06-14T12:00:00Z");
        assert_eq!(window(CALENDAR, WindowUnit::Week, 1).opening(sunday).at, utc("2026-06-07T23:00:00Z"));
        assert_eq!(window(CALENDAR, WindowUnit::Week, 2).opening(sunday).at, utc("2026-05-31T23:00:00Z"));
        assert_eq!(window(CALENDAR, WindowUnit::Month, 1).opening(sunday).at, utc("2026-05-31T23:00:00Z"));
        assert_eq!(window(CALENDAR, WindowUnit::Month, 3).opening(sunday).at, utc("2026-03-31T23:00:00Z"));
    }

    #[test]
    fn a_month_that_lacks_the_day_answers_with_its_last() {
        let month = window(ROLLING, WindowUnit::Month, 1);
        assert_eq!(month.opening(utc("2028-03-31T10:00:00Z")).at, utc("2028-02-29T11:00:00Z"));
        assert_eq!(month.opening(utc("2027-03-29T09:00:00Z")).at, utc("2027-02-28T10:00:00Z"));
        // Leap day: a contact of 29 February 2028 is out at the same time on 29 March.
        assert!(!month.opening(utc("2028-03-29T11:00:00Z")).admits(utc("2028-02-29T12:00:00Z")));
        assert_eq!(month.releases(utc("2028-02-29T12:00:00Z")), utc("2028-03-29T11:00:00Z"));
    }

    #[test]
    fn a_window_releases_a_contact_at_the_first_instant_that_no_longer_counts_it() {
        let ordinary = ["2026-06-10T10:00:00Z", "2028-02-29T12:00:00Z", "2026-01-31T10:00:00Z"];
        let near_a_change =
            ["2026-03-22T01:30:00Z", "2026-03-28T01:30:00Z", "2026-10-18T00:30:00Z", "2026-10-25T00:30:00Z"];
        for contact in ordinary.into_iter().chain(near_a_change).map(utc) {
            for unit in [WindowUnit::Day, WindowUnit::Week, WindowUnit::Month] {
                for window in [window(ROLLING, unit, 1), window(CALENDAR, unit, 1)] {
                    let released = window.releases(contact);
                    let just_before = released - Duration::microseconds(1);
                    assert!(!window.opening(released).admits(contact), "{window:?} {contact} {released}");
                    assert!(window.opening(just_before).admits(contact), "{window:?} {contact} {released}");
                }
            }
        }
    }

    #[test]
    fn twenty_four_hours_are_elapsed_hours_whatever_the_clocks_do() {
        let now = utc("2026-03-29T12:00:00Z");
        assert!(!within_24_hours(now - Duration::hours(24), now));
        assert!(within_24_hours(now - Duration::hours(24) + Duration::microseconds(1), now));
        assert!(within_24_hours(now, now));
        assert!(!within_24_hours(now + Duration::seconds(1), now));
    }
}
