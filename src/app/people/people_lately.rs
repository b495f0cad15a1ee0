//! How often people were in contact in the last five weeks, day by day in London, and which rules of nomination they have
//! reached: one statement for all of them.

use crate::app::{App, AppError};
use crate::domain::calendar::london;
use crate::domain::contact::Channel;
use crate::domain::ids::PersonId;
use crate::domain::nomination::{self, Rule};
use crate::store::contacts;
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Four weeks, and the week before them.
const DAYS: usize = 35;
const WEEK: usize = 7;

/// One person's last weeks.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Lately {
    /// Contacts on each of the last 35 London days, today's last. Empty: none at all.
    pub days: Vec<u32>,
    /// In the last seven days, today among them.
    pub week: u32,
    pub week_before: u32,
    pub reached: Vec<RuleStands>,
    /// The channels of the last 28 days.
    pub by: BTreeSet<Channel>,
}

/// How far a person is from a rule that would put them on the meeting's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleStands {
    pub rule: String,
    pub title: String,
    /// Contacts in the rule's window that ends now.
    pub count: u32,
    pub at_least: u32,
    pub reached: bool,
}

/// The last weeks of each of these people (after merges). Whoever was not in contact is left out.
pub(super) async fn lately_of(app: &App, people: &[PersonId]) -> Result<BTreeMap<PersonId, Lately>, AppError> {
    let now = app.now();
    let rules = app.catalog.nomination_rules();
    let today = london::date_of(now);
    let first = first_day(today, DAYS);
    let from = london::start_of_day(first).min(nomination::reach(rules, now));
    let found = contacts::counted_since(app.store.reader(), people, from).await?;
    let lately = |(person, received): (PersonId, Vec<(DateTime<Utc>, Channel)>)| {
        let days = by_day(first, DAYS, received.iter().map(|(at, _)| *at));
        let total = |skip: usize| days.iter().rev().skip(skip).take(WEEK).sum();
        let month = london::start_of_day(first_day(today, DAYS - WEEK));
        let lately = Lately {
            week: total(0),
            week_before: total(WEEK),
            reached: rules.iter().map(|rule| stands(rule, &received, now)).filter(|stands| stands.reached).collect(),
            by: received.iter().filter(|(at, _)| *at >= month).map(|(_, channel)| *channel).collect(),
            days,
        };
        (person, lately)
    };
    Ok(found.into_iter().map(lately).collect())
}

/// The first of `count` days that end with `today`.
pub(super) fn first_day(today: NaiveDate, count: usize) -> NaiveDate {
    let back = u64::try_from(count.saturating_sub(1)).unwrap_or_default();
    today.checked_sub_days(Days::new(back)).unwrap_or(today)
}

/// How many of these instants lie on each of `count` London days from `first` on.
pub(super) fn by_day(first: NaiveDate, count: usize, received: impl Iterator<Item = DateTime<Utc>>) -> Vec<u32> {
    let mut days = vec![0_u32; count];
    for at in received {
        let place = london::date_of(at).signed_duration_since(first).num_days();
        if let Some(day) = usize::try_from(place).ok().and_then(|place| days.get_mut(place)) {
            *day = day.saturating_add(1);
        }
    }
    days
}

/// How a rule stands after these contacts, at `now`.
pub(super) fn stands(rule: &Rule, received: &[(DateTime<Utc>, Channel)], now: DateTime<Utc>) -> RuleStands {
    let opening = rule.window.opening(now);
    let counted = received.iter().filter(|(at, channel)| *at <= now && opening.admits(*at) && rule.counts(*channel));
    let count = u32::try_from(counted.count()).unwrap_or(u32::MAX);
    RuleStands {
        rule: rule.rule.clone(),
        title: rule.title.clone(),
        count,
        at_least: rule.at_least,
        reached: count >= rule.at_least,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_is_a_london_day_also_where_the_clocks_change() {
        let first: NaiveDate = "2026-10-24".parse().unwrap();
        // 00:30 in summer time is the evening before in UTC; 25 October has 25 hours.
        let received =
            ["2026-10-23T23:30:00Z", "2026-10-24T23:30:00Z", "2026-10-25T23:59:59Z", "2026-10-26T00:00:00Z"].map(at);
        assert_eq!(by_day(first, 3, received.into_iter()), [1, 2, 1]);
        let spring: NaiveDate = "2026-03-29".parse().unwrap();
        let received = ["2026-03-28T23:59:59Z", "2026-03-29T00:00:00Z", "2026-03-29T22:59:59Z", "2026-03-29T23:00:00Z"];
        assert_eq!(by_day(spring, 2, received.map(at).into_iter()), [2, 1]);
    }
}
