//! What a chart of contacts per day says: heading, title, description and key.

use super::daily::{LimitLine, Series, Threshold, Trips};
use super::daily_picture::event_names;
use super::words::{change, counted, days_long, grouped, listed, long_date, period, sentence_case};
use std::cmp::Ordering;

/// `Contacts per day and 7-day total, from … to …`.
pub(super) fn title(series: &Series<'_>) -> String {
    let name = format!("Contacts per day and {}-day total", grouped(series.window));
    whole_period(series).map_or_else(|| name.clone(), |period| format!("{name}, {period}"))
}

/// The finding: the latest total, which way it goes, and how it stands to the threshold.
pub(super) fn heading(series: &Series<'_>) -> String {
    let (Some(last), Some(period)) = (series.days.last(), whole_period(series)) else {
        return "There are no days to show".to_owned();
    };
    let Some(total) = last.total.filter(|_| series.sum() > 0) else {
        return sentence_case(&format!("{} {period}", counted(series.sum(), "contact")));
    };
    let latest =
        format!("{} in the {} to {}", counted(total, "contact"), days_long(series.window), long_date(last.date));
    let direction = series.total_before().map(|before| change(total, before));
    let standing = series.threshold.zip(last.level).map(|(threshold, level)| standing(threshold, total, level));
    let parts: Vec<String> = [direction, standing].into_iter().flatten().collect();
    let more = if parts.is_empty() { String::new() } else { format!(", {}", listed(&parts)) };
    sentence_case(&format!("{latest}{more}"))
}

/// Peak, threshold, latest and direction, in sentences.
pub(super) fn description(series: &Series<'_>) -> String {
    let Some(period) = whole_period(series) else {
        return "There are no days to show.".to_owned();
    };
    let mut said = vec![format!("{} {period}.", sentence_case(&counted(series.sum(), "contact")))];
    let busiest = series.days.iter().rev().max_by_key(|day| day.count).filter(|day| day.count > 0);
    if let Some(day) = busiest {
        said.push(format!("The busiest day was {}, with {}.", long_date(day.date), grouped(day.count)));
    }
    let peak =
        series.days.iter().rev().filter_map(|day| day.total.map(|total| (total, day))).max_by_key(|(total, _)| *total);
    if let Some((total, day)) = peak.filter(|(total, _)| *total > 0) {
        let against = series.threshold.zip(day.level);
        let against = against.map(|(threshold, level)| format!(", {}", standing(threshold, total, level)));
        said.push(format!(
            "The {}-day total peaked at {} on {}{}.",
            series.window,
            grouped(total),
            long_date(day.date),
            against.unwrap_or_default()
        ));
    }
    said.extend(met_days(series));
    if let Some((last, total)) = series.days.last().and_then(|last| Some((last, last.total?))) {
        let direction =
            series.total_before().map(|before| format!(", {} {} earlier", change(total, before), days_before(series)));
        let direction = direction.unwrap_or_default().replace("the same as before", "the same as");
        said.push(format!("It was {} on {}{direction}.", grouped(total), long_date(last.date)));
    }
    let events: Vec<String> =
        series.events().map(|(_, date, label)| format!("{label} on {}", long_date(date))).collect();
    if !events.is_empty() {
        said.push(format!("{}.", listed(&events)));
    }
    said.join(" ")
}

/// What the marks mean.
pub(super) fn key(series: &Series<'_>) -> String {
    if series.days.is_empty() {
        return String::new();
    }
    let window = days_long(series.window);
    let mut said = vec!["Bars: contacts on each London day.".to_owned(), line_in_words(series, &window)];
    if let Some(threshold) = series.threshold.filter(|_| series.days.iter().any(|day| day.level.is_some())) {
        said.push(format!("Dashed line: {}.", levels_in_words(series, threshold)));
        said.push(format!(
            "Bars with a dark outline, and the strip under them: days on which the total {} the threshold.",
            met_verb(threshold)
        ));
    }
    let (drawn, undrawn): (Vec<&LimitLine>, Vec<&LimitLine>) =
        series.limits.iter().partition(|limit| limit.days == 1 || limit.days == series.window);
    if !drawn.is_empty() {
        let limits: Vec<String> = drawn.iter().map(|limit| limit_dated(limit)).collect();
        said.push(format!("Dotted line: {}.", listed(&limits)));
    }
    if !undrawn.is_empty() {
        let limits: Vec<String> = undrawn.iter().map(|limit| limit_dated(limit)).collect();
        said.push(format!("Not drawn, because the line counts {window}: {}.", listed(&limits)));
    }
    let events = event_names(series);
    if events.lettered {
        let lines: Vec<String> = series
            .events()
            .zip(&events.names)
            .map(|((_, date, label), letter)| {
                let letter = if letter.is_empty() { String::new() } else { format!("{letter}: ") };
                format!("{letter}{label}, {}", long_date(date))
            })
            .collect();
        said.push(format!("Upright lines: {}.", lines.join("; ")));
    } else if !events.names.is_empty() {
        said.push("Upright lines: the start of the day on which something happened.".to_owned());
    }
    said.join(" ")
}

