//! Rules that put people on the meeting's list. A nomination labels nobody: it asks people to look (policy 1.3).

use crate::domain::calendar::london;
use crate::domain::calls::CallerKind;
use crate::domain::contact::Channel;
use crate::domain::person::IdentifierKind;
use crate::domain::strategy::Window;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Whom a rule counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// People on file, by all their contacts: onto the meeting's list.
    #[default]
    Person,
    /// Callers, on file or not, by the calls that systems recorded: onto the coordinator's list.
    Caller,
}

/// So many contacts by these channels in a window. Read from `workflows/rules/*.yaml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub struct Rule {
    /// Stable, kebab-case: the file's name.
    pub rule: String,
    pub version: u32,
    pub title: String,
    /// The paragraph the rule comes from.
    pub policy: Option<String>,
    #[serde(default)]
    pub about: Subject,
    /// Of a rule about callers: which kinds count; empty: all.
    #[serde(default)]
    pub callers: Vec<CallerKind>,
    /// Which channels count; empty: all.
    #[serde(default)]
    pub channels: Vec<Channel>,
    pub at_least: u32,
    pub window: Window,
}

/// What is wrong with a rule file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleFault {
    #[error("{message}")]
    Unreadable { message: String, line: Option<u32> },
    #[error("`at_least` is 1 or more")]
    NothingToCount,
    #[error("a window lasts 1 to 366 units")]
    Window,
    #[error("`rule` is the file's name: {expected}")]
    Name { expected: String },
    #[error("only calls are known of callers: name `channels` of 999, 101 and telephone")]
    ChannelsOfCallers,
    #[error("`callers` belongs to a rule about callers")]
    CallersOfPeople,
}

impl RuleFault {
    /// Where in the file's structure; empty for the whole file.
    pub fn path(&self) -> &'static str {
        match self {
            RuleFault::Unreadable { .. } => "",
            RuleFault::NothingToCount => "at_least",
            RuleFault::Window => "window.n",
            RuleFault::Name { .. } => "rule",
            RuleFault::ChannelsOfCallers => "channels",
            RuleFault::CallersOfPeople => "callers",
        }
    }

    /// The line of a fault that has no path, counted from 1.
    pub fn line(&self) -> Option<u32> {
        match self {
            RuleFault::Unreadable { line, .. } => *line,
            RuleFault::NothingToCount
            | RuleFault::Window
            | RuleFault::Name { .. }
            | RuleFault::ChannelsOfCallers
            | RuleFault::CallersOfPeople => None,
        }
    }
}

impl Rule {
    /// Reads `workflows/rules/<name>.yaml`.
    ///
    /// # Errors
    /// Every fault of the file.
    pub fn read(name: &str, yaml: &str) -> Result<Self, Vec<RuleFault>> {
        let unreadable = |fault: serde_saphyr::Error| RuleFault::Unreadable {
            line: fault.location().and_then(|at| u32::try_from(at.line()).ok()),
            message: fault.to_string(),
        };
        let rule: Rule = serde_saphyr::from_str(yaml).map_err(|fault| vec![unreadable(fault)])?;
        let mut faults = Vec::new();
        if rule.rule != name {
            faults.push(RuleFault::Name { expected: name.to_owned() });
        }
        if rule.at_least == 0 {
            faults.push(RuleFault::NothingToCount);
        }
        if !(1..=366).contains(&rule.window.n) {
            faults.push(RuleFault::Window);
        }
        let calls = |channel: &Channel| channel.address_kind() == Some(IdentifierKind::Telephone);
        if rule.about == Subject::Caller && (rule.channels.is_empty() || !rule.channels.iter().all(calls)) {
            faults.push(RuleFault::ChannelsOfCallers);
        }
        if rule.about == Subject::Person && !rule.callers.is_empty() {
            faults.push(RuleFault::CallersOfPeople);
        }
        if faults.is_empty() { Ok(rule) } else { Err(faults) }
    }

    pub fn counts(&self, channel: Channel) -> bool {
        self.channels.is_empty() || self.channels.contains(&channel)
    }

    /// Whether somebody of this kind is nominated by it.
    pub fn counts_callers(&self, kind: CallerKind) -> bool {
        self.callers.is_empty() || self.callers.contains(&kind)
    }

