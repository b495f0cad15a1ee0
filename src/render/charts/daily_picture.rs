//! The drawing of contacts per day: two panels, one above the other, that share their dates. Bars above, the total of
//! a rolling window below, so that no axis has two meanings.

use super::axis::{CountAxis, date_ticks};
use super::daily::{Day, LimitLine, Series};
use super::daily_words::{limit_label, threshold_label, total_name};
use super::labels::{Area, Flag, NARROWEST, Place, Placed, ROW, flags, shortened, text_width};
use super::svg::{Anchor, At, Gutter, Said, Span, Svg, real};
use super::words::{grouped, short_date};
use chrono::NaiveDate;

/// Px from the top of a panel to its foot.
const PANEL: f64 = 112.0;
/// The baseline of the first line of words.
const FIRST_LINE: f64 = 14.0;
/// Px between the words over a panel and the panel.
const UNDER_WORDS: f64 = 14.0;
/// Px between the foot of the bars and the baseline of the words over the totals.
const BETWEEN: f64 = 44.0;
/// Px under the foot of the totals, for the dates.
const DATES: f64 = 28.0;
/// Rows of words for events; where they need more, they get letters.
const MOST_ROWS: usize = 4;
/// Rows of letters; where they need more, the lines have none, and the key says what happened when.
const MOST_LETTER_ROWS: usize = 6;
/// The widest bar, as a share of the plot.
const WIDEST_HALF_BAR: f64 = 0.03;
/// The share of its day that half a bar takes.
const HALF_BAR: f64 = 0.38;

/// A scale with its place in the drawing, px from the top.
#[derive(Clone, Copy)]
struct Panel {
    axis: CountAxis,
    top: f64,
    foot: f64,
}

impl Panel {
    fn at(axis: CountAxis, top: f64) -> Self {
        Self { axis, top, foot: top + PANEL }
    }

    fn y(self, count: u32) -> f64 {
        self.foot - (self.foot - self.top) * self.axis.share(count)
    }
}

/// What stands at the upright lines.
pub(super) struct EventNames {
    /// In the order of `Series::events`; empty words where there is no room at all.
    pub(super) names: Vec<String>,
    /// Whether the names are letters that the key has to explain.
    pub(super) lettered: bool,
    flags: Vec<Flag>,
}

/// Words for the events with their dates, or letters where the words do not fit.
pub(super) fn event_names(series: &Series<'_>) -> EventNames {
    let plot = gutter(series).plot_width(NARROWEST);
    let days = real(series.days.len());
    let flags_for = |names: &[String], most: usize| {
        let places = series.events().map(|(day, _, _)| real(day) / days);
        let words: Vec<(f64, f64)> = places.zip(names.iter().map(|name| text_width(name))).collect();
        flags(&words, plot, most)
    };
    let in_words = |(_, date, label): (usize, NaiveDate, &str)| {
        let date = short_date(date);
        format!("{} {date}", shortened(label, plot - text_width(&date) - 8.0))
    };
    let names: Vec<String> = series.events().map(in_words).collect();
    if let Some(flags) = flags_for(&names, MOST_ROWS) {
        return EventNames { names, lettered: false, flags };
    }
    let letters: Vec<String> =
        (0..names.len()).map(|place| letter(place).map_or_else(String::new, String::from)).collect();
    if let Some(flags) = flags_for(&letters, MOST_LETTER_ROWS) {
        return EventNames { names: letters, lettered: true, flags };
    }
    let bare = |(day, _, _): (usize, NaiveDate, &str)| Flag {
        x: real(day) / days,
        dx: 0.0,
        width: 0.0,
        row: 0,
        beside: false,
    };
    EventNames { flags: series.events().map(bare).collect(), names: vec![String::new(); names.len()], lettered: true }
}

/// The drawing; there must be a day.
pub(super) fn draw(said: &Said<'_>, series: &Series<'_>) -> String {
    let events = event_names(series);
    let event_rows = events.flags.iter().map(|flag| flag.row + 1).max().unwrap_or(0);
    let upper = Panel::at(upper_axis(series), FIRST_LINE + ROW * real(event_rows) + UNDER_WORDS);
    let lower = Panel::at(lower_axis(series), upper.foot + BETWEEN + UNDER_WORDS);
    let gutter = gutter(series);
    let capacity = 4_096 + series.days.len() * 240 + said.description.len();
    let mut svg = Svg::open(said, lower.foot + DATES, gutter, capacity);
    scale(&mut svg, upper);
    scale(&mut svg, lower);
    draw_event_lines(&mut svg, &events, lower.foot);
    draw_bars(&mut svg, &series.days, upper);
    draw_strip(&mut svg, &series.days, upper);
    draw_totals(&mut svg, &series.days, lower);
    draw_threshold(&mut svg, &series.days, lower);
    draw_latest(&mut svg, &series.days, lower);
    draw_dates(&mut svg, &series.days, lower);
    let heading = |y: f64| At { x: 0.0, dx: -gutter.left(), y, anchor: Anchor::Start };
    svg.words("heading", heading(FIRST_LINE), "Contacts per day");
    svg.words("heading", heading(upper.foot + BETWEEN), &total_name(series));
    draw_event_names(&mut svg, &events);
    draw_limits(&mut svg, series, upper, &mut Placed::none(gutter.plot_width(NARROWEST)), 1);
    let mut placed = Placed::none(gutter.plot_width(NARROWEST));
    label_threshold(&mut svg, series, lower, &mut placed);
    if series.window != 1 {
        draw_limits(&mut svg, series, lower, &mut placed, series.window);
    }
    svg.close()
}

