//! A county's calls, made up: as four systems would have recorded them, in memory that does not grow with their number.
//! The same seed gives the same files on every machine, and the truth that was planted in them is known.
//!
//! Nobody in it is anybody: the numbers are of an area code that was never given out, and the names say what they are.

mod callers;
mod chance;
mod planted;
mod rows;
mod written;

pub use rows::{Entry, Rows};
pub use written::{CsvFile, CsvRows};

use crate::domain::calendar::london;
use crate::domain::calls::{CallerKey, SystemKind};
use callers::Callers;
use chance::Chance;
use chrono::{Days, NaiveDate};
use planted::Planned;
use std::collections::BTreeSet;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameters {
    pub seed: u64,
    /// Calls to the control room, redials among them; radio and calls of ours come on top.
    pub calls: u64,
    /// Who makes them, repeat callers among them; at most 900,000.
    pub callers: u32,
    /// Who makes ten 999 or 101 calls or more in some rolling week.
    pub repeat_callers: u32,
    /// The first London day.
    pub from: NaiveDate,
    /// The first day that is none any more; a month later at least.
    pub until: NaiveDate,
}

impl Parameters {
    /// A year of a county: a million calls by a hundred thousand callers, 400 of them repeat callers.
    pub fn year(seed: u64, from: NaiveDate) -> Self {
        let until = from.checked_add_days(Days::new(365)).unwrap_or(from);
        Self { seed, calls: 1_000_000, callers: 100_000, repeat_callers: 400, from, until }
    }
}

/// Why there can be no such county.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCounty {
    #[error("a county has at most 900,000 callers, and more of them than its planted ones ({planted})")]
    Callers { planted: u32 },
    #[error("the days are a month at least")]
    Days,
    #[error("the planted callers alone make {planned} calls")]
    TooFewCalls { planned: u64 },
    #[error("with more than {most} calls somebody would be a repeat caller by chance")]
    TooManyCalls { most: u64 },
}

/// A made-up county.
#[derive(Clone, Debug)]
pub struct County {
    parameters: Parameters,
    callers: Callers,
    /// Calls of planted callers, in order of time.
    planned: Vec<Planned>,
    /// Calls of everybody else.
    others: u64,
    begins: i64,
    ends: i64,
    truth: Truth,
}

/// What was planted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Truth {
    pub repeat_callers: BTreeSet<CallerKey>,
    /// Callers who come as near to it as one can: nine calls, ten in exactly a week, a tenth that is ours.
    pub near_misses: BTreeSet<CallerKey>,
}

/// Nobody calls twice of their own in so many days, so that nobody becomes a repeat caller by chance.
const DAYS_BETWEEN: i64 = 8;
const DAY: i64 = 86_400;

impl County {
    /// # Errors
    /// The parameters contradict each other.
    pub fn new(parameters: Parameters) -> Result<Self, NoCounty> {
        let Parameters { seed, calls, callers, repeat_callers, from, until } = parameters;
        let begins = london::start_of_day(from).timestamp();
        let ends = london::start_of_day(until).timestamp();
        if ends - begins < 28 * DAY {
            return Err(NoCounty::Days);
        }
        let near_misses = (repeat_callers / 2).max(8);
        let planted = repeat_callers + near_misses;
        if callers > 900_000 || callers <= planted {
            return Err(NoCounty::Callers { planted });
        }
        let everyone = Callers::new(seed, callers, planted);
        let mut plan = planted::Plan::new(Chance::of(seed, 1), from, until);
        let mut truth = Truth::default();
        for nth in 0..repeat_callers {
            let caller = everyone.planted(nth);
            plan.repeat_caller(nth, caller);
            truth.repeat_callers.extend(everyone.key(caller));
        }
        for nth in 0..near_misses {
            let caller = everyone.planted(repeat_callers + nth);
            plan.near_miss(nth, caller);
            truth.near_misses.extend(everyone.key(caller));
        }
        let planned = plan.in_order();
        let by_them = planned.iter().filter(|call| call.comes_in()).count() as u64;
        let others = calls.checked_sub(by_them).ok_or(NoCounty::TooFewCalls { planned: by_them })?;
        let rounds = u64::try_from((ends - begins) / (DAYS_BETWEEN * DAY)).unwrap_or_default();
        let most = u64::from(callers - planted) * rounds;
        if others > most {
            return Err(NoCounty::TooManyCalls { most: most + by_them });
        }
        Ok(Self { parameters, callers: everyone, planned, others, begins, ends, truth })
    }

    pub fn truth(&self) -> &Truth {
        &self.truth
    }

    /// What a system recorded, in order of time.
    pub fn rows(&self, system: SystemKind) -> Rows<'_> {
        Rows::new(self, system)
    }

    /// The same as lines of the file its shipped profile reads, the headings first.
    pub fn csv(&self, system: SystemKind) -> CsvRows<'_> {
        CsvRows::new(self, system)
    }

    /// The same as bytes.
    pub fn file(&self, system: SystemKind) -> CsvFile<'_> {
        CsvFile::new(self.csv(system))
    }
}

#[cfg(test)]
mod tests;