/// What the line is, or why there is none.
fn line_in_words(series: &Series<'_>, window: &str) -> String {
    if series.days.iter().any(|day| day.total.is_some()) {
        format!("Line: total of the {window} up to and including each day.")
    } else {
        format!("There is no line yet: it needs the contacts of {window}.")
    }
}

/// `Threshold: 10 in 7 days`, as the line is labelled.
pub(super) fn threshold_label(threshold: &Threshold, level: u32) -> String {
    format!("{}: {}", threshold.label, in_days(level, threshold.days))
}

/// `Strategy limit: 4 in 7 days`, as the line is labelled.
pub(super) fn limit_label(limit: &LimitLine) -> String {
    format!("{}: {}", limit.label, in_days(limit.most, limit.days))
}

/// The heading of the totals: `7-day total`.
pub(super) fn total_name(series: &Series<'_>) -> String {
    format!("{}-day total", grouped(series.window))
}

/// The heading of the column that says whether the threshold was met.
pub(super) fn met_name(series: &Series<'_>) -> String {
    match series.threshold.map(|threshold| threshold.trips) {
        Some(Trips::AboveLevel) => "Over the threshold".to_owned(),
        Some(Trips::AtLevel) | None => "At or over the threshold".to_owned(),
    }
}

/// How a total stands to a level: `over the threshold of 10`.
pub(super) fn standing(threshold: &Threshold, total: u32, level: u32) -> String {
    let name = threshold.label.to_lowercase();
    let place = match total.cmp(&level) {
        Ordering::Greater => "over",
        Ordering::Equal => "at",
        Ordering::Less => "under",
    };
    format!("{place} the {name} of {}", grouped(level))
}

fn whole_period(series: &Series<'_>) -> Option<String> {
    Some(period(series.days.first()?.date, series.days.last()?.date))
}

fn days_before(series: &Series<'_>) -> String {
    if series.window == 1 { "a day".to_owned() } else { days_long(series.window) }
}

fn met_verb(threshold: &Threshold) -> &'static str {
    match threshold.trips {
        Trips::AtLevel => "was at or over",
        Trips::AboveLevel => "was over",
    }
}

fn met_days(series: &Series<'_>) -> Option<String> {
    let threshold = series.threshold.filter(|_| series.days.iter().any(|day| day.level.is_some()))?;
    let met = series.days.iter().filter(|day| day.tripped).count();
    let days = counted(u32::try_from(met).unwrap_or(u32::MAX), "day");
    Some(format!("It {} the threshold on {days}.", met_verb(threshold)))
}

fn in_days(count: u32, days: u32) -> String {
    if days <= 1 { format!("{} a day", grouped(count)) } else { format!("{} in {}", grouped(count), days_long(days)) }
}

fn limit_dated(limit: &LimitLine) -> String {
    let until = limit.to.map(|to| format!(" to {}", long_date(to))).unwrap_or_default();
    format!("{}, from {}{until}", limit_label(limit), long_date(limit.from))
}

/// The level at the start, and each change with its date.
fn levels_in_words(series: &Series<'_>, threshold: &Threshold) -> String {
    let mut said: Vec<String> = Vec::new();
    let mut before = None;
    for (place, day) in series.days.iter().enumerate().filter(|(_, day)| day.level.is_some()) {
        let Some(level) = day.level.filter(|_| day.level != before) else { continue };
        let from = if place == 0 { String::new() } else { format!(" from {}", long_date(day.date)) };
        let level = if said.is_empty() { threshold_label(threshold, level) } else { grouped(level) };
        said.push(format!("{level}{from}"));
        before = day.level;
    }
    said.join(", ")
}
