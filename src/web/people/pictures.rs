//! A person's contacts as pictures and numbers: per day beside the thresholds, by weekday and hour, by way of contact.

use crate::app::people::{ContactNumbers, DAYS_BEFORE, DAYS_SHOWN, contact_numbers};
use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::domain::calendar::london;
use crate::domain::contact::Channel;
use crate::domain::ids::PersonId;
use crate::domain::nomination::Rule;
use crate::domain::strategy::{Terms, Window, WindowKind, WindowUnit};
use crate::render::charts::{
    ChannelCounts, ChannelMix, Chart, DailyContacts, DailyEvent, HeatCounts, HeatTable, LimitLine, MixPeriod,
    Threshold, ThresholdStep, Trips, channel_chart, daily_chart, heat_table,
};
use crate::render::pages::choice;
use chrono::{DateTime, Datelike, Days, Timelike, Utc};
use serde::Serialize;
use serde_json::{Value, json};

/// The four numbers of an overview.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Four {
    pub(super) week: u32,
    pub(super) four_weeks: u32,
    /// The longest run of days without any contact within the days shown.
    pub(super) longest_quiet: u32,
    /// Contacts that broke a limit, of those shown.
    pub(super) outside: u32,
    pub(super) has_strategy: bool,
}

/// What stands beside a decision about a person: the four numbers and the chart, where their contacts may be read.
///
/// # Errors
/// What the store says.
pub(crate) async fn beside(app: &App, actor: &Actor, person: PersonId) -> Result<Value, AppError> {
    let numbers = match contact_numbers(app, actor, person).await {
        Ok(numbers) => numbers,
        Err(AppError::Refused(_) | AppError::NotFound) => return Ok(Value::Null),
        Err(other) => return Err(other),
    };
    let rule = rule_shown(&numbers, "");
    let shown = rule.map_or("all", |rule| rule.rule.as_str());
    Ok(json!({ "four": four(&numbers), "chart": per_day_chart(&numbers, rule),
               "csv": format!("/people/{person}/contacts.csv?of={shown}") }))
}

/// The numbers that are said in words.
pub(super) fn four(numbers: &ContactNumbers) -> Four {
    let days = per_day(numbers, |_| true);
    let shown = days.get(DAYS_BEFORE..).unwrap_or_default();
    let last = |count: usize| shown.iter().rev().take(count).sum();
    let (mut longest, mut run) = (0_u32, 0_u32);
    for count in shown {
        run = if *count == 0 { run.saturating_add(1) } else { 0 };
        longest = longest.max(run);
    }
    let from = london::start_of_day(numbers.first_day);
    let broken =
        numbers.received.iter().filter(|one| one.at >= from && one.verdict.is_some_and(|found| found.is_breach()));
    let outside = u32::try_from(broken.count()).unwrap_or(u32::MAX);
    Four {
        week: last(7),
        four_weeks: last(28),
        longest_quiet: longest,
        outside,
        has_strategy: numbers.strategies.iter().any(|terms| terms.stops_at() > from && begun(numbers, terms)),
    }
}

/// Whether a strategy's first day is here.
fn begun(numbers: &ContactNumbers, terms: &Terms) -> bool {
    london::date_of(terms.effective_from) <= numbers.today
}

/// Contacts on each day, from six days before the first one shown on.
fn per_day(numbers: &ContactNumbers, counts: impl Fn(Channel) -> bool) -> Vec<u32> {
    let before = u64::try_from(DAYS_BEFORE).unwrap_or_default();
    let first = numbers.first_day.checked_sub_days(Days::new(before)).unwrap_or(numbers.first_day);
    let mut days = vec![0_u32; DAYS_SHOWN + DAYS_BEFORE];
    for one in numbers.received.iter().filter(|one| counts(one.channel)) {
        let place = london::date_of(one.at).signed_duration_since(first).num_days();
        if let Some(day) = usize::try_from(place).ok().and_then(|place| days.get_mut(place)) {
            *day = day.saturating_add(1);
        }
    }
    days
}

