//! What one system recorded, in order of time: everybody's calls are made up one after the other, and only those rows
//! wait that come before the next call.

use super::callers::{Caller, Known};
use super::chance::{Chance, shuffled};
use super::{County, DAY};
use crate::domain::calendar::london;
use crate::domain::calls::SystemKind;
use crate::domain::contact::Channel;
use chrono::{DateTime, Datelike, Timelike};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// One row of a system, before it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Seconds since 1970.
    pub at: i64,
    /// The call it belongs to; every row of one call has the same.
    pub call: u64,
    pub(super) kind: Kind,
    pub(super) caller: Caller,
    pub(super) channel: Channel,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Call,
    /// A call of ours to them.
    Back,
    Radio,
}

/// The rows of one system of a [`County`].
#[derive(Debug)]
pub struct Rows<'c> {
    county: &'c County,
    system: SystemKind,
    waiting: BinaryHeap<Reverse<Entry>>,
    /// Calls of others so far, and what the next one is.
    made: u64,
    events: u64,
    next: Option<Next>,
    planned: usize,
}

#[derive(Clone, Copy, Debug)]
struct Next {
    at: i64,
    caller: Caller,
    channel: Channel,
    /// How often they have redialled.
    redials: u32,
}

/// The other systems see a call begin so many seconds after the log at most: still one call.
const LATEST: i64 = 30;
/// Seconds to the next redial at most, of which there are three at most.
const REDIAL: i64 = 240;
const PLANNED: u64 = 1 << 40;
/// Of a thousand calls, so many begin in each hour of the day.
const HOURS: [u64; 24] =
    [33, 27, 22, 18, 15, 14, 17, 24, 34, 42, 47, 49, 50, 50, 50, 52, 55, 58, 60, 60, 59, 57, 55, 52];

impl<'c> Rows<'c> {
    pub(super) fn new(county: &'c County, system: SystemKind) -> Self {
        let waiting = BinaryHeap::new();
        let mut rows = Self { county, system, waiting, made: 0, events: 0, next: None, planned: 0 };
        rows.next = rows.following();
        rows
    }

    /// The call of others after the last one.
    fn following(&mut self) -> Option<Next> {
        if self.made >= self.county.others {
            return None;
        }
        let seed = self.county.parameters.seed;
        let mut chance = Chance::of(seed, PLANNED * 2 + self.made);
        if let Some(last) = self.next
            && last.redials < 3
            && chance.percent(if last.redials == 0 { 6 } else { 40 })
            && !near_the_hour_that_comes_twice(last.at)
        {
            let at = last.at + chance.between(5, REDIAL);
            return Some(Next { at, redials: last.redials + 1, ..last });
        }
        let callers = u64::from(self.county.callers.others());
        let (round, place) = (self.events / callers, self.events % callers);
        self.events += 1;
        let caller = shuffled(place, callers, Chance::of(seed, PLANNED * 3 + round));
        let channel = match chance.below(100) {
            0..35 => Channel::Phone999,
            35..92 => Channel::Phone101,
            _ => Channel::Telephone,
        };
        let at = self.time(self.made, &mut chance);
        Some(Next { at, caller: Caller::try_from(caller).unwrap_or_default(), channel, redials: 0 })
    }

    /// Calls are as many each day, and more by day than by night.
    fn time(&self, nth: u64, chance: &mut Chance) -> i64 {
        let County { begins, ends, others, .. } = self.county;
        let span = u128::from((ends - begins).unsigned_abs());
        let even = u128::from(nth) * span * 1_000 / u128::from(*others).max(1);
        let thousandth = u64::try_from(even % (DAY as u128 * 1_000)).unwrap_or_default() / DAY as u64;
        let day = i64::try_from(even / (DAY as u128 * 1_000)).unwrap_or_default();
        let mut left = thousandth;
        for (hour, weight) in (0..24).zip(HOURS) {
            if left < weight {
                let inside = left * 3_600 / weight;
                // Within the step to the next, so that calls stay in order.
                let step = (3_600 / weight).min(60);
                let at =
                    begins + day * DAY + hour * 3_600 + i64::try_from(inside + chance.below(step)).unwrap_or_default();
                return at.min(ends - 3_600);
            }
            left -= weight;
        }
        (begins + (day + 1) * DAY - 1).min(ends - 3_600)
    }

