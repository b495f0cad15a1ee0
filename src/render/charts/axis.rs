//! Scales: counts up the side in steps of 1, 2 or 5, dates along the foot at Mondays or month starts.

use super::words::short_date;
use chrono::{Datelike, NaiveDate, Weekday};

/// Fewer spaces between ticks than this: at most six ticks with the 0.
const MOST_STEPS: u32 = 5;
/// From this many days on, ticks stand at the starts of months.
const MONTHS_FROM: usize = 200;
/// Up to this many days, each day has a tick.
const EACH_DAY_UNTIL: usize = 10;
/// Labels that fit a narrow chart (about 220 px of plot), and a wide one (about 600 px).
const FIT_NARROW: usize = 4;
const FIT_WIDE: usize = 12;

/// A count axis from 0 to `top`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CountAxis {
    /// At least 1, and a whole number of steps.
    pub(super) top: u32,
    /// 1, 2 or 5 times a power of ten.
    pub(super) step: u32,
}

impl CountAxis {
    /// The shortest axis that holds `most`.
    pub(super) fn holding(most: u32) -> Self {
        let steps = (0..10).flat_map(|power| [1, 2, 5].map(|digit| 10_u32.saturating_pow(power).saturating_mul(digit)));
        let step = steps.into_iter().find(|step| most.div_ceil(*step) <= MOST_STEPS).unwrap_or(u32::MAX);
        Self { top: step.saturating_mul(most.div_ceil(step).max(1)), step }
    }

    /// From 0 to the top.
    pub(super) fn ticks(self) -> impl Iterator<Item = u32> {
        (0..=self.top / self.step).map(move |place| place.saturating_mul(self.step))
    }

    /// The share of the axis that a count takes, 0 to 1.
    pub(super) fn share(self, count: u32) -> f64 {
        f64::from(count.min(self.top)) / f64::from(self.top)
    }
}

/// A date along the foot of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DateTick {
    /// Days after the first day.
    pub(super) day: usize,
    /// `24 Oct`.
    pub(super) label: String,
    /// Shown on a narrow chart too.
    pub(super) narrow: bool,
}

/// The dates to name on an axis of `days` days. The latest Monday is always named; months keep to the quarters.
pub(super) fn date_ticks(first: NaiveDate, days: usize) -> Vec<DateTick> {
    let months = days >= MONTHS_FROM;
    let candidates: Vec<(usize, NaiveDate)> = first
        .iter_days()
        .take(days)
        .enumerate()
        .filter(|(_, date)| match days {
            MONTHS_FROM.. => date.day() == 1,
            ..=EACH_DAY_UNTIL => true,
            _ => date.weekday() == Weekday::Mon,
        })
        .collect();
    let wide = stride(candidates.len(), FIT_WIDE, 1);
    let narrow = stride(candidates.len(), FIT_NARROW, wide);
    let from_the_end = (0..candidates.len()).rev();
    candidates
        .iter()
        .zip(from_the_end)
        .filter_map(|(&(day, date), from_the_end)| {
            let place = if months { usize::try_from(date.month0()).unwrap_or(0) } else { from_the_end };
            let tick = || DateTick { day, label: short_date(date), narrow: place.is_multiple_of(narrow) };
            place.is_multiple_of(wide).then(tick)
        })
        .collect()
}

/// How many candidates to go on from a tick to the next, so that at most `fit` are named.
fn stride(candidates: usize, fit: usize, multiple_of: usize) -> usize {
    [1, 2, 3, 4, 6, 12]
        .into_iter()
        .filter(|stride: &usize| stride.is_multiple_of(multiple_of))
        .find(|stride| candidates.div_ceil(*stride) <= fit)
        .unwrap_or(12)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(most: u32) -> (u32, u32) {
        let axis = CountAxis::holding(most);
        (axis.top, axis.step)
    }

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn counts_go_up_in_steps_of_one_two_or_five() {
        assert_eq!(
            [0, 1, 5, 6, 10, 11, 23, 26].map(axis),
            [(1, 1), (1, 1), (5, 1), (6, 2), (10, 2), (15, 5), (25, 5), (30, 10)]
        );
        assert_eq!(axis(10_000), (10_000, 2_000));
    }

    #[test]
    fn there_are_never_more_than_six_ticks_and_all_counts_fit() {
        for most in (0..3_000).chain([10_000, 123_456, 4_000_000_000, u32::MAX]) {
            let axis = CountAxis::holding(most);
            assert!(axis.ticks().count() <= 6, "{most}");
            assert!(axis.top >= most, "{most}");
            assert!(axis.share(most) <= 1.0);
        }
    }

    #[test]
    fn twelve_weeks_have_ticks_at_mondays() {
        let ticks = date_ticks(date("2026-08-29"), 84);
        assert_eq!(ticks.len(), 12);
        assert_eq!(ticks.first().map(|tick| tick.label.as_str()), Some("31 Aug"));
        assert_eq!(ticks.last().map(|tick| (tick.label.as_str(), tick.narrow)), Some(("16 Nov", true)));
        assert_eq!(ticks.iter().filter(|tick| tick.narrow).count(), 4);
    }

    #[test]
    fn a_year_has_ticks_at_the_starts_of_months() {
        let ticks = date_ticks(date("2025-11-21"), 365);
        assert!(ticks.iter().all(|tick| tick.label.starts_with("1 ")));
        assert_eq!(ticks.len(), 12);
        let narrow: Vec<&str> = ticks.iter().filter(|tick| tick.narrow).map(|tick| tick.label.as_str()).collect();
        assert_eq!(narrow, ["1 Jan", "1 Apr", "1 Jul", "1 Oct"]);
    }

    #[test]
    fn a_few_days_are_all_named() {
        assert_eq!(date_ticks(date("2026-10-24"), 1).len(), 1);
        assert_eq!(date_ticks(date("2026-10-24"), 7).len(), 7);
        assert_eq!(date_ticks(date("2026-10-24"), 0), []);
    }

    #[test]
    fn no_length_names_more_dates_than_fit() {
        for days in 0..800 {
            let ticks = date_ticks(date("2026-01-01"), days);
            assert!(ticks.len() <= 13, "{days} days: {}", ticks.len());
            assert!(ticks.iter().filter(|tick| tick.narrow).count() <= 5, "{days} days");
        }
    }
}
