//! What a strategy leaves open, what it blocks, and how often somebody wrote.

use super::dates::london_days_before;
use super::record::{list, text};
use super::{Answer, Arguments, Datum};
use crate::domain::contact::{Channel, Flag, raise};
use crate::domain::strategy::{Limit, is_comparable};
use crate::domain::workflow::scope::Scope;
use chrono::Duration;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;

/// The department's channels that are neither disallowed by a limit, nor limited to nothing, nor blocked altogether.
pub(super) fn open_channels(scope: &Scope<'_>, _: &Arguments<'_>) -> Answer {
    let mut closed = BTreeSet::new();
    for limit in list(scope.case.data, "limits")? {
        let allowed =
            limit.get("allowed").and_then(Value::as_bool).ok_or("a limit has to say whether it is allowed")?;
        if !allowed || limit.get("max").and_then(Value::as_u64) == Some(0) {
            closed.insert(channel(limit)?);
        }
    }
    for block in list(scope.case.data, "blocking")? {
        // A block of one address leaves the channel itself open.
        if text(block, "address").is_none() {
            closed.insert(channel(block)?);
        }
    }
    let open = Channel::ALL.iter().filter(|channel| channel.may_be_limited() && !closed.contains(channel)).count();
    Ok(Datum::Int(i64::try_from(open).unwrap_or(i64::MAX)))
}

/// The channels that something is blocked on, in the order recorded, each once.
pub(super) fn blocked_channels(scope: &Scope<'_>, _: &Arguments<'_>) -> Answer {
    let mut blocked: Vec<String> = Vec::new();
    for block in list(scope.case.data, "blocking")? {
        let name = channel(block)?.as_str();
        if !blocked.iter().any(|known| known == name) {
            blocked.push(name.to_owned());
        }
    }
    Ok(Datum::Texts(blocked))
}

/// Whether every block on this channel records at least two alternatives, each with what was tried and why it failed.
pub(super) fn has_tried_alternatives(scope: &Scope<'_>, arguments: &Arguments<'_>) -> Answer {
    let asked = arguments.text(0)?;
    let blocking = list(scope.case.data, "blocking")?;
    let mut blocks = blocking.iter().filter(|block| text(block, "channel") == Some(asked)).peekable();
    let any = blocks.peek().is_some();
    Ok(Datum::Bool(any && blocks.all(alternatives_recorded)))
}

fn alternatives_recorded(block: &Value) -> bool {
    let tried = list(block, "alternatives").unwrap_or_default();
    tried.iter().filter(|tried| text(tried, "tried").is_some() && text(tried, "whyFailed").is_some()).count() >= 2
}

/// Whether the limits can be measured: they parse, one a channel, windows of at least one unit, a maximum only with a
/// window, hours that end after they begin; and every number and mail address, limited or blocked, is one.
pub(super) fn limits_well_formed(scope: &Scope<'_>, _: &Arguments<'_>) -> Answer {
    let mut seen = BTreeSet::new();
    let limits = list(scope.case.data, "limits")?;
    let measured = limits
        .iter()
        .all(|limit| Limit::deserialize(limit).is_ok_and(|limit| measurable(&limit) && seen.insert(limit.channel)));
    let mut blocked = list(scope.case.data, "blocking")?.iter();
    let found = blocked.all(|block| match (channel(block), text(block, "address")) {
        (Ok(channel), Some(address)) => is_comparable(channel, address),
        (_, _) => true,
    });
    Ok(Datum::Bool(measured && found))
}

fn measurable(limit: &Limit) -> bool {
    limit.window.is_none_or(|window| window.n >= 1)
        && (limit.max.is_none() || limit.window.is_some())
        && limit.times.iter().all(|slot| slot.from < slot.to)
        && limit.addressee.as_deref().is_none_or(|addressee| is_comparable(limit.channel, addressee))
}

/// Whether neither a limit nor a block touches 999 or 101.
pub(super) fn emergency_untouched(scope: &Scope<'_>, _: &Arguments<'_>) -> Answer {
    for entry in list(scope.case.data, "limits")?.iter().chain(list(scope.case.data, "blocking")?) {
        if !channel(entry)?.may_be_limited() {
            return Ok(Datum::Bool(false));
        }
    }
    Ok(Datum::Bool(true))
}

