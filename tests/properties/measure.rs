//! Verdicts by brute force: for each contact, look at all that came before it. Quadratic and obvious.

use super::history::Bound;
use chrono::{DateTime, Datelike, Days, Duration, Months, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Europe::London;
use entities::contacts;
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What a contact should have been found to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub kinds: Vec<&'static str>,
    pub strategy: Option<Uuid>,
    pub blocked: bool,
    /// How many allowances were gone, for each limit of its channel that counts.
    pub used: BTreeMap<u64, u64>,
}

impl Found {
    fn plain(kind: &'static str) -> Self {
        Self { kinds: vec![kind], strategy: None, blocked: false, used: BTreeMap::new() }
    }
}

/// The verdict on each contact of one person: all of them, and everything that ever bound the person.
pub fn measure(contacts: &[&contacts::Model], bounds: &[&Bound]) -> BTreeMap<Uuid, Found> {
    let mut contacts = contacts.to_vec();
    contacts.sort_by_key(|contact| (contact.received_at, contact.id));
    let mut bounds: Vec<&Bound> =
        bounds.iter().copied().filter(|bound| bound.effective_from < bound.stops_at()).collect();
    bounds.sort_by_key(|bound| (bound.effective_from, bound.strategy));
    let mut found: Vec<(&contacts::Model, Found)> = Vec::new();
    for contact in contacts {
        let verdict = judge(contact, &found, &bounds);
        found.push((contact, verdict));
    }
    found.into_iter().map(|(contact, found)| (contact.id, found)).collect()
}

fn judge(contact: &contacts::Model, earlier: &[(&contacts::Model, Found)], bounds: &[&Bound]) -> Found {
    if contact.not_counted_because.is_some() {
        return Found::plain("not_counted");
    }
    if contact.counts_for_id.is_none() {
        return Found::plain("unattributed");
    }
    let binding = bounds.iter().rev().find(|bound| bound.binds(contact.received_at));
    let rests_on = |kind, bound: &Bound| Found {
        strategy: Some(bound.strategy),
        blocked: is_blocked(contact, bound),
        ..Found::plain(kind)
    };
    match (binding, contact.exempt) {
        (Some(bound), true) => rests_on("exempt", bound),
        (None, true) => Found::plain("exempt"),
        (Some(bound), false) => against(contact, earlier, bound),
        (None, false) => match bounds.iter().find(|bound| bound.effective_from > contact.received_at) {
            Some(coming) => Found { blocked: false, ..rests_on("not_yet_effective", coming) },
            None => Found::plain("within_limit"),
        },
    }
}

fn against(contact: &contacts::Model, earlier: &[(&contacts::Model, Found)], bound: &Bound) -> Found {
    let mut kinds = Vec::new();
    let mut used = BTreeMap::new();
    for (index, limit) in (0..).zip(&bound.limits) {
        if limit["channel"] != contact.channel.as_str() || ["999", "101"].contains(&contact.channel.as_str()) {
            continue;
        }
        if limit["allowed"] == false {
            kinds.push("wrong_channel");
        }
        if let (Some(wanted), Some(got)) = (limit["addressee"].as_str(), &contact.addressee)
            && !wanted.eq_ignore_ascii_case(got)
        {
            kinds.push("wrong_addressee");
        }
        let closed = limit["closedSubjects"].as_array().into_iter().flatten().filter_map(Value::as_str);
        if closed.into_iter().any(|phrase| words_of(contact).contains(&plain(phrase))) {
            kinds.push("closed_subject");
        }
        if !in_time(contact.received_at, limit) {
            kinds.push("wrong_time");
        }
        if let (Some(max), Some(window)) =
            (limit["max"].as_u64(), limit.get("window").filter(|window| !window.is_null()))
        {
            let gone = earlier.iter().filter(|(before, verdict)| {
                verdict.kinds == ["within_limit"]
                    && verdict.strategy == Some(bound.strategy)
                    && before.channel == contact.channel
                    && in_window(before.received_at, contact.received_at, window)
            });
            let gone = gone.count() as u64;
            used.insert(index, gone);
            if gone >= max {
                kinds.push("over_frequency");
            }
        }
    }
    let order = ["wrong_channel", "wrong_addressee", "closed_subject", "wrong_time", "over_frequency"];
    let mut listed: Vec<&str> = order.into_iter().filter(|kind| kinds.contains(kind)).collect();
    if listed.is_empty() {
        listed.push("within_limit");
    }
    Found { kinds: listed, strategy: Some(bound.strategy), blocked: is_blocked(contact, bound), used }
}

fn is_blocked(contact: &contacts::Model, bound: &Bound) -> bool {
    bound.blocked.iter().filter(|block| block["channel"] == contact.channel.as_str()).any(|block| {
        block["address"].as_str().is_none_or(|address| {
            contact.presented.as_deref().is_some_and(|from| from.trim().eq_ignore_ascii_case(address.trim()))
        })
    })
}

/// The words with one space between them and one at either end, punctuation gone.
fn plain(text: &str) -> String {
    let letters: String =
        text.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { ' ' }).collect();
    format!(" {} ", letters.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn words_of(contact: &contacts::Model) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    plain(&format!("{} {}", text(&contact.subject), text(&contact.words)))
}

fn in_time(at: DateTime<Utc>, limit: &Value) -> bool {
    let Some(slots) = limit["times"].as_array().filter(|slots| !slots.is_empty()) else { return true };
    let wall = at.with_timezone(&London);
    let (day, time) = (wall.format("%a").to_string(), wall.format("%H:%M:%S%.6f").to_string());
    slots.iter().any(|slot| {
        let days = slot["days"].as_array().filter(|days| !days.is_empty());
        days.is_none_or(|days| days.iter().any(|allowed| *allowed == day.as_str()))
            && slot["from"].as_str().unwrap() <= time.as_str()
            && time.as_str() < slot["to"].as_str().unwrap()
    })
}

/// Whether `earlier` lies in the window that ends at `now`. The caller vouches that it is not later.
fn in_window(earlier: DateTime<Utc>, now: DateTime<Utc>, window: &Value) -> bool {
    let wall = now.with_timezone(&London).naive_local();
    let n = u32::try_from(window["n"].as_u64().unwrap()).unwrap();
    let unit = window["unit"].as_str().unwrap();
    let back = |from: NaiveDateTime, units: u32| match unit {
        "day" => from - Days::new(units.into()),
        "week" => from - Days::new(u64::from(units) * 7),
        _ => from - Months::new(units),
    };
    if window["kind"] == "rolling" {
        return earlier > instant(back(wall, n));
    }
    let today = wall.date();
    let first = match unit {
        "day" => today,
        "week" => today - Days::new(today.weekday().num_days_from_monday().into()),
        _ => today.with_day(1).unwrap(),
    };
    earlier >= instant(back(first.and_hms_opt(0, 0, 0).unwrap(), n - 1))
}

/// The later of two instants at which London's clocks show it; where they never do, the first that follows.
fn instant(wall: NaiveDateTime) -> DateTime<Utc> {
    if let Some(at) = London.from_local_datetime(&wall).latest() {
        return at.to_utc();
    }
    let mut later = wall.date().and_hms_opt(0, 0, 0).unwrap();
    while later <= wall || London.from_local_datetime(&later).latest().is_none() {
        later += Duration::minutes(1);
    }
    London.from_local_datetime(&later).earliest().unwrap().to_utc()
}