    /// Whether one of two hits was reached while the window of the other still remembered.
    pub fn overlaps(&self, one: &Hit, other: &Hit) -> bool {
        let (earlier, later) = (one.reached_at.min(other.reached_at), one.reached_at.max(other.reached_at));
        self.window.opening(later).admits(earlier)
    }

    /// Whether a history still holds what a hit rests on.
    pub fn holds(&self, hit: &Hit, history: &[(DateTime<Utc>, Channel)]) -> bool {
        let opening = self.window.opening(hit.reached_at);
        let within = history
            .iter()
            .filter(|(at, channel)| self.counts(*channel) && opening.admits(*at) && *at <= hit.reached_at);
        within.count() >= usize::try_from(self.at_least).unwrap_or(usize::MAX)
    }

    /// Whether a hit of `last` is still in the window of every contact received between these two instants, both
    /// inclusive: then none of them reaches the rule again.
    pub fn still_tells(&self, last: DateTime<Utc>, (first, latest): (DateTime<Utc>, DateTime<Utc>)) -> bool {
        last <= first && self.window.opening(latest).admits(last)
    }
}

/// A rule reached by a person's contacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hit {
    /// When the contact was received that reached it.
    pub reached_at: DateTime<Utc>,
    pub window_start: DateTime<Utc>,
    pub count: u32,
}

/// Where a rule is reached by a contact received at `from` or later. `history`: the person's counted contacts in order
/// of receipt, reaching back at least a window before `from`. While the window still holds the contact of the last hit
/// (`last`, or one found here), the rule is not reached again.
pub fn evaluate(
    rule: &Rule,
    history: &[(DateTime<Utc>, Channel)],
    from: DateTime<Utc>,
    last: Option<DateTime<Utc>>,
) -> Vec<Hit> {
    let received: Vec<DateTime<Utc>> =
        history.iter().filter(|(_, channel)| rule.counts(*channel)).map(|(at, _)| *at).collect();
    let mut hits: Vec<Hit> = Vec::new();
    let mut last = last;
    for (index, at) in received.iter().enumerate().filter(|(_, at)| **at >= from) {
        let opening = rule.window.opening(*at);
        let first = received.partition_point(|earlier| !opening.admits(*earlier));
        let count = u32::try_from(index + 1 - first.min(index + 1)).unwrap_or(u32::MAX);
        let told = last.is_some_and(|last| last <= *at && opening.admits(last));
        if count >= rule.at_least && !told {
            hits.push(Hit { reached_at: *at, window_start: opening.at, count });
            last = Some(*at);
        }
    }
    hits
}

/// How far back contacts matter to rules asked about a contact of `from`.
pub fn reach(rules: &[Rule], from: DateTime<Utc>) -> DateTime<Utc> {
    rules.iter().map(|rule| rule.window.opening(from).at).min().unwrap_or(from)
}