/// The rule whose threshold a chart per day can show: it counts days. Of those the one asked for; otherwise the one the
/// person is nearest to, if any of their contacts counts for it.
pub(super) fn rule_shown<'n>(numbers: &'n ContactNumbers, asked: &str) -> Option<&'n Rule> {
    let drawable = || numbers.rules.iter().filter(|(rule, _)| days_of(rule.window).is_some());
    if asked == "all" {
        return None;
    }
    if let Some((rule, _)) = drawable().find(|(rule, _)| rule.rule == asked) {
        return Some(rule);
    }
    let seen = |rule: &Rule| numbers.received.iter().filter(|one| rule.counts(one.channel)).count();
    // Compared as fractions, without dividing.
    let nearest = drawable().filter(|(rule, _)| seen(rule) > 0).max_by(|(one, of_one), (other, of_other)| {
        let (mine, theirs) = (u64::from(of_one.count), u64::from(of_other.count));
        let by_window = (mine * u64::from(other.at_least)).cmp(&(theirs * u64::from(one.at_least)));
        by_window.then_with(|| seen(one).cmp(&seen(other)))
    });
    nearest.map(|(rule, _)| rule)
}

/// The length of a window in days, where every day ends one: `None` for one that follows weeks or months of the calendar.
fn days_of(window: Window) -> Option<u32> {
    match (window.kind, window.unit) {
        (WindowKind::Rolling, WindowUnit::Day) => Some(window.n),
        (WindowKind::Rolling, WindowUnit::Week) => window.n.checked_mul(7),
        (WindowKind::Calendar, WindowUnit::Day) if window.n == 1 => Some(1),
        (WindowKind::Rolling, WindowUnit::Month) | (WindowKind::Calendar, _) => None,
    }
}

/// Contacts per day with the threshold of a rule that counts them and the limits and days of strategies.
pub(super) fn per_day_chart(numbers: &ContactNumbers, rule: Option<&Rule>) -> Chart {
    let counts = |channel: Channel| rule.is_none_or(|rule| rule.counts(channel));
    let days = per_day(numbers, counts);
    let (earlier, counts_shown) = days.split_at(DAYS_BEFORE.min(days.len()));
    let threshold = rule.and_then(|rule| {
        let days = days_of(rule.window)?;
        let steps = vec![ThresholdStep { from: numbers.first_day, level: rule.at_least }];
        Some(Threshold { label: "Threshold".to_owned(), days, trips: Trips::AtLevel, steps })
    });
    let only = rule.map(|rule| rule.channels.as_slice()).unwrap_or_default();
    let contacts = DailyContacts {
        first_day: numbers.first_day,
        counts: counts_shown.to_vec(),
        earlier: earlier.to_vec(),
        threshold,
        limits: numbers.strategies.iter().flat_map(|terms| limits(terms, only)).collect(),
        events: events(&numbers.strategies),
    };
    daily_chart("per-day", &contacts)
}

/// The limits of a strategy on the one channel a chart shows. Others would stand beside numbers they do not limit.
fn limits(terms: &Terms, only: &[Channel]) -> Vec<LimitLine> {
    let [channel] = only else { return Vec::new() };
    let to = london::date_of(terms.stops_at()).pred_opt();
    let line = |limit: &crate::domain::strategy::Limit| {
        let (most, window) = (limit.max?, limit.window?);
        let days = days_of(window)?;
        let from = london::date_of(terms.effective_from);
        Some(LimitLine { label: "Strategy limit".to_owned(), most, days, from, to })
    };
    terms.limits.iter().filter(|limit| limit.channel == *channel && limit.allowed).filter_map(line).collect()
}

