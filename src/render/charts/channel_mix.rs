//! Channels before and after: whether contact went down, or went elsewhere.

use super::bars::{Bar, Group, Look, draw, share};
use super::svg::{Gutter, Said};
use super::words::{counted, grouped, listed, period};
use super::{Chart, Table, csv};
use chrono::NaiveDate;

/// What a chart of channels is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelMix {
    pub before: MixPeriod,
    /// `None`: there is one period, and one bar for each channel.
    pub after: Option<MixPeriod>,
    /// In any order; those never used are in the table alone.
    pub channels: Vec<ChannelCounts>,
}

/// London days, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MixPeriod {
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
}

/// Contacts by one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelCounts {
    /// `E-mail`.
    pub label: String,
    pub before: u32,
    /// Not looked at where there is one period.
    pub after: u32,
}

/// The chart. Periods of different lengths are compared by contacts a week, equal ones by contacts. `id` begins the
/// ids: letters, digits and hyphens, unique on the page.
///
/// No contacts: the heading says so and nothing is drawn.
pub fn channel_chart(id: &str, mix: &ChannelMix) -> Chart {
    let mix = Sorted::of(mix);
    let title = match mix.after {
        Some(_) => "Contacts by channel, before and after".to_owned(),
        None => format!("Contacts by channel, {}", mix.before.in_words()),
    };
    let description = mix.description();
    let said = Said { id, title: &title, description: &description };
    let drawn = mix.sum() > 0;
    let gutter = if mix.after.is_some() { Gutter::Words } else { Gutter::Number };
    let svg = if drawn { draw(&said, &mix.groups(), gutter) } else { String::new() };
    let key = if drawn { mix.key() } else { String::new() };
    let (table, csv) = mix.numbers(&title);
    Chart { id: id.to_owned(), heading: mix.heading(), svg, key, table, csv, title, description }
}

impl MixPeriod {
    /// At least 1.
    fn days(self) -> u32 {
        let days = (self.last_day - self.first_day).num_days().saturating_add(1).max(1);
        u32::try_from(days).unwrap_or(u32::MAX)
    }

    fn in_words(self) -> String {
        period(self.first_day, self.last_day)
    }
}

/// The channels, the most used first.
struct Sorted<'a> {
    before: MixPeriod,
    after: Option<MixPeriod>,
    channels: Vec<&'a ChannelCounts>,
}

/// A change of one channel.
struct Change<'a> {
    label: &'a str,
    /// In what the bars measure.
    by: f64,
    words: String,
}

impl<'a> Sorted<'a> {
    fn of(mix: &'a ChannelMix) -> Self {
        let mut channels: Vec<&ChannelCounts> = mix.channels.iter().collect();
        let used = |channel: &ChannelCounts| match mix.after {
            Some(_) => channel.before.saturating_add(channel.after),
            None => channel.before,
        };
        channels.sort_by_key(|channel| std::cmp::Reverse(used(channel)));
        Self { before: mix.before, after: mix.after, channels }
    }

    fn sum(&self) -> u32 {
        self.sum_before().saturating_add(self.sum_after())
    }

    fn sum_before(&self) -> u32 {
        self.channels.iter().fold(0, |sum, channel| channel.before.saturating_add(sum))
    }

    fn sum_after(&self) -> u32 {
        let counted = self.channels.iter().filter(|_| self.after.is_some());
        counted.fold(0, |sum, channel| channel.after.saturating_add(sum))
    }

    /// Whether bars are contacts a week: the periods differ in length.
    fn weekly(&self) -> bool {
        self.after.is_some_and(|after| after.days() != self.before.days())
    }

    /// What a bar measures: contacts, or contacts a week.
    fn measure(&self, count: u32, period: MixPeriod) -> f64 {
        if self.weekly() { f64::from(count) * 7.0 / f64::from(period.days()) } else { f64::from(count) }
    }

    /// `18`, or `2.3` a week.
    fn number(&self, count: u32, period: MixPeriod) -> String {
        if self.weekly() && count > 0 { format!("{:.1}", self.measure(count, period)) } else { grouped(count) }
    }

