//! Contacts per day: how often a person was in contact, the total of a rolling window beside the threshold, and what
//! was decided when.

use super::daily_words as say;
use super::svg::Said;
use super::words::{grouped, long_date};
use super::{Chart, Table, csv, daily_picture};
use chrono::NaiveDate;
use std::collections::VecDeque;

/// The window of the totals where there is no threshold, in days.
const USUAL_WINDOW: u32 = 7;

/// What a chart of contacts per day is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DailyContacts {
    /// A London day.
    pub first_day: NaiveDate,
    /// Contacts on each London day from the first day on. Whether a day has 23, 24 or 25 hours makes no difference.
    pub counts: Vec<u32>,
    /// Contacts on the days just before the first, oldest first: for the totals of the first days alone. Where there
    /// are fewer than the window needs, those totals are not known and not drawn.
    pub earlier: Vec<u32>,
    pub threshold: Option<Threshold>,
    pub limits: Vec<LimitLine>,
    /// In any order. Those outside the days are left out.
    pub events: Vec<DailyEvent>,
}

/// A number of contacts in a window of days that somebody looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// `Threshold`.
    pub label: String,
    /// The window, 1 or more London days up to and with the day itself. 0 is taken as 1.
    pub days: u32,
    pub trips: Trips,
    /// The level by date, in any order. Before the first there was none.
    pub steps: Vec<ThresholdStep>,
}

/// The level of a threshold from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThresholdStep {
    pub from: NaiveDate,
    /// Contacts in the window.
    pub level: u32,
}

/// When a total meets a threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trips {
    /// At the level: "ten or more".
    AtLevel,
    /// One above the level: "more than ten".
    AboveLevel,
}

/// A limit that a strategy sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitLine {
    /// `Strategy limit`.
    pub label: String,
    /// Most contacts in `days`.
    pub most: u32,
    /// London days. Drawn beside the bars where it is 1, beside the totals where it is their window; otherwise said in
    /// the key alone.
    pub days: u32,
    pub from: NaiveDate,
    /// The last day it holds.
    pub to: Option<NaiveDate>,
}

/// Something that was decided or done on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DailyEvent {
    pub day: NaiveDate,
    /// `Strategy started`: the chart adds the date.
    pub label: String,
}

/// The chart. `id` begins the ids in it: letters, digits and hyphens, unique on the page.
///
/// No days: the heading says so and nothing is drawn.
pub fn daily_chart(id: &str, contacts: &DailyContacts) -> Chart {
    let series = Series::of(contacts);
    let title = say::title(&series);
    let description = say::description(&series);
    let said = Said { id, title: &title, description: &description };
    let svg = if series.days.is_empty() { String::new() } else { daily_picture::draw(&said, &series) };
    let key = say::key(&series);
    let (table, csv) = numbers(&series);
    Chart { id: id.to_owned(), heading: say::heading(&series), svg, key, table, csv, title, description }
}

/// The days with all that is known of each.
pub(super) struct Series<'a> {
    pub(super) days: Vec<Day<'a>>,
    /// Of the totals, in days.
    pub(super) window: u32,
    pub(super) threshold: Option<&'a Threshold>,
    pub(super) limits: &'a [LimitLine],
}

/// One day.
pub(super) struct Day<'a> {
    pub(super) date: NaiveDate,
    pub(super) count: u32,
    /// Of the window that ends with this day; `None` where it began before the first count known.
    pub(super) total: Option<u32>,
    /// Of the threshold on this day.
    pub(super) level: Option<u32>,
    /// Whether the total meets the threshold.
    pub(super) tripped: bool,
    pub(super) events: Vec<&'a str>,
}

impl<'a> Series<'a> {
    fn of(contacts: &'a DailyContacts) -> Self {
        let threshold = contacts.threshold.as_ref();
        let window = threshold.map_or(USUAL_WINDOW, |threshold| threshold.days.max(1));
        let totals = rolling_totals(&contacts.earlier, &contacts.counts, window);
        let days = contacts.first_day.iter_days().zip(&contacts.counts).zip(totals);
        let days = days.map(|((date, &count), total)| {
            let level = threshold.and_then(|threshold| threshold.level_on(date));
            let tripped = match (threshold, total, level) {
                (Some(threshold), Some(total), Some(level)) => threshold.trips.met(total, level),
                _ => false,
            };
            let on_the_day = contacts.events.iter().filter(|event| event.day == date);
            let events = on_the_day.map(|event| event.label.as_str()).collect();
            Day { date, count, total, level, tripped, events }
        });
        Self { days: days.collect(), window, threshold, limits: &contacts.limits }
    }