/// Whether no closed subject names a complaint, a report of crime, a request that is somebody's right, an adjustment or
/// legal action: by the same words that take such a contact out of every limit when it comes in.
pub(super) fn rights_untouched(scope: &Scope<'_>, _: &Arguments<'_>) -> Answer {
    for limit in list(scope.case.data, "limits")? {
        let subjects = list(limit, "closedSubjects")?.iter().filter_map(Value::as_str);
        let named = subjects.flat_map(|subject| raise(subject, "", false)).any(|raised| is_right(raised.flag));
        if named {
            return Ok(Datum::Bool(false));
        }
    }
    Ok(Datum::Bool(true))
}

fn is_right(flag: Flag) -> bool {
    matches!(flag, Flag::Complaint | Flag::Crime | Flag::RightsRequest | Flag::Adjustment)
}

/// Contacts by any of the channels (by any at all, where the list is empty) in the window before now: `24h` is elapsed
/// time, `7d` the same London wall-clock time seven days earlier. The window's start is outside it, now is inside.
pub(super) fn contacts_in(scope: &Scope<'_>, arguments: &Arguments<'_>) -> Answer {
    let window = arguments.text(0)?;
    let channels = arguments.texts(1)?;
    let channels: Result<Vec<Channel>, String> = channels.iter().map(|name| parse_channel(name)).collect();
    let channels = channels?;
    let start = match split_window(window) {
        Some((hours, 'h')) => scope.now - Duration::hours(hours.into()),
        Some((days, _)) => london_days_before(scope.now, days),
        None => return Err("a window is written `24h` or `7d`".to_owned()),
    };
    let counted = scope
        .contacts
        .iter()
        .filter(|(at, channel)| *at > start && *at <= scope.now && (channels.is_empty() || channels.contains(channel)));
    Ok(Datum::Int(i64::try_from(counted.count()).unwrap_or(i64::MAX)))
}

/// Whether a text is a window `contacts_in` understands.
pub(crate) fn is_window(text: &str) -> bool {
    split_window(text).is_some()
}

fn split_window(window: &str) -> Option<(u16, char)> {
    let unit = window.chars().last().filter(|unit| matches!(unit, 'h' | 'd'))?;
    let number = window.strip_suffix(unit)?.parse().ok()?;
    Some((number, unit))
}

fn channel(entry: &Value) -> Result<Channel, String> {
    text(entry, "channel").ok_or_else(|| "an entry has to name its channel".to_owned()).and_then(parse_channel)
}

