//! The last four weeks of a person in a table's cell: a small line of 7-day totals, and the words beside it that say
//! what it shows.

use super::daily::{Trips, rolling_totals};
use super::svg::real;
use super::words::{change, days_long, grouped};
use serde::Serialize;
use std::fmt::Write;

/// Px.
const WIDTH: f64 = 120.0;
const HEIGHT: f64 = 24.0;
const MARGIN: f64 = 4.0;

/// What a sparkline is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecentDays {
    /// Contacts on each London day, oldest first, up to the day of the page: 28 of them are usual.
    pub counts: Vec<u32>,
    /// Contacts on the days just before those, for the totals of the first days.
    pub earlier: Vec<u32>,
    /// The window of the totals, London days: 7 is usual, 0 is taken as 1.
    pub window: u32,
    /// The level of the threshold on the last day, and when it is met.
    pub threshold: Option<(u32, Trips)>,
}

/// A table's cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SparklineCell {
    /// 120 by 24 px, hidden from screen readers, safe to put into a page as it is. Empty where no total is known.
    pub svg: String,
    /// `12 in 7 days, up from 8`.
    pub words: String,
    /// `over the threshold of 10`; empty where the total does not meet the threshold.
    pub note: String,
    /// Whether the latest total meets the threshold.
    pub met: bool,
}

/// The cell. Where there are fewer days than the window, the words say the contacts so far and nothing is drawn.
pub fn sparkline_cell(days: &RecentDays) -> SparklineCell {
    let window = days.window.max(1);
    let totals = rolling_totals(&days.earlier, &days.counts, window);
    let Some(latest) = totals.last().copied().flatten() else {
        let sum = days.counts.iter().fold(0_u32, |sum, count| sum.saturating_add(*count));
        let words = format!("{} so far", grouped(sum));
        return SparklineCell { svg: String::new(), words, note: String::new(), met: false };
    };
    let before = usize::try_from(window).ok().and_then(|back| totals.iter().rev().nth(back).copied().flatten());
    let now = format!("{} in {}", grouped(latest), if window == 1 { "1 day".to_owned() } else { days_long(window) });
    let words = before.map_or_else(|| now.clone(), |before| format!("{now}, {}", change(latest, before)));
    let met = days.threshold.is_some_and(|(level, trips)| trips.met(latest, level));
    let note = match days.threshold.filter(|_| met) {
        Some((level, _)) if latest == level => format!("at the threshold of {}", grouped(level)),
        Some((level, _)) => format!("over the threshold of {}", grouped(level)),
        None => String::new(),
    };
    SparklineCell { svg: draw(&totals, days.threshold.map(|(level, _)| level), met), words, note, met }
}

fn draw(totals: &[Option<u32>], level: Option<u32>, met: bool) -> String {
    let most = totals.iter().flatten().copied().chain(level).max().unwrap_or(0).max(1);
    let y = |count: u32| HEIGHT - MARGIN - (HEIGHT - 2.0 * MARGIN) * f64::from(count) / f64::from(most);
    let step = (WIDTH - 2.0 * MARGIN) / real(totals.len().saturating_sub(1).max(1));
    let mut svg = String::with_capacity(900);
    svg.push_str(
        "<svg class=\"app-sparkline\" aria-hidden=\"true\" focusable=\"false\" width=\"120\" height=\"24\" \
         viewBox=\"0 0 120 24\">",
    );
    if let Some(level) = level {
        let y = y(level);
        let _written =
            write!(svg, "<line class=\"app-sparkline__threshold\" x1=\"0\" x2=\"120\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>");
    }
    svg.push_str("<polyline class=\"app-sparkline__total\" points=\"");
    let mut end = (WIDTH - MARGIN, HEIGHT - MARGIN);
    for (place, total) in totals.iter().enumerate() {
        if let Some(total) = total {
            end = (MARGIN + step * real(place), y(*total));
            let _written = write!(svg, "{:.1},{:.1} ", end.0, end.1);
        }
    }
    svg.push_str("\"/>");
    let (x, y) = end;
    let _written = if met {
        let (x, y) = (x - 3.5, y - 3.5);
        write!(svg, "<rect class=\"app-sparkline__point-met\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"7\" height=\"7\"/>")
    } else {
        write!(svg, "<circle class=\"app-sparkline__point\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"/>")
    };
    svg.push_str("</svg>");
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recent(counts: Vec<u32>) -> RecentDays {
        RecentDays { counts, earlier: vec![0; 6], window: 7, threshold: Some((10, Trips::AtLevel)) }
    }

    fn weeks(before: [u32; 7], last: [u32; 7]) -> RecentDays {
        recent([[0; 7], [1; 7], before, last].concat())
    }

    #[test]
    fn the_words_say_the_total_and_where_it_came_from() {
        let cell = sparkline_cell(&weeks([2, 1, 1, 1, 1, 1, 1], [3, 3, 1, 1, 2, 1, 1]));
        assert_eq!(cell.words, "12 in 7 days, up from 8");
        assert_eq!(cell.note, "over the threshold of 10");
        assert!(cell.met && cell.svg.contains("point-met"));
    }

    #[test]
    fn fewer_the_same_and_none() {
        assert_eq!(sparkline_cell(&weeks([1; 7], [0; 7])).words, "0 in 7 days, down from 7");
        assert_eq!(sparkline_cell(&weeks([1; 7], [1; 7])).words, "7 in 7 days, the same as before");
        let quiet = sparkline_cell(&recent(vec![0; 28]));
        assert!(!quiet.met && quiet.note.is_empty() && quiet.svg.contains("<circle"));
    }

    #[test]
    fn it_is_small_and_hidden_from_screen_readers() {
        let svg = sparkline_cell(&recent(vec![1; 28])).svg;
        assert!(svg.contains("aria-hidden=\"true\" focusable=\"false\" width=\"120\" height=\"24\""));
        assert!(!svg.contains("id=") && !svg.contains("style"));
    }

    #[test]
    fn too_few_days_have_words_and_no_line() {
        let few = RecentDays { earlier: Vec::new(), ..recent(vec![2, 3]) };
        let cell = sparkline_cell(&few);
        assert_eq!((cell.svg.as_str(), cell.words.as_str()), ("", "5 so far"));
        assert_eq!(sparkline_cell(&recent(Vec::new())).words, "0 so far");
    }

    #[test]
    fn a_giant_peak_stays_inside() {
        let mut counts = vec![1; 28];
        counts[10] = 10_000;
        let svg = sparkline_cell(&recent(counts)).svg;
        let points = svg.split("points=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        for point in points.split_whitespace() {
            let (x, y) = point.split_once(',').unwrap();
            assert!((0.0..=120.0).contains(&x.parse::<f64>().unwrap()));
            assert!((0.0..=24.0).contains(&y.parse::<f64>().unwrap()));
        }
    }
}