/// When strategies began, were varied and ended. One that begins as another stops varies it.
fn events(strategies: &[Terms]) -> Vec<DailyEvent> {
    let mut events = Vec::new();
    for terms in strategies {
        let began = london::date_of(terms.effective_from);
        let gap = |other: &Terms| (london::date_of(other.stops_at()) - began).num_days().abs();
        let varies = strategies.iter().any(|other| {
            other.strategy != terms.strategy && other.effective_from < terms.effective_from && gap(other) <= 1
        });
        let label = if varies { "Strategy varied" } else { "Strategy started" };
        events.push(DailyEvent { day: began, label: label.to_owned() });
        let stopped = london::date_of(terms.stops_at());
        let followed = strategies.iter().any(|other| {
            other.strategy != terms.strategy
                && other.effective_from > terms.effective_from
                && (london::date_of(other.effective_from) - stopped).num_days().abs() <= 1
        });
        if !followed && terms.effective_from < terms.stops_at() {
            events.push(DailyEvent { day: stopped, label: "Strategy ended".to_owned() });
        }
    }
    events
}

/// Weekday by hour of the days shown. What is known by its date alone is left out, and counted.
pub(super) fn heat(numbers: &ContactNumbers) -> HeatTable {
    let from = london::start_of_day(numbers.first_day);
    let mut counts = [[0_u32; 24]; 7];
    let mut date_only = 0_u32;
    for one in numbers.received.iter().filter(|one| one.at >= from) {
        let wall = london::wall_time(one.at);
        if is_date_alone(one.at) {
            date_only = date_only.saturating_add(1);
            continue;
        }
        let (day, hour) = (wall.weekday().num_days_from_monday(), wall.hour());
        let cell = counts.get_mut(day as usize).and_then(|hours| hours.get_mut(hour as usize));
        if let Some(cell) = cell {
            *cell = cell.saturating_add(1);
        }
    }
    heat_table("hours", &HeatCounts { first_day: numbers.first_day, last_day: numbers.today, counts, date_only })
}

/// Whether only the London day is known: it is kept as the midnight the day begins with.
pub(super) fn is_date_alone(at: DateTime<Utc>) -> bool {
    at == london::start_of_day(london::date_of(at))
}

/// The ways of contact: before and since the last strategy began; without one, of all days shown.
pub(super) fn channels(numbers: &ContactNumbers) -> Chart {
    let began = numbers
        .strategies
        .iter()
        .rfind(|terms| begun(numbers, terms))
        .map(|terms| london::date_of(terms.effective_from));
    let began = began.filter(|day| *day > numbers.first_day && *day <= numbers.today);
    let whole = MixPeriod { first_day: numbers.first_day, last_day: numbers.today };
    let (before, after) = match began {
        Some(day) => {
            let before = MixPeriod { last_day: day.pred_opt().unwrap_or(day), ..whole };
            (before, Some(MixPeriod { first_day: day, ..whole }))
        }
        None => (whole, None),
    };
    let count = |period: MixPeriod, channel: Channel| {
        let on = |at: DateTime<Utc>| (period.first_day..=period.last_day).contains(&london::date_of(at));
        let these = numbers.received.iter().filter(|one| one.channel == channel && on(one.at));
        u32::try_from(these.count()).unwrap_or(u32::MAX)
    };
    let channels = Channel::ALL.into_iter().map(|channel| ChannelCounts {
        label: choice(channel.as_str()),
        before: count(before, channel),
        after: after.map_or(0, |after| count(after, channel)),
    });
    channel_chart("channels", &ChannelMix { before, after, channels: channels.collect() })
}

/// How each rule stands, in words, with the picture of those that count days.
pub(super) fn rules(numbers: &ContactNumbers, shown: Option<&Rule>, place: &str) -> Vec<Value> {
    let row = |(rule, stands): &(Rule, crate::app::people::RuleStands)| {
        let is_shown = shown.is_some_and(|shown| shown.rule == rule.rule);
        let href = days_of(rule.window).filter(|_| !is_shown).map(|_| format!("{place}?of={}", rule.rule));
        json!({ "title": rule.title, "count": stands.count, "atLeast": stands.at_least, "reached": stands.reached,
                "href": href, "shown": is_shown })
    };
    numbers.rules.iter().map(row).collect()
}

/// What a chart per day counts, where it is not everything.
pub(super) fn counted_in(rule: Option<&Rule>) -> Option<String> {
    let rule = rule.filter(|rule| !rule.channels.is_empty())?;
    let named: Vec<String> = rule.channels.iter().map(|channel| choice(channel.as_str())).collect();
    Some(named.join(" and "))
}