    fn groups(&self) -> Vec<Group> {
        let measures = self.channels.iter().flat_map(|channel| {
            let after = self.after.map_or(0.0, |after| self.measure(channel.after, after));
            [self.measure(channel.before, self.before), after]
        });
        let most = measures.fold(0.0, f64::max);
        let bar = |count, period, when: &str, look| Bar {
            share: share(self.measure(count, period), most),
            words: self.words_at_end(count, period, when),
            look,
        };
        let used = |channel: &&&ChannelCounts| channel.before > 0 || (self.after.is_some() && channel.after > 0);
        let group = |channel: &&ChannelCounts| {
            let bars = match self.after {
                None => vec![bar(channel.before, self.before, "", Look::Solid)],
                Some(after) => vec![
                    bar(channel.before, self.before, " before", Look::Hatched),
                    bar(channel.after, after, " after", Look::Solid),
                ],
            };
            Group { label: channel.label.clone(), bars }
        };
        self.channels.iter().filter(used).map(group).collect()
    }

    /// `18 before`, or `2.3 a week before`.
    fn words_at_end(&self, count: u32, period: MixPeriod, when: &str) -> String {
        let unit = if self.weekly() { " a week" } else { "" };
        format!("{}{unit}{when}", self.number(count, period))
    }

    fn heading(&self) -> String {
        match self.after {
            _ if self.sum() == 0 => format!("No contacts {}", self.whole().in_words()),
            None => self.most_used(),
            Some(after) => self.changed(after),
        }
    }

    fn whole(&self) -> MixPeriod {
        MixPeriod { first_day: self.before.first_day, last_day: self.after.unwrap_or(self.before).last_day }
    }

    fn most_used(&self) -> String {
        let most = self.channels.iter().map(|channel| channel.before).max().unwrap_or(0);
        let top = self.channels.iter().filter(|channel| channel.before == most);
        let top: Vec<String> = top.map(|channel| channel.label.clone()).collect();
        match top.as_slice() {
            [one] => format!("{one} is used most: {} of {}", grouped(most), counted(self.sum(), "contact")),
            several => format!("{} are used most: {} each", listed(several), counted(most, "contact")),
        }
    }

    /// The channel that fell most and the one that rose most.
    fn changed(&self, after: MixPeriod) -> String {
        let unit = if self.weekly() { " a week" } else { "" };
        let changes: Vec<Change<'_>> = self.channels.iter().map(|channel| self.change(channel, after)).collect();
        let least = changes.iter().min_by(|one, other| one.by.total_cmp(&other.by)).filter(|change| change.by < 0.0);
        let most =
            changes.iter().rev().max_by(|one, other| one.by.total_cmp(&other.by)).filter(|change| change.by > 0.0);
        let fell = least.map(|change| format!("{} fell {}{unit}", change.label, change.words));
        let rose = most.map(|change| format!("{} rose {}{unit}", change.label, change.words));
        let said: Vec<String> = [fell, rose].into_iter().flatten().collect();
        if said.is_empty() { "No channel is used more or less than before".to_owned() } else { listed(&said) }
    }