/// Whether a call list shows red: at least two calls in the 24 elapsed hours that end now (policy 6.5).
pub fn shows_red(calls: &[DateTime<Utc>], now: DateTime<Utc>) -> bool {
    calls.iter().filter(|call| london::within_24_hours(**call, now)).count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;

    const TEN_CALLS: &str = include_str!("../../../workflows/rules/repeat-calls.yaml");

    const TEN_CALLS_OF_A_CALLER: &str = include_str!("../../../workflows/rules/repeat-callers.yaml");

    fn ten_calls() -> Rule {
        Rule::read("repeat-calls", TEN_CALLS).unwrap()
    }

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn calls(times: &[DateTime<Utc>]) -> Vec<(DateTime<Utc>, Channel)> {
        times.iter().map(|at| (*at, Channel::Phone101)).collect()
    }

    fn hourly(n: i64) -> Vec<DateTime<Utc>> {
        (0..n).map(|hour| utc("2026-06-01T00:00:00Z") + Duration::hours(hour)).collect()
    }

    #[test]
    fn nine_calls_in_a_week_nominate_nobody_and_the_tenth_does() {
        let start = utc("2026-01-01T00:00:00Z");
        assert_eq!(evaluate(&ten_calls(), &calls(&hourly(9)), start, None), []);
        let hits = evaluate(&ten_calls(), &calls(&hourly(10)), start, None);
        assert_eq!(hits.iter().map(|hit| (hit.reached_at, hit.count)).collect::<Vec<_>>(), [(hourly(10)[9], 10)]);
    }

    #[test]
    fn a_call_exactly_a_week_old_no_longer_counts() {
        let mut times = hourly(9);
        times.push(utc("2026-06-08T00:00:00Z"));
        assert_eq!(evaluate(&ten_calls(), &calls(&times), times[9], None), []);
        times[9] -= Duration::microseconds(1);
        assert_eq!(evaluate(&ten_calls(), &calls(&times), times[9], None).len(), 1);
    }

    #[test]
    fn other_channels_do_not_count() {
        let mails: Vec<_> = hourly(20).into_iter().map(|at| (at, Channel::Email)).collect();
        assert_eq!(evaluate(&ten_calls(), &mails, mails[0].0, None), []);
    }

    #[test]
    fn somebody_who_goes_on_calling_is_nominated_once_while_the_window_remembers() {
        let times = hourly(40);
        let hits = evaluate(&ten_calls(), &calls(&times), times[0], None);
        assert_eq!(hits.len(), 1);
        let last = hits[0].reached_at;
        assert_eq!(evaluate(&ten_calls(), &calls(&times), times[39], Some(last)), []);
        assert!(ten_calls().still_tells(last, (times[39], times[39])));
        assert!(!ten_calls().still_tells(last, (times[39], last + Duration::days(7))), "a week later it is forgotten");
        assert!(
            !ten_calls().still_tells(last, (times[0], times[39])),
            "a call from before it may reach the rule itself"
        );
    }

    #[test]
    fn a_call_that_comes_to_light_late_is_seen_to_have_reached_the_rule() {
        let times = hourly(10);
        let hits = evaluate(&ten_calls(), &calls(&times), times[0], None);
        assert_eq!(hits[0].reached_at, times[9]);
    }

    #[test]
    fn a_faulty_rule_names_every_fault() {
        let yaml = "rule: other\nversion: 1\ntitle: T\nat_least: 0\nwindow: { kind: rolling, unit: week, n: 0 }\n";
        let expected = [RuleFault::Name { expected: "mine".into() }, RuleFault::NothingToCount, RuleFault::Window];
        assert_eq!(Rule::read("mine", yaml).unwrap_err(), expected);
        assert!(matches!(Rule::read("mine", "rule: [").unwrap_err()[..], [RuleFault::Unreadable { .. }]));
        let misspelt = TEN_CALLS.replace("at_least", "at_last");
        assert!(matches!(Rule::read("repeat-calls", &misspelt).unwrap_err()[..], [RuleFault::Unreadable { .. }]));
    }

    #[test]
    fn a_rule_about_callers_counts_calls_and_says_whose() {
        let callers = Rule::read("repeat-callers", TEN_CALLS_OF_A_CALLER).unwrap();
        assert_eq!(callers.about, Subject::Caller);
        assert!(callers.counts_callers(CallerKind::Unknown) && !callers.counts_callers(CallerKind::Organisation));
        let mails = TEN_CALLS_OF_A_CALLER.replace("[\"999\", \"101\"]", "[email]");
        assert_eq!(Rule::read("repeat-callers", &mails).unwrap_err(), [RuleFault::ChannelsOfCallers]);
        let people = TEN_CALLS_OF_A_CALLER.replace("about: caller", "about: person");
        assert_eq!(Rule::read("repeat-callers", &people).unwrap_err(), [RuleFault::CallersOfPeople]);
    }

    #[test]
    fn two_hits_of_windows_that_meet_are_one_nomination() {
        let hit = |at: &str| Hit { reached_at: utc(at), window_start: utc(at), count: 10 };
        let (first, within, after) =
            (hit("2026-06-01T10:00:00Z"), hit("2026-06-08T09:59:59Z"), hit("2026-06-08T10:00:00Z"));
        assert!(ten_calls().overlaps(&first, &within) && ten_calls().overlaps(&within, &first));
        assert!(!ten_calls().overlaps(&first, &after));
    }

    #[test]
    fn two_calls_in_24_hours_show_red_and_exactly_24_hours_do_not() {
        let now = utc("2026-10-25T12:00:00Z");
        assert!(shows_red(&[now, now - Duration::hours(24) + Duration::microseconds(1)], now));
        assert!(!shows_red(&[now, now - Duration::hours(24)], now));
    }
}
