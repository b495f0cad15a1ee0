//! The calls of those who were planted: repeat callers of every shape, and callers who are as near to it as one can be.

use super::callers::Caller;
use super::chance::Chance;
use crate::domain::calendar::london;
use crate::domain::contact::Channel;
use chrono::{DateTime, Datelike, Days, Duration, MappedLocalTime, NaiveDate, NaiveDateTime, Utc, Weekday};

/// One call that is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Planned {
    pub(super) at: i64,
    pub(super) caller: Caller,
    /// `None`: a call of ours to them.
    pub(super) channel: Option<Channel>,
}

impl Planned {
    pub(super) fn comes_in(&self) -> bool {
        self.channel.is_some()
    }
}

pub(super) struct Plan {
    chance: Chance,
    from: NaiveDate,
    until: NaiveDate,
    calls: Vec<Planned>,
}

impl Plan {
    pub(super) fn new(chance: Chance, from: NaiveDate, until: NaiveDate) -> Self {
        Self { chance, from, until, calls: Vec::new() }
    }

    /// Ten calls or more in some rolling week.
    pub(super) fn repeat_caller(&mut self, nth: u32, caller: Caller) {
        let first = match nth % 8 {
            6 => self.before_change(10).unwrap_or_else(|| self.somewhere()),
            7 => self.before_change(3).unwrap_or_else(|| self.somewhere()),
            _ => self.somewhere(),
        };
        let almost_a_week = exactly_a_week_after(first) - Duration::seconds(1);
        match nth % 8 {
            // The tenth a second before the first is a week old, also where that week has 167 or 169 hours.
            0 | 6 | 7 => self.spread(caller, first, almost_a_week, 10),
            1 => {
                let calls = self.chance.between(11, 40);
                self.spread(caller, first, first + Duration::days(6), calls);
            }
            2 => {
                self.spread(caller, first, almost_a_week, 12);
                let again = self.somewhere();
                self.spread(caller, again, again + Duration::days(3), 15);
            }
            5 => self.spread(caller, first, first + Duration::hours(20), 10),
            _ => {
                let calls = self.chance.between(10, 18);
                self.spread(caller, first, first + Duration::days(5), calls);
            }
        }
    }

    /// Never ten.
    pub(super) fn near_miss(&mut self, nth: u32, caller: Caller) {
        let first = match nth % 8 {
            6 => self.before_change(10).unwrap_or_else(|| self.somewhere()),
            7 => self.before_change(3).unwrap_or_else(|| self.somewhere()),
            _ => self.somewhere(),
        };
        let week = exactly_a_week_after(first);
        match nth % 8 {
            // The tenth comes when the first is exactly a week old.
            0 | 6 | 7 => self.spread(caller, first, week, 10),
            1 => {
                self.spread(caller, first, week - Duration::hours(30), 9);
                let back = (week - Duration::hours(3)).timestamp();
                self.calls.push(Planned { at: back, caller, channel: None });
            }
            2 => {
                self.spread(caller, first, week - Duration::hours(30), 9);
                let direct = (week - Duration::hours(3)).timestamp();
                self.calls.push(Planned { at: direct, caller, channel: Some(Channel::Telephone) });
            }
            _ => self.spread(caller, first, week - Duration::hours(1), 9),
        }
    }

    pub(super) fn in_order(mut self) -> Vec<Planned> {
        self.calls.sort_unstable();
        self.calls
    }

    /// So many calls, the first and the last at these times, the others between them.
    fn spread(&mut self, caller: Caller, first: DateTime<Utc>, last: DateTime<Utc>, calls: i64) {
        let (first, last) = (first.timestamp(), last.timestamp());
        let step = (last - first) / (calls - 1).max(1);
        for nth in 0..calls {
            let at = match nth {
                0 => first,
                _ if nth == calls - 1 => last,
                _ => clear_of_the_hour_that_comes_twice(first + nth * step + self.chance.between(-step / 4, step / 4)),
            };
            let channel = if self.chance.percent(50) { Channel::Phone999 } else { Channel::Phone101 };
            self.calls.push(Planned { at, caller, channel: Some(channel) });
        }
    }

    /// An afternoon with two weeks after it.
    fn somewhere(&mut self) -> DateTime<Utc> {
        let days = (self.until - self.from).num_days();
        let day = self.from + Duration::days(self.chance.between(1, days - 16));
        self.afternoon(day)
    }

    fn afternoon(&mut self, day: NaiveDate) -> DateTime<Utc> {
        let second = self.chance.between(12 * 3600, 20 * 3600);
        london::instant_of(day.and_time(chrono::NaiveTime::MIN) + Duration::seconds(second))
    }

    /// An afternoon from which a week reaches over the change of the clocks in this month, if that is in these days.
    fn before_change(&mut self, month: u32) -> Option<DateTime<Utc>> {
        let years = self.from.year()..=self.until.year();
        let mut changes = years.filter_map(|year| {
            let last = |day| NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Sun, day);
            last(5).or_else(|| last(4))
        });
        let (from, until) = (self.from, self.until);
        let inside = |change: &NaiveDate| *change - Days::new(8) > from && *change + Days::new(8) < until;
        let change = changes.find(inside)?;
        let day = change - Days::new(self.chance.below(5) + 1);
        Some(self.afternoon(day))
    }
}

/// When clocks in London show the same a week later.
fn exactly_a_week_after(first: DateTime<Utc>) -> DateTime<Utc> {
    london::instant_of(london::wall_time(first) + Duration::days(7))
}

/// A file that tells London's time cannot tell which of the two a call was in; nothing that is to be exact is put there.
fn clear_of_the_hour_that_comes_twice(at: i64) -> i64 {
    let wall: NaiveDateTime = DateTime::from_timestamp(at, 0).map(london::wall_time).unwrap_or_default();
    let twice = matches!(london::passes_of(wall), MappedLocalTime::Ambiguous(..));
    if twice { at + 2 * 3600 } else { at }
}