    /// All contacts.
    pub(super) fn sum(&self) -> u32 {
        self.days.iter().fold(0, |sum, day| day.count.saturating_add(sum))
    }

    /// The total one window before the last day.
    pub(super) fn total_before(&self) -> Option<u32> {
        let back = usize::try_from(self.window).ok()?;
        self.days.iter().rev().nth(back)?.total
    }

    /// Each event with its day, by day.
    pub(super) fn events(&self) -> impl Iterator<Item = (usize, NaiveDate, &'a str)> {
        self.days
            .iter()
            .enumerate()
            .flat_map(|(place, day)| day.events.iter().map(move |label| (place, day.date, *label)))
    }
}

impl Threshold {
    fn level_on(&self, date: NaiveDate) -> Option<u32> {
        let begun = self.steps.iter().filter(|step| step.from <= date);
        begun.max_by_key(|step| step.from).map(|step| step.level)
    }
}

impl Trips {
    pub(super) fn met(self, total: u32, level: u32) -> bool {
        match self {
            Trips::AtLevel => total >= level,
            Trips::AboveLevel => total > level,
        }
    }
}

/// For each of `counts`, the sum of the `window` days that end with it.
pub(super) fn rolling_totals(earlier: &[u32], counts: &[u32], window: u32) -> Vec<Option<u32>> {
    let window = usize::try_from(window.max(1)).unwrap_or(usize::MAX);
    let mut inside = VecDeque::with_capacity(window.min(400));
    let mut sum = 0_u64;
    let totals = earlier.iter().chain(counts).map(|&count| {
        inside.push_back(count);
        sum += u64::from(count);
        if inside.len() > window {
            sum -= inside.pop_front().map_or(0, u64::from);
        }
        (inside.len() == window).then(|| u32::try_from(sum).unwrap_or(u32::MAX))
    });
    totals.skip(earlier.len()).collect()
}