    /// Puts the rows this system has of a call among those that wait.
    fn record(&mut self, entry: Entry, certain: bool) {
        let mut chance = Chance::of(self.county.parameters.seed, PLANNED * 4 + entry.call);
        let (logged, recorded, distributed, listed) =
            (certain || chance.percent(80), chance.percent(92), chance.percent(85), chance.percent(20));
        let recorded = recorded || !(logged || distributed);
        let offsets = [0; 3].map(|_: i64| chance.between(0, LATEST));
        let known = self.county.callers.known(entry.caller);
        // Without a number nothing tells that two rows are one call: a planted call is in one system only.
        let elsewhere = !certain || known == Known::ByNumber;
        let [second, third, fourth] = offsets;
        let (there, offset) = match self.system {
            SystemKind::CommandAndControl => (logged, 0),
            SystemKind::CallRecorder => (recorded && elsewhere, second),
            SystemKind::Acd => (distributed && elsewhere, third),
            SystemKind::Switchboard => (listed && elsewhere && known != Known::ByName, fourth),
            SystemKind::CallTaker => (false, 0),
        };
        if there {
            self.waiting.push(Reverse(Entry { at: entry.at + offset, ..entry }));
        }
        let (radio, back) = (chance.percent(25), chance.percent(4));
        if radio && matches!(self.system, SystemKind::CallRecorder | SystemKind::CommandAndControl) {
            self.waiting.push(Reverse(Entry { at: entry.at + 45, kind: Kind::Radio, ..entry }));
        }
        if back && self.system == SystemKind::CallRecorder {
            self.waiting.push(Reverse(Entry { at: entry.at + 1_500, kind: Kind::Back, ..entry }));
        }
    }

    fn make_planned(&mut self) {
        let Some(call) = self.county.planned.get(self.planned).copied() else { return };
        let number = PLANNED + self.planned as u64;
        self.planned += 1;
        let entry = |kind, channel| Entry { at: call.at, call: number, kind, caller: call.caller, channel };
        match call.channel {
            Some(channel) => self.record(entry(Kind::Call, channel), true),
            None if self.system == SystemKind::CallRecorder => {
                self.waiting.push(Reverse(entry(Kind::Back, Channel::Telephone)));
            }
            None => {}
        }
    }

    fn make_other(&mut self) {
        let Some(next) = self.next else { return };
        let entry =
            Entry { at: next.at, call: self.made, kind: Kind::Call, caller: next.caller, channel: next.channel };
        self.made += 1;
        let following = self.following();
        let redialled = following.is_some_and(|following| following.redials > 0);
        self.record(entry, next.redials > 0 || redialled);
        self.next = following;
    }
}

impl Iterator for Rows<'_> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        loop {
            let other = self.next.map(|next| next.at);
            let planned = self.county.planned.get(self.planned).map(|call| call.at);
            let soonest = [other, planned].into_iter().flatten().min();
            // Redials may be later than the call after them: rows wait until no such call can come.
            let settled = soonest.map_or(i64::MAX, |at| at - 4 * REDIAL);
            if self.waiting.peek().is_some_and(|Reverse(entry)| entry.at <= settled) {
                return self.waiting.pop().map(|Reverse(entry)| entry);
            }
            soonest?;
            if soonest == other { self.make_other() } else { self.make_planned() }
        }
    }
}

/// A call then may be read as an hour earlier; with redials beside it that could make many of few.
fn near_the_hour_that_comes_twice(at: i64) -> bool {
    let wall = DateTime::from_timestamp(at, 0).map(london::wall_time);
    wall.is_some_and(|wall| wall.month() == 10 && wall.day() > 24 && wall.hour() <= 2)
}
