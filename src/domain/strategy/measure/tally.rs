//! The running count of one frequency limit: two ends moving over the allowances used, never a second pass.

use crate::domain::strategy::limits::{Limit, Window};
use crate::domain::strategy::verdict::Frequency;
use chrono::{DateTime, NaiveDateTime, Utc};

pub(super) struct Tally {
    limit: usize,
    max: u32,
    window: Window,
    /// When allowances were used, oldest first.
    used_at: Vec<DateTime<Utc>>,
    /// The oldest of them that the last window looked at still admits.
    oldest: usize,
    /// The last answer of [`Tally::free_at`] and the contact it was for.
    freed: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

impl Tally {
    /// `None` for a limit that bounds no frequency.
    pub(super) fn open(index: usize, limit: &Limit) -> Option<Self> {
        let (max, window) = limit.max.zip(limit.window)?;
        Some(Self { limit: index, max, window, used_at: Vec::new(), oldest: 0, freed: None })
    }

    pub(super) fn enter(&mut self, at: DateTime<Utc>) {
        self.used_at.push(at);
    }

    /// What the window that ends at `now` (on the wall in London) holds. Windows may open a little earlier than the one before (short months,
    /// the hour that comes twice), so the near end moves both ways.
    pub(super) fn look(&mut self, now: NaiveDateTime) -> Frequency {
        let opening = self.window.opening_at(now);
        let admits = |index: usize| self.used_at.get(index).is_some_and(|at| opening.admits(*at));
        let mut oldest = self.oldest;
        while oldest < self.used_at.len() && !admits(oldest) {
            oldest += 1;
        }
        while oldest.checked_sub(1).is_some_and(admits) {
            oldest -= 1;
        }
        self.oldest = oldest;
        let used = u32::try_from(self.used_at.len() - oldest).unwrap_or(u32::MAX);
        Frequency { limit: self.limit, max: self.max, used, window: self.window, window_start: opening.at }
    }

    /// When the window has room again that is full at `at`, a time after the contacts so far; `None` where it has room then.
    pub(super) fn full_until(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if !self.window.may_reach_back_again(at) {
            return None;
        }
        let newest_in_the_way = self.used_at.len().checked_sub(usize::try_from(self.max).ok()?)?;
        let used = *self.used_at.get(newest_in_the_way)?;
        let free = self.window.releases_after(used, at);
        (free > at).then_some(free)
    }

    /// When the window last looked at, which was full, has room again; `None` if it never has (nothing is allowed).
    pub(super) fn free_at(&mut self) -> Option<DateTime<Utc>> {
        let newest_in_the_way = self.used_at.len().checked_sub(usize::try_from(self.max).ok()?)?;
        let at = *self.used_at.get(newest_in_the_way)?;
        match self.freed {
            Some((known, free)) if known == at => Some(free),
            Some(_) | None => {
                let free = self.window.releases(at);
                self.freed = Some((at, free));
                Some(free)
            }
        }
    }
}