fn parse_channel(name: &str) -> Result<Channel, String> {
    name.parse().map_err(|unknown: crate::domain::contact::UnknownChannel| unknown.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::workflow::function::fixture::Fixture;
    use serde_json::json;

    #[test]
    fn a_channel_is_open_unless_disallowed_or_blocked_altogether() {
        assert_eq!(Fixture::with(json!({})).number("open_channels", vec![]), Ok(6));
        let strategy = json!({
            "limits": [{"channel": "telephone", "allowed": false}, {"channel": "email", "allowed": true, "max": 1},
                       {"channel": "letter", "allowed": true, "max": 0}],
            "blocking": [{"channel": "online_chat"}, {"channel": "email", "address": "x@example.org"}],
        });
        let fixture = Fixture::with(strategy);
        assert_eq!(fixture.number("open_channels", vec![]), Ok(3), "at most none is closed");
        assert_eq!(fixture.ask("blocked_channels", vec![]), Ok(Fixture::texts(&["online_chat", "email"])));
    }

    #[test]
    fn a_strategy_that_cannot_be_read_is_not_counted() {
        for broken in [json!({"limits": {}}), json!({"limits": [{"channel": "email"}]})] {
            assert!(Fixture::with(broken).ask("open_channels", vec![]).is_err());
        }
        let unknown = json!({"limits": [{"channel": "pigeon", "allowed": false}]});
        assert!(Fixture::with(unknown).ask("open_channels", vec![]).is_err());
    }

    #[test]
    fn blocking_needs_two_alternatives_that_were_tried_and_failed() {
        let tried = json!({"tried": "one reply a week", "whyFailed": "he wrote daily"});
        let blank = json!({"tried": "a call", "whyFailed": "  "});
        let cases = [
            (vec![tried.clone(), tried.clone()], true),
            (vec![tried.clone()], false),
            (vec![tried.clone(), blank], false),
            (vec![], false),
        ];
        for (alternatives, enough) in cases {
            let fixture = Fixture::with(json!({"blocking": [{"channel": "email", "alternatives": alternatives}]}));
            assert_eq!(fixture.truth("has_tried_alternatives", vec![Datum::Text("email".into())]), Ok(enough));
            assert_eq!(fixture.truth("has_tried_alternatives", vec![Datum::Text("letter".into())]), Ok(false));
        }
    }

    #[test]
    fn limits_have_to_be_measurable() {
        let week = json!({"kind": "rolling", "unit": "week", "n": 1});
        let well_formed = |limits: Value| Fixture::with(json!({"limits": limits})).truth("limits_well_formed", vec![]);
        let email = json!({"channel": "email", "allowed": true, "max": 1, "window": week});
        assert_eq!(well_formed(json!([email])), Ok(true));
        assert_eq!(well_formed(json!([])), Ok(true));
        assert_eq!(well_formed(json!([email, email])), Ok(false), "two limits on a channel");
        let broken = [
            json!({"channel": "email", "allowed": true, "max": 1}),
            json!({"channel": "email", "allowed": true, "window": {"kind": "rolling", "unit": "week", "n": 0}}),
            json!({"channel": "email", "allowed": true, "times": [{"days": [], "from": "17:00", "to": "09:00"}]}),
            json!({"channel": "email", "allowed": true, "often": 3}),
            json!({"channel": "email"}),
            json!({"channel": "telephone", "allowed": true, "addressee": "the front desk"}),
        ];
        for limit in broken {
            assert_eq!(well_formed(json!([limit])), Ok(false), "{limit}");
        }
    }

    #[test]
    fn what_is_blocked_has_to_be_an_address() {
        let well_formed =
            |block: Value| Fixture::with(json!({"blocking": [block]})).truth("limits_well_formed", vec![]);
        assert_eq!(well_formed(json!({"channel": "telephone", "address": "01632 960123"})), Ok(true));
        assert_eq!(well_formed(json!({"channel": "telephone", "address": "his mobile"})), Ok(false));
        assert_eq!(well_formed(json!({"channel": "telephone"})), Ok(true));
    }

    #[test]
    fn the_emergency_numbers_cannot_be_limited_or_blocked() {
        let untouched = |data: Value| Fixture::with(data).truth("emergency_untouched", vec![]);
        assert_eq!(untouched(json!({"limits": [{"channel": "email", "allowed": true}]})), Ok(true));
        assert_eq!(untouched(json!({"limits": [{"channel": "999", "allowed": true, "max": 1}]})), Ok(false));
        assert_eq!(untouched(json!({"blocking": [{"channel": "101"}]})), Ok(false));
    }

    #[test]
    fn what_is_a_right_is_never_a_closed_subject() {
        let untouched = |subject: &str| {
            let limit = json!({"channel": "email", "allowed": true, "closedSubjects": ["the drains", subject]});
            Fixture::with(json!({"limits": [limit]})).truth("rights_untouched", vec![])
        };
        for subject in ["the fence of 2019", "CAD 1234", "parking in the high street"] {
            assert_eq!(untouched(subject), Ok(true), "{subject}");
        }
        for subject in [
            "complaints about PC Example",
            "my burglary",
            "FOI",
            "subject access",
            "IOPC",
            "request a review",
            "reasonable adjustments",
            "legal action",
        ] {
            assert_eq!(untouched(subject), Ok(false), "{subject}");
        }
        assert_eq!(Fixture::with(json!({})).truth("rights_untouched", vec![]), Ok(true));
    }

    #[test]
    fn contacts_are_counted_in_a_window_open_at_its_start() {
        let mut fixture = Fixture::with(json!({}));
        for (hours, channel) in
            [(0, Channel::Email), (24, Channel::Email), (25, Channel::Letter), (168, Channel::Email)]
        {
            fixture.contacts.push((fixture.now - Duration::hours(hours), channel));
        }
        let count = |window: &str, channels: &[&str]| {
            fixture.number("contacts_in", vec![Datum::Text(window.into()), Fixture::texts(channels)])
        };
        assert_eq!(count("24h", &[]), Ok(1));
        assert_eq!(count("25h", &[]), Ok(2));
        assert_eq!(count("7d", &[]), Ok(3), "exactly seven days old is out");
        assert_eq!(count("8d", &["email"]), Ok(3));
        assert_eq!(count("8d", &["in_person"]), Ok(0));
        assert!(count("week", &[]).is_err());
        assert!(count("7d", &["pigeon"]).is_err());
    }
}
