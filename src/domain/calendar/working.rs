//! Working days: what a deadline of ours is counted in.

use chrono::{Datelike, NaiveDate, Weekday};
use std::collections::BTreeSet;

/// Monday to Friday less the bank holidays of England and Wales.
#[derive(Clone, Debug, Default)]
pub struct WorkingCalendar {
    pub bank_holidays: BTreeSet<NaiveDate>,
}

impl WorkingCalendar {
    pub fn is_working_day(&self, day: NaiveDate) -> bool {
        !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !self.bank_holidays.contains(&day)
    }

    /// The `days`-th working day after `day`; `day` itself for 0. `None` beyond the end of the calendar.
    pub fn add_working_days(&self, day: NaiveDate, days: u32) -> Option<NaiveDate> {
        let mut reached = day;
        for _ in 0..days {
            reached = reached.succ_opt()?;
            while !self.is_working_day(reached) {
                reached = reached.succ_opt()?;
            }
        }
        Some(reached)
    }

    /// The `days`-th working day before `day`; `day` itself for 0. `None` before the beginning of the calendar.
    pub fn subtract_working_days(&self, day: NaiveDate, days: u32) -> Option<NaiveDate> {
        let mut reached = day;
        for _ in 0..days {
            reached = reached.pred_opt()?;
            while !self.is_working_day(reached) {
                reached = reached.pred_opt()?;
            }
        }
        Some(reached)
    }

    /// Working days after `from`, up to and including `to`; 0 where `to` is not later.
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        let mut counted = 0;
        for day in from.iter_days().skip(1).take_while(|day| *day <= to) {
            counted += i64::from(self.is_working_day(day));
        }
        counted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn calendar() -> WorkingCalendar {
        WorkingCalendar { bank_holidays: ["2026-12-25", "2026-12-28"].map(day).into_iter().collect() }
    }

    #[test]
    fn weekends_and_bank_holidays_do_not_count() {
        let calendar = calendar();
        assert_eq!(calendar.add_working_days(day("2026-12-24"), 1), Some(day("2026-12-29")));
        assert_eq!(calendar.add_working_days(day("2026-12-24"), 0), Some(day("2026-12-24")));
        assert_eq!(calendar.add_working_days(day("2026-12-26"), 1), Some(day("2026-12-29")));
        assert_eq!(calendar.add_working_days(NaiveDate::MAX, 1), None);
    }

    #[test]
    fn the_days_before_a_holiday_are_counted_back_over_it() {
        let calendar = calendar();
        assert_eq!(calendar.subtract_working_days(day("2026-12-29"), 1), Some(day("2026-12-24")));
        assert_eq!(calendar.subtract_working_days(day("2026-12-27"), 2), Some(day("2026-12-23")));
        assert_eq!(calendar.subtract_working_days(day("2026-12-26"), 0), Some(day("2026-12-26")));
        assert_eq!(calendar.subtract_working_days(NaiveDate::MIN, 1), None);
    }

    #[test]
    fn counting_is_the_inverse_of_adding() {
        let calendar = calendar();
        for days in 0..30_u32 {
            let reached = calendar.add_working_days(day("2026-12-17"), days).unwrap();
            assert_eq!(calendar.working_days_between(day("2026-12-17"), reached), i64::from(days));
        }
        assert_eq!(calendar.working_days_between(day("2026-12-29"), day("2026-12-24")), 0);
    }
}