    /// 0 where the numbers as shown are the same.
    fn change(&self, channel: &'a ChannelCounts, after: MixPeriod) -> Change<'a> {
        let (was, is) = (self.number(channel.before, self.before), self.number(channel.after, after));
        let by = self.measure(channel.after, after) - self.measure(channel.before, self.before);
        let by = if was == is { 0.0 } else { by };
        Change { label: &channel.label, by, words: format!("from {was} to {is}") }
    }

    fn description(&self) -> String {
        if self.sum() == 0 {
            return format!("{}.", self.heading());
        }
        let parts = |count: fn(&ChannelCounts) -> u32| -> String {
            let used = self.channels.iter().filter(|channel| channel.before > 0 || channel.after > 0);
            let used: Vec<String> =
                used.map(|channel| format!("{} {}", channel.label, grouped(count(channel)))).collect();
            listed(&used)
        };
        let said = |sum: u32, period: MixPeriod, parts: String| {
            format!("{} {} ({}): {parts}.", counted(sum, "contact"), period.in_words(), counted(period.days(), "day"))
        };
        let before = said(self.sum_before(), self.before, parts(|channel| channel.before));
        match self.after {
            None => before,
            Some(after) => {
                let after = said(self.sum_after(), after, parts(|channel| channel.after));
                format!("Before: {before} After: {after}")
            }
        }
    }

    fn key(&self) -> String {
        let Some(after) = self.after else {
            return format!("Length of a bar: contacts {}.", self.before.in_words());
        };
        let measure = if self.weekly() {
            "Length of a bar: contacts a week, because the periods differ in length."
        } else {
            "Length of a bar: contacts; the periods are equally long."
        };
        format!(
            "Striped bar: before, {} ({}). Solid bar: after, {} ({}). {measure}",
            self.before.in_words(),
            counted(self.before.days(), "day"),
            after.in_words(),
            counted(after.days(), "day"),
        )
    }

    fn numbers(&self, title: &str) -> (Table, String) {
        let head: Vec<&str> = match self.after {
            None => vec!["Channel", "Contacts"],
            Some(_) => vec!["Channel", "Before", "After", "Before, a week", "After, a week"],
        };
        let head: Vec<String> = head.into_iter().map(str::to_owned).collect();
        let weekly =
            |count: u32, period: MixPeriod| format!("{:.1}", f64::from(count) * 7.0 / f64::from(period.days()));
        let row = |channel: &&ChannelCounts, number: fn(u32) -> String| {
            let mut row = vec![channel.label.clone(), number(channel.before)];
            if let Some(after) = self.after {
                row.extend([number(channel.after), weekly(channel.before, self.before), weekly(channel.after, after)]);
            }
            row
        };
        let rows = self.channels.iter().map(|channel| row(channel, grouped)).collect();
        let plain: Vec<Vec<String>> =
            self.channels.iter().map(|channel| row(channel, |count| count.to_string())).collect();
        let numeric = (0..head.len()).map(|column| column > 0).collect();
        let csv = csv::document(&head, &plain);
        (Table { caption: title.to_owned(), head, numeric, rows }, csv)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn mix(after: Option<(&str, &str)>) -> ChannelMix {
        let channel = |label: &str, before, after| ChannelCounts { label: label.to_owned(), before, after };
        ChannelMix {
            before: MixPeriod { first_day: date("2026-08-29"), last_day: date("2026-10-23") },
            after: after.map(|(first, last)| MixPeriod { first_day: date(first), last_day: date(last) }),
            channels: vec![channel("101", 2, 9), channel("E-mail", 18, 6), channel("Letter", 0, 0)],
        }
    }

    #[test]
    fn equal_periods_are_compared_by_contacts_and_name_what_moved() {
        let chart = channel_chart("m", &mix(Some(("2026-10-24", "2026-12-18"))));
        assert_eq!(chart.heading, "E-mail fell from 18 to 6 and 101 rose from 2 to 9");
        assert!(chart.svg.contains(">18 before</text>") && chart.svg.contains(">6 after</text>"));
        assert_eq!(chart.svg.matches("app-chart__before").count(), 2);
        assert_eq!(chart.svg.matches("app-chart__after").count(), 2);
    }

    #[test]
    fn periods_of_different_lengths_are_compared_by_the_week() {
        let chart = channel_chart("m", &mix(Some(("2026-10-24", "2026-11-20"))));
        assert_eq!(chart.heading, "E-mail fell from 2.2 to 1.5 a week and 101 rose from 0.2 to 2.2 a week");
        assert!(chart.key.contains("56 days") && chart.key.contains("28 days"), "{}", chart.key);
        assert!(chart.svg.contains(">2.2 a week before</text>"));
    }

    #[test]
    fn one_period_has_one_bar_for_each_channel_used() {
        let chart = channel_chart("m", &mix(None));
        assert_eq!(chart.heading, "E-mail is used most: 18 of 20 contacts");
        assert_eq!(chart.svg.matches("app-chart__after").count(), 2);
        assert!(!chart.svg.contains("app-chart__before"));
        assert_eq!(chart.csv, "Channel,Contacts\r\nE-mail,18\r\n101,2\r\nLetter,0\r\n");
    }

    #[test]
    fn nothing_is_said_and_not_drawn() {
        let mut none = mix(None);
        none.channels.clear();
        let chart = channel_chart("m", &none);
        assert_eq!(chart.svg, "");
        assert_eq!(chart.heading, "No contacts from 29 August 2026 to 23 October 2026");
    }

    #[test]
    fn no_change_is_said_as_that() {
        let mut same = mix(Some(("2026-10-24", "2026-12-18")));
        same.channels.iter_mut().for_each(|channel| channel.after = channel.before);
        assert_eq!(channel_chart("m", &same).heading, "No channel is used more or less than before");
    }

    #[test]
    fn labels_are_escaped() {
        let mut odd = mix(None);
        odd.channels[1].label = "<b>".to_owned();
        assert!(channel_chart("m", &odd).svg.contains(">&lt;b&gt;</text>"));
    }
}