fn upper_axis(series: &Series<'_>) -> CountAxis {
    let limits = series.limits.iter().filter(|limit| limit.days == 1).map(|limit| limit.most);
    CountAxis::holding(series.days.iter().map(|day| day.count).chain(limits).max().unwrap_or(0))
}

fn lower_axis(series: &Series<'_>) -> CountAxis {
    let limits = series.limits.iter().filter(|limit| limit.days == series.window).map(|limit| limit.most);
    let days = series.days.iter().flat_map(|day| [day.total, day.level]).flatten();
    CountAxis::holding(days.chain(limits).max().unwrap_or(0))
}

fn gutter(series: &Series<'_>) -> Gutter {
    Gutter::holding(grouped(upper_axis(series).top.max(lower_axis(series).top)).len())
}

/// Where the middle of a day is, 0 to 1.
fn middle(day: usize, days: usize) -> f64 {
    (real(day) + 0.5) / real(days)
}

fn scale(svg: &mut Svg, panel: Panel) {
    for tick in panel.axis.ticks() {
        let y = panel.y(tick);
        let class = if tick == 0 { "axis" } else { "grid" };
        svg.line(class, Span { from: 0.0, to: 1.0, top: y, bottom: y });
        svg.words("tick", At { x: 0.0, dx: -7.0, y: y + 5.0, anchor: Anchor::End }, &grouped(tick));
    }
}