/// The table for the page, and the same for a file.
fn numbers(series: &Series<'_>) -> (Table, String) {
    let with_threshold = series.days.iter().any(|day| day.level.is_some());
    let with_events = series.events().next().is_some();
    let mut head = vec!["Day".to_owned(), "Contacts".to_owned(), say::total_name(series)];
    let mut numeric = vec![false, true, true];
    if with_threshold {
        head.extend(["Threshold".to_owned(), say::met_name(series)]);
        numeric.extend([true, false]);
    }
    if with_events {
        head.push("What happened".to_owned());
        numeric.push(false);
    }
    let row = |day: &Day<'_>, date: String, number: fn(u32) -> String| {
        let known = |count: Option<u32>| count.map(number).unwrap_or_default();
        let mut cells = vec![date, number(day.count), known(day.total)];
        if with_threshold {
            let met = if day.tripped { "Yes" } else { "No" };
            let met = if day.total.is_some() && day.level.is_some() { met } else { "" };
            cells.extend([known(day.level), met.to_owned()]);
        }
        if with_events {
            cells.push(day.events.join("; "));
        }
        cells
    };
    let rows = series.days.iter().map(|day| row(day, long_date(day.date), grouped)).collect();
    let plain: Vec<Vec<String>> =
        series.days.iter().map(|day| row(day, day.date.to_string(), |count| count.to_string())).collect();
    let csv = csv::document(&head, &plain);
    (Table { caption: say::title(series), head, numeric, rows }, csv)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::charts::axis::CountAxis;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn contacts(first: &str, counts: Vec<u32>) -> DailyContacts {
        let threshold = Threshold {
            label: "Threshold".to_owned(),
            days: 7,
            trips: Trips::AtLevel,
            steps: vec![ThresholdStep { from: date("2020-01-01"), level: 10 }],
        };
        DailyContacts {
            first_day: date(first),
            counts,
            earlier: vec![0; 6],
            threshold: Some(threshold),
            limits: Vec::new(),
            events: Vec::new(),
        }
    }

    fn twelve_weeks() -> DailyContacts {
        contacts("2026-08-29", (0..84).map(|day| [1, 0, 2, 1, 3, 0, 1][day % 7] + u32::from(day > 40)).collect())
    }

    fn bars(chart: &Chart) -> usize {
        chart.svg.matches("\"app-chart__bar\"").count() + chart.svg.matches("\"app-chart__bar-met\"").count()
    }

    #[test]
    fn twelve_weeks_across_the_end_of_summer_time_have_84_bars_and_rows() {
        let chart = daily_chart("c1", &contacts("2026-08-29", vec![1; 84]));
        assert_eq!(bars(&chart), 84);
        assert_eq!(chart.table.rows.len(), 84);
        let days: Vec<&str> = chart.table.rows.iter().filter_map(|row| row.first()).map(String::as_str).collect();
        assert!(days.windows(3).any(|days| days == ["24 October 2026", "25 October 2026", "26 October 2026"]));
        assert_eq!(days.last(), Some(&"20 November 2026"));
    }

    #[test]
    fn twelve_weeks_across_the_start_of_summer_time_have_84_bars() {
        assert_eq!(bars(&daily_chart("c1", &contacts("2026-02-01", vec![2; 84]))), 84);
    }

    #[test]
    fn a_total_reaches_back_seven_days_and_no_further() {
        assert_eq!(
            rolling_totals(&[], &[5, 0, 0, 0, 0, 0, 1, 2], 7),
            [None, None, None, None, None, None, Some(6), Some(3)]
        );
        assert_eq!(rolling_totals(&[4, 1, 1, 1, 1, 1, 1], &[1, 0], 7), [Some(7), Some(6)]);
    }

    #[test]
    fn a_threshold_is_met_at_ten_or_above_ten_as_it_says() {
        let mut ten = contacts("2026-10-01", vec![10]);
        assert_eq!(daily_chart("c", &ten).table.rows[0][4], "Yes");
        ten.threshold.as_mut().unwrap().trips = Trips::AboveLevel;
        assert_eq!(daily_chart("c", &ten).table.rows[0][4], "No");
        ten.counts = vec![9];
        ten.threshold.as_mut().unwrap().trips = Trips::AtLevel;
        assert_eq!(daily_chart("c", &ten).table.rows[0][4], "No");
    }

    #[test]
    fn the_level_of_each_day_is_the_one_in_force() {
        let mut stepped = contacts("2026-10-01", vec![12; 3]);
        let steps = &mut stepped.threshold.as_mut().unwrap().steps;
        *steps = vec![
            ThresholdStep { from: date("2026-10-03"), level: 40 },
            ThresholdStep { from: date("2026-10-02"), level: 20 },
        ];
        let chart = daily_chart("c", &stepped);
        let levels: Vec<&str> = chart.table.rows.iter().map(|row| row[3].as_str()).collect();
        assert_eq!(levels, ["", "20", "40"]);
        let met: Vec<&str> = chart.table.rows.iter().map(|row| row[4].as_str()).collect();
        assert_eq!(met, ["", "Yes", "No"]);
    }

    #[test]
    fn days_that_meet_the_threshold_are_outlined_and_marked_below() {
        let mut counts = vec![0; 30];
        counts[10] = 9;
        counts[11] = 1;
        let chart = daily_chart("c", &contacts("2026-10-01", counts));
        assert_eq!(chart.svg.matches("app-chart__bar-met").count(), 1);
        assert_eq!(chart.svg.matches("app-chart__strip").count(), 1);
    }

    #[test]
    fn no_days_are_said_and_not_drawn() {
        let chart = daily_chart("c", &contacts("2026-10-01", Vec::new()));
        assert_eq!(chart.svg, "");
        assert_eq!(chart.heading, "There are no days to show");
        assert!(chart.table.rows.is_empty());
    }

    #[test]
    fn no_contacts_at_all_are_said_and_drawn_on_an_axis_from_nought() {
        let chart = daily_chart("c", &contacts("2026-10-01", vec![0; 84]));
        assert_eq!(chart.heading, "No contacts from 1 October 2026 to 23 December 2026");
        assert_eq!(bars(&chart), 0);
        assert!(chart.svg.contains("<svg"));
    }

    #[test]
    fn one_day_is_drawn() {
        let mut one = contacts("2026-10-24", vec![3]);
        one.earlier.clear();
        let chart = daily_chart("c", &one);
        assert_eq!(chart.heading, "3 contacts on 24 October 2026");
        assert_eq!(bars(&chart), 1);
        assert!(!chart.svg.contains("NaN") && !chart.svg.contains("inf"));
    }

    #[test]
    fn a_giant_peak_and_a_year_keep_few_ticks() {
        let mut counts = vec![1; 365];
        counts[200] = 10_000;
        let chart = daily_chart("c", &contacts("2025-11-21", counts));
        assert!(chart.svg.contains(">10,000</text>"));
        assert_eq!(bars(&chart), 365);
        assert!(CountAxis::holding(10_006).ticks().count() <= 6);
    }

    #[test]
    fn events_have_a_line_and_words_with_their_date_and_those_outside_are_left_out() {
        let mut told = twelve_weeks();
        told.events = vec![
            DailyEvent { day: date("2026-10-24"), label: "Strategy <started>".to_owned() },
            DailyEvent { day: date("2027-01-01"), label: "Later".to_owned() },
        ];
        let chart = daily_chart("c", &told);
        assert_eq!(chart.svg.matches("\"app-chart__event\"").count(), 1);
        assert!(chart.svg.contains(">Strategy &lt;started&gt; 24 Oct</text>"));
        assert!(!chart.svg.contains("Later"));
        assert!(chart.csv.contains("2026-10-24,2,15,10,Yes,Strategy <started>\r\n"), "{}", chart.csv);
    }

    #[test]
    fn many_events_become_letters_that_the_key_explains() {
        let mut told = twelve_weeks();
        told.events = (0..12)
            .map(|day| DailyEvent {
                day: date("2026-10-09") + chrono::Days::new(day * 2),
                label: "Strategy varied by the authority".to_owned(),
            })
            .collect();
        let chart = daily_chart("c", &told);
        assert!(chart.svg.contains(">L</text>"));
        assert!(chart.key.contains("L: Strategy varied by the authority, 31 October 2026"), "{}", chart.key);
    }

    #[test]
    fn an_event_that_looks_like_a_formula_is_words_in_the_file() {
        let mut told = twelve_weeks();
        told.events = vec![DailyEvent { day: date("2026-10-24"), label: "=1+1".to_owned() }];
        assert!(daily_chart("c", &told).csv.contains(",'=1+1\r\n"));
    }

    #[test]
    fn nothing_in_the_drawing_is_an_inline_style_or_a_script() {
        let svg = daily_chart("c", &twelve_weeks()).svg;
        for forbidden in ["style", "<script", "onload", "href"] {
            assert!(!svg.contains(forbidden), "{forbidden}");
        }
        assert_eq!(svg.matches("<svg").count(), svg.matches("</svg>").count());
    }

    #[test]
    fn a_limit_is_drawn_beside_what_it_limits() {
        let mut limited = twelve_weeks();
        let limit = |most, days| LimitLine {
            label: "Strategy limit".to_owned(),
            most,
            days,
            from: date("2026-10-24"),
            to: None,
        };
        limited.limits = vec![limit(1, 1), limit(4, 7), limit(8, 28)];
        let chart = daily_chart("c", &limited);
        assert_eq!(chart.svg.matches("\"app-chart__limit\"").count(), 2);
        assert!(chart.svg.contains(">Strategy limit: 4 in 7 days</text>"));
        assert!(chart.svg.contains(">Strategy limit: 1 a day</text>"));
        assert!(chart.key.contains("8 in 28 days"), "{}", chart.key);
    }

    #[test]
    fn the_words_say_peak_threshold_latest_and_direction() {
        let chart = daily_chart("c", &twelve_weeks());
        assert_eq!(
            chart.heading,
            "15 contacts in the 7 days to 20 November 2026, the same as before and over the threshold of 10"
        );
        for part in ["139 contacts", "The busiest day", "peaked at 15", "threshold of 10", "20 November 2026"] {
            assert!(chart.description.contains(part), "{part}: {}", chart.description);
        }
    }
}
