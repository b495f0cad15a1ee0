//! Limits, dates and long texts as a letter says them.

use crate::domain::contact::Channel;
use crate::domain::strategy::{Limit, TimeSlot, Window, WindowKind, WindowUnit};
use chrono::{NaiveDate, Weekday};

/// `22 November 2026`.
pub fn long_date(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}

/// Splits at blank lines.
pub fn paragraphs(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n");
    text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()).map(str::to_owned).collect()
}

/// What is asked of the person, a sentence or a few for each limit, in plain words.
pub fn limits_in_words(limits: &[Limit]) -> Vec<String> {
    limits.iter().filter(|limit| limit.channel.may_be_limited()).map(limit_in_words).collect()
}

/// `E-mail from person@example.org`.
pub fn blocked_in_words(channel: Channel, address: &str) -> String {
    let what = match channel {
        Channel::Email => "E-mail",
        Channel::Letter => "Letters",
        Channel::OnlineMessage | Channel::OnlineChat => "Messages",
        Channel::InPerson => "Visits",
        Channel::Telephone | Channel::Phone101 | Channel::Phone999 => "Calls",
    };
    if address.trim().is_empty() { what.to_owned() } else { format!("{what} from {}", address.trim()) }
}

fn limit_in_words(limit: &Limit) -> String {
    let way = way(limit.channel);
    if !limit.allowed || limit.max == Some(0) {
        return format!("Please do not contact us {way}.");
    }
    let mut asked = match (limit.max, limit.window) {
        (Some(max), Some(window)) => {
            format!("You may contact us {way} at most {} {}", times(max), period(window))
        }
        _ => format!("You may contact us {way}"),
    };
    if !limit.times.is_empty() {
        let slots: Vec<String> = limit.times.iter().map(slot).collect();
        asked = format!("{asked}, {}", slots.join(", or "));
    }
    let mut sentences = vec![format!("{asked}.")];
    if let Some(addressee) = &limit.addressee {
        sentences.push(format!("Please use only {addressee}."));
    }
    if !limit.closed_subjects.is_empty() {
        let subjects = limit.closed_subjects.join("; ");
        sentences.push(format!(
            "We have answered the following in full and will not answer about it again unless you tell us something new: {subjects}."
        ));
    }
    sentences.join(" ")
}

fn times(max: u32) -> String {
    match max {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        max => format!("{max} times"),
    }
}

fn way(channel: Channel) -> &'static str {
    match channel {
        Channel::Telephone | Channel::Phone101 | Channel::Phone999 => "by telephone on the department's own numbers",
        Channel::Email => "by e-mail",
        Channel::Letter => "by letter",
        Channel::InPerson => "in person",
        Channel::OnlineMessage => "by online message",
        Channel::OnlineChat => "by online chat",
    }
}

fn period(window: Window) -> String {
    let n = window.n;
    match (window.kind, window.unit, n) {
        (WindowKind::Calendar, WindowUnit::Day, 1) => "on any one day".into(),
        (WindowKind::Calendar, WindowUnit::Week, 1) => "in a calendar week, Monday to Sunday".into(),
        (WindowKind::Calendar, WindowUnit::Month, 1) => "in a calendar month".into(),
        (WindowKind::Calendar, unit, n) => format!("in {n} calendar {}, the present one counted", many(unit)),
        (WindowKind::Rolling, WindowUnit::Day, 1) => "in any 24 hours".into(),
        (WindowKind::Rolling, unit, 1) => format!("in any {}", one(unit)),
        (WindowKind::Rolling, unit, n) => format!("in any {n} {}", many(unit)),
    }
}

fn one(unit: WindowUnit) -> &'static str {
    match unit {
        WindowUnit::Day => "day",
        WindowUnit::Week => "7 days",
        WindowUnit::Month => "month",
    }
}

fn many(unit: WindowUnit) -> &'static str {
    match unit {
        WindowUnit::Day => "days",
        WindowUnit::Week => "weeks",
        WindowUnit::Month => "months",
    }
}

fn slot(slot: &TimeSlot) -> String {
    let days: Vec<&str> = slot.days.iter().map(|day| weekday(*day)).collect();
    let on = match days.as_slice() {
        [] => "on any day".to_owned(),
        [one] => format!("on a {one}"),
        [first, .., last] if is_a_row(&slot.days) => format!("from {first} to {last}"),
        [others @ .., last] => format!("on a {} or {last}", others.join(", ")),
    };
    let to = slot.to.format("%H:%M").to_string();
    let to = if to == "23:59" { "midnight" } else { &to };
    format!("{on}, between {} and {to}", slot.from.format("%H:%M"))
}

fn is_a_row(days: &[Weekday]) -> bool {
    days.len() > 2 && days.iter().zip(days.iter().skip(1)).all(|(day, next)| day.succ() == *next)
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(json: serde_json::Value) -> String {
        limits_in_words(&[serde_json::from_value(json).unwrap()]).join(" ")
    }

    #[test]
    fn limits_read_as_plain_english() {
        let weekly = serde_json::json!({"channel": "email", "allowed": true, "max": 1,
            "window": {"kind": "calendar", "unit": "week", "n": 1}, "addressee": "spoc@example.org"});
        assert_eq!(
            words(weekly),
            "You may contact us by e-mail at most once in a calendar week, Monday to Sunday. Please use only spoc@example.org."
        );
        let hours = serde_json::json!({"channel": "in_person", "allowed": true,
            "times": [{"days": ["Mon", "Tue", "Wed"], "from": "09:00", "to": "17:00"}, {"days": ["Fri"], "from": "09:00", "to": "24:00"}]});
        assert_eq!(
            words(hours),
            "You may contact us in person, from Monday to Wednesday, between 09:00 and 17:00, or on a Friday, between 09:00 and midnight."
        );
        assert_eq!(
            words(serde_json::json!({"channel": "letter", "allowed": false})),
            "Please do not contact us by letter."
        );
        let rolling = serde_json::json!({"channel": "online_chat", "allowed": true, "max": 2, "window": {"kind": "rolling", "unit": "day", "n": 7}});
        assert_eq!(words(rolling), "You may contact us by online chat at most twice in any 7 days.");
    }

    #[test]
    fn calls_to_the_control_room_are_never_spoken_of_as_limited() {
        assert_eq!(words(serde_json::json!({"channel": "999", "allowed": false})), "");
    }

    #[test]
    fn closed_subjects_stay_open_to_something_new() {
        let closed =
            serde_json::json!({"channel": "email", "allowed": true, "closedSubjects": ["the parking fine of 2024"]});
        assert!(words(closed).contains("unless you tell us something new: the parking fine of 2024."));
    }
}