fn draw_bars(svg: &mut Svg, days: &[Day<'_>], panel: Panel) {
    let half = (HALF_BAR / real(days.len())).min(WIDEST_HALF_BAR);
    for (place, day) in days.iter().enumerate().filter(|(_, day)| day.count > 0) {
        let class = if day.tripped { "bar-met" } else { "bar" };
        let middle = middle(place, days.len());
        let span = Span { from: middle - half, to: middle + half, top: panel.y(day.count), bottom: panel.foot };
        svg.rect(class, span);
    }
}

/// A strip under each run of days that meet the threshold.
fn draw_strip(svg: &mut Svg, days: &[Day<'_>], panel: Panel) {
    for (from, to, _) in runs(days, |day| day.tripped.then_some(())) {
        svg.rect("strip", Span { from, to, top: panel.foot + 4.0, bottom: panel.foot + 9.0 });
    }
}

fn draw_threshold(svg: &mut Svg, days: &[Day<'_>], panel: Panel) {
    let mut before: Option<(f64, f64)> = None;
    for (from, to, level) in runs(days, |day| day.level) {
        let y = panel.y(level);
        if let Some((_, top)) = before.filter(|(end, _)| (end - from).abs() < f64::EPSILON) {
            svg.line("threshold", Span { from, to: from, top, bottom: y });
        }
        svg.line("threshold", Span { from, to, top: y, bottom: y });
        before = Some((to, y));
    }
}

fn draw_totals(svg: &mut Svg, days: &[Day<'_>], panel: Panel) {
    let known = days.iter().enumerate().map(|(place, day)| (middle(place, days.len()), day.total));
    for ((from, total), (to, next)) in known.clone().zip(known.skip(1)) {
        if let (Some(total), Some(next)) = (total, next) {
            svg.line("total", Span { from, to, top: panel.y(total), bottom: panel.y(next) });
        }
    }
}

/// The latest total as a point with its number: a square where it meets the threshold.
fn draw_latest(svg: &mut Svg, days: &[Day<'_>], panel: Panel) {
    let Some((last, total)) = days.last().and_then(|last| Some((last, last.total?))) else { return };
    let (x, y) = (middle(days.len().saturating_sub(1), days.len()), panel.y(total));
    if last.tripped {
        svg.square("point-met", x, y);
    } else {
        svg.circle("point", x, y);
    }
    svg.words("value", At { x, dx: 8.0, y: y + 5.0, anchor: Anchor::Start }, &grouped(total));
}

fn draw_dates(svg: &mut Svg, days: &[Day<'_>], panel: Panel) {
    let Some(first) = days.first() else { return };
    for tick in date_ticks(first.date, days.len()) {
        let x = middle(tick.day, days.len());
        let (mark, label) = if tick.narrow { ("mark", "tick") } else { ("mark-wide", "tick-wide") };
        svg.line(mark, Span { from: x, to: x, top: panel.foot, bottom: panel.foot + 5.0 });
        svg.words(label, At { x, dx: 0.0, y: panel.foot + 20.0, anchor: Anchor::Middle }, &tick.label);
    }
}

/// An upright line from the words of each event to the dates.
fn draw_event_lines(svg: &mut Svg, events: &EventNames, foot: f64) {
    for flag in &events.flags {
        let top = event_baseline(flag.row) + if flag.beside { -11.0 } else { 4.0 };
        svg.line("event", Span { from: flag.x, to: flag.x, top, bottom: foot });
    }
}

fn draw_event_names(svg: &mut Svg, events: &EventNames) {
    for (flag, name) in events.flags.iter().zip(&events.names).filter(|(_, name)| !name.is_empty()) {
        let at = At { x: flag.x, dx: flag.dx, y: event_baseline(flag.row), anchor: Anchor::Start };
        svg.words("event-name", at, name);
    }
}

fn event_baseline(row: usize) -> f64 {
    FIRST_LINE + ROW * (real(row) + 1.0)
}

fn letter(place: usize) -> Option<char> {
    ('A'..='Z').nth(place)
}

/// The label of each level on its line, where it covers least of the totals.
fn label_threshold(svg: &mut Svg, series: &Series<'_>, panel: Panel, placed: &mut Placed) {
    let Some(threshold) = series.threshold else { return };
    for (from, to, level) in runs(&series.days, |day| day.level) {
        let words = threshold_label(threshold, level);
        let covers = |area: Area, plot: f64| totals_covered(&series.days, panel, area, plot);
        let candidates = beside_line(panel, panel.y(level), from, to);
        if let Some(place) = placed.place(text_width(&words), &candidates, covers) {
            svg.words("threshold-name", label_at(place, &words), &words);
        }
    }
}

/// The limits on so many days, with their labels.
fn draw_limits(svg: &mut Svg, series: &Series<'_>, panel: Panel, placed: &mut Placed, days: u32) {
    for limit in series.limits.iter().filter(|limit| limit.days == days) {
        for (from, to, ()) in runs(&series.days, |day| limit_holds(limit, day).then_some(())) {
            let y = panel.y(limit.most);
            svg.line("limit", Span { from, to, top: y, bottom: y });
            let words = limit_label(limit);
            let covers = |area: Area, plot: f64| {
                if days == 1 {
                    bars_covered(&series.days, panel, area, plot)
                } else {
                    totals_covered(&series.days, panel, area, plot)
                }
            };
            let candidates = beside_line(panel, y, from, to);
            if let Some(place) = placed.place(text_width(&words), &candidates, covers) {
                svg.words("limit-name", label_at(place, &words), &words);
            }
        }
    }
}

fn limit_holds(limit: &LimitLine, day: &Day<'_>) -> bool {
    limit.from <= day.date && limit.to.is_none_or(|to| day.date <= to)
}

fn label_at(place: Place, words: &str) -> At {
    At { x: place.x, dx: -place.x * text_width(words), y: place.y, anchor: Anchor::Start }
}

/// Above and below a line at its start, middle and end, within the panel.
fn beside_line(panel: Panel, y: f64, from: f64, to: f64) -> Vec<Place> {
    let along = [from, (from + to) / 2.0, to];
    let places = [y - 6.0, y + 16.0].into_iter().flat_map(|y| along.map(|x| Place { x, y }));
    places.filter(|place| place.y - 12.0 >= panel.top - UNDER_WORDS + 4.0 && place.y + 4.0 <= panel.foot).collect()
}

/// How many days' totals an area of the panel lies on.
fn totals_covered(days: &[Day<'_>], panel: Panel, area: Area, plot: f64) -> usize {
    let inside = |(place, day): &(usize, &Day<'_>)| {
        let x = middle(*place, days.len()) * plot;
        let on = |total| (area.top - 3.0..area.bottom + 3.0).contains(&panel.y(total));
        (area.left..area.right).contains(&x) && day.total.is_some_and(on)
    };
    days.iter().enumerate().filter(inside).count()
}

/// How many bars reach into an area of the panel.
fn bars_covered(days: &[Day<'_>], panel: Panel, area: Area, plot: f64) -> usize {
    let inside = |(place, day): &(usize, &Day<'_>)| {
        let x = middle(*place, days.len()) * plot;
        (area.left..area.right).contains(&x) && day.count > 0 && panel.y(day.count) < area.bottom
    };
    days.iter().enumerate().filter(inside).count()
}

/// Runs of days for which `of` says the same, as shares of the plot's width from the start of the first day to the end
/// of the last.
fn runs<T: Copy + PartialEq>(days: &[Day<'_>], of: impl Fn(&Day<'_>) -> Option<T>) -> Vec<(f64, f64, T)> {
    let width = 1.0 / real(days.len());
    let mut runs: Vec<(f64, f64, T)> = Vec::new();
    let mut before = None;
    for (place, day) in days.iter().enumerate() {
        let now = of(day);
        let from = real(place) * width;
        match (now, runs.last_mut()) {
            (Some(value), Some(run)) if before == Some(value) && run.2 == value => run.1 = from + width,
            (Some(value), _) => runs.push((from, from + width, value)),
            (None, _) => {}
        }
        before = now;
    }
    runs
}
