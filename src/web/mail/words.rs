//! What the software found, in the words of a page: verdicts with their clause, flags, whose a message is and why.

use crate::app::contacts::ContactView;
use crate::domain::attribution::{Authentication, Certainty, Evidence};
use crate::domain::calendar::london;
use crate::domain::contact::{Channel, Flag, Place, Queue};
use crate::domain::strategy::{Frequency, Limit, Verdict, VerdictKind, Window, WindowKind, WindowUnit};
use crate::render::pages::{date_and_time, time_of_day};
use crate::render::{limits_in_words, long_date};
use crate::store::contacts::Handling;
use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

/// `e-mail`, `telephone call`.
pub(crate) fn way(channel: Channel) -> &'static str {
    match channel {
        Channel::Phone999 => "999 call",
        Channel::Phone101 => "101 call",
        Channel::Telephone => "telephone call",
        Channel::Email => "e-mail",
        Channel::Letter => "letter",
        Channel::InPerson => "visit",
        Channel::OnlineMessage => "online message",
        Channel::OnlineChat => "online chat",
    }
}

/// By when something has to be read: `by today 5pm`, `late since 3 June 2026 at 9am`.
pub(crate) fn due(now: DateTime<Utc>, at: DateTime<Utc>, flagged: bool) -> Value {
    let (today, wall) = (london::date_of(now), london::wall_time(at));
    let time = time_of_day(wall.time());
    if at <= now {
        let since = match (today - wall.date()).num_days() {
            0 => format!("today {time}"),
            1 => format!("yesterday {time}"),
            _ => date_and_time(at),
        };
        let text = if flagged { format!("now: flagged, waiting since {since}") } else { format!("late since {since}") };
        return json!({ "text": text, "late": true });
    }
    let text = match (wall.date() - today).num_days() {
        0 => format!("by today {time}"),
        1 => format!("by tomorrow {time}"),
        _ => format!("by {}", date_and_time(at)),
    };
    json!({ "text": text, "soon": at - now < Duration::hours(4) })
}

/// What a flag says of a message.
pub(crate) fn flag(flag: Flag) -> &'static str {
    match flag {
        Flag::Risk => "Risk to life or safeguarding",
        Flag::Complaint => "New complaint",
        Flag::Crime => "Crime reported",
        Flag::RightsRequest => "Information or review request",
        Flag::Adjustment => "Adjustment request or appeal",
        Flag::ThreatToStaff => "Threat to staff",
        Flag::RequestedReply => "Reply to something we asked for",
    }
}

/// The same as a question to whoever reads it.
pub(crate) fn question(flag: Flag) -> &'static str {
    match flag {
        Flag::Risk => "Is there a risk to life, or a safeguarding concern?",
        Flag::Complaint => "Is there a new complaint or allegation, or the wish to have one recorded?",
        Flag::Crime => "Is a crime reported?",
        Flag::RightsRequest => "Is it a request for information, or about litigation, the IOPC or a review?",
        Flag::Adjustment => "Does it ask for an adjustment, or appeal against the strategy?",
        Flag::ThreatToStaff => "Is there a threat to staff?",
        Flag::RequestedReply => "Does it answer something we asked for?",
    }
}

pub(crate) fn queue(queue: Queue) -> &'static str {
    match queue {
        Queue::Safeguarding => "Safeguarding",
        Queue::Complaints => "Complaints",
        Queue::Crime => "Crime",
        Queue::InformationRights => "Information rights",
        Queue::Adjustments => "Adjustments and appeals",
        Queue::StaffSafety => "Staff safety",
        Queue::Correspondence => "Requested replies",
    }
}

/// Where a message lies and why, in a sentence or two; of one that was read, what was found then.
pub(crate) fn found(contact: &ContactView) -> String {
    let said = lies(contact);
    if contact.handling == Handling::Open {
        return said;
    }
    match (said.strip_prefix("To read: "), said.strip_prefix("Held: ")) {
        (Some(found), _) => format!("It was {found}"),
        (None, Some(found)) => format!("It was held: {found}"),
        (None, None) => said,
    }
}

fn lies(contact: &ContactView) -> String {
    let why = contact.verdict.as_ref().map(|verdict| outside(verdict, contact.channel)).unwrap_or_default();
    let read = match contact.read_due_at.filter(|_| contact.ticks_owed) {
        Some(by) => format!(" Read it for a new complaint or risk by {}.", date_and_time(by)),
        None if contact.ticks_owed => " Read it for a new complaint or risk.".to_owned(),
        None => String::new(),
    };
    let spoof = contact.not_counted_because == Some("suspected_spoof");
    match contact.place {
        Place::Held => format!("Held: {why}.{read}"),
        Place::Quarantine => format!("Held: from a blocked address or by a blocked way of contact.{read}"),
        Place::MovedToSpoc => {
            "Sent to somebody else of ours: the single point of contact reads and answers it.".to_owned()
        }
        Place::Filed => filed(contact),
        Place::Unattributed if spoof => {
            "Perhaps feigned: it bears a known address and was proven not to come from there.".to_owned()
        }
        Place::Unattributed => "Nobody’s for certain: read it for risk first.".to_owned(),
        Place::Released => {
            let queues: Vec<&str> = contact.queues.iter().map(|one| queue(*one)).collect();
            match queues.is_empty() {
                true => "Outside every limit: a named person said so.".to_owned(),
                false => format!("Outside every limit. Passed on to: {}.", queues.join(", ")),
            }
        }
        Place::ToRead => within(contact),
    }
}

fn filed(contact: &ContactView) -> String {
    let said = match contact.not_counted_because {
        Some("automatic") => "Filed: written by a machine, and not counted.",
        Some("list") => "Filed: from a mailing list, and not counted.",
        Some("own") => "Filed: our own mail come back, and not counted.",
        Some("duplicate") => "Filed: the same message again, and not counted twice.",
        Some(_) => "Filed, and not counted.",
        None => "Filed: about a subject that was answered in full and is closed. Read it for anything new.",
    };
    said.to_owned()
}

fn within(contact: &ContactView) -> String {
    if contact.not_counted_because == Some("on_behalf") {
        return "To read: written for the person by somebody else, and not counted as theirs.".to_owned();
    }
    let Some(verdict) = &contact.verdict else { return "To read.".to_owned() };
    match (verdict.kinds.first(), verdict.strategy, verdict.frequency) {
        (VerdictKind::Exempt, ..) => "To read: outside every limit, a named person said so.".to_owned(),
        (VerdictKind::NotYetEffective, ..) => "To read: received before the limits applied.".to_owned(),
        (VerdictKind::WithinLimit, Some(_), Some(frequency)) => {
            let limit = how_often(&frequency);
            format!("To read: within clause {}, {} {limit}.", frequency.limit + 1, way(contact.channel))
        }
        (VerdictKind::WithinLimit, Some(_), None) => "To read: within the limits.".to_owned(),
        _ => "To read: subject to no limits.".to_owned(),
    }
}

/// `outside clause 2, e-mail once a calendar week (2 came before it)`.
fn outside(verdict: &Verdict, channel: Channel) -> String {
    let way = way(channel);
    let leading = verdict.kinds.iter().find(|kind| *kind != VerdictKind::WrongAddressee && kind.is_breach());
    match (leading.unwrap_or(verdict.kinds.first()), verdict.frequency) {
        (VerdictKind::OverFrequency, Some(frequency)) => {
            let before = match frequency.used {
                1 => "1 came before it".to_owned(),
                used => format!("{used} came before it"),
            };
            format!("outside clause {}, {way} {} ({before})", frequency.limit + 1, how_often(&frequency))
        }
        (VerdictKind::WrongChannel, _) => format!("the strategy asks the person not to make contact by {way}"),
        (VerdictKind::WrongTime, _) => "outside the days and times that were agreed".to_owned(),
        (VerdictKind::ClosedSubject, _) => "about a closed subject, and something new may be in it".to_owned(),
        (VerdictKind::WrongAddressee, _) => "sent to somebody else than the single point of contact".to_owned(),
        _ => "outside the limits".to_owned(),
    }
}

fn how_often(frequency: &Frequency) -> String {
    let times = match frequency.max {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        max => format!("{max} times"),
    };
    format!("{times} {}", period(frequency.window))
}

fn period(window: Window) -> String {
    let unit = match window.unit {
        WindowUnit::Day => "day",
        WindowUnit::Week => "week",
        WindowUnit::Month => "month",
    };
    match (window.kind, window.n) {
        (WindowKind::Calendar, 1) => format!("a calendar {unit}"),
        (WindowKind::Calendar, n) => format!("in {n} calendar {unit}s"),
        (WindowKind::Rolling, 1) => format!("in any one {unit}"),
        (WindowKind::Rolling, n) => format!("in any {n} {unit}s"),
    }
}

/// The limits a contact was measured against, each in words, with those marked that it broke.
pub(crate) fn clauses(contact: &ContactView) -> Vec<Value> {
    let Some(against) = &contact.measured_against else { return Vec::new() };
    let limits = (0..).zip(&against.limits);
    let said = limits.filter_map(|(n, limit)| {
        let words = limits_in_words(std::slice::from_ref(limit)).join(" ");
        let broken = contact.verdict.as_ref().is_some_and(|verdict| breaks(verdict, contact.channel, (n, limit)));
        (!words.is_empty()).then(|| json!({ "number": n + 1, "words": words, "broken": broken }))
    });
    said.collect()
}

fn breaks(verdict: &Verdict, channel: Channel, (n, limit): (usize, &Limit)) -> bool {
    if limit.channel != channel {
        return false;
    }
    verdict.kinds.iter().any(|kind| match kind {
        VerdictKind::OverFrequency => verdict.frequency.is_some_and(|frequency| frequency.limit == n),
        VerdictKind::WrongChannel => !limit.allowed || limit.max == Some(0),
        VerdictKind::WrongTime => !limit.times.is_empty(),
        VerdictKind::WrongAddressee => limit.addressee.is_some(),
        VerdictKind::ClosedSubject => !limit.closed_subjects.is_empty(),
        VerdictKind::WithinLimit
        | VerdictKind::Exempt
        | VerdictKind::Unattributed
        | VerdictKind::NotYetEffective
        | VerdictKind::NotCounted => false,
    })
}

/// Whose it is, in words; `name`: of whoever it is linked to.
pub(crate) fn attribution(certainty: Certainty, name: Option<&str>) -> String {
    let name = name.unwrap_or("this person");
    match certainty {
        Certainty::Verified => format!("From {name}: the sender was proven"),
        Certainty::Confirmed => format!("From {name}: a named person or a system that knows them says so"),
        Certainty::OnBehalf => format!("From somebody else, for {name}: not counted as theirs"),
        Certainty::Suggested => format!("Perhaps from {name}: it counts for nobody until a person confirms it"),
        Certainty::Unattributed => "Nobody on file is known to be the sender".to_owned(),
        Certainty::NotApplicable => "Nobody’s: automatic mail, a list or our own".to_owned(),
    }
}

/// One reason for or against. `by` is who decided, by name.
pub(crate) fn evidence(evidence: &Evidence, by: &str) -> String {
    match evidence {
        Evidence::Authentication { result } => match result {
            Authentication::Aligned => "Our mail server proved the sender’s address (DMARC passed).",
            Authentication::Weak => "Our mail server found the sender’s organisation likely; that is no proof.",
            Authentication::Failed => "Our mail server found that the sender is not who it claims to be.",
            Authentication::Unknown => "No mail server that we believe said anything about the sender.",
        }
        .to_owned(),
        Evidence::NoSender => "It names no address or number.".to_owned(),
        Evidence::SeveralSenders => "It names more than one author, so nobody can be proven by it.".to_owned(),
        Evidence::UnknownSender => "Nobody on file has this address or number.".to_owned(),
        Evidence::Holders { people, roles, confidences } => {
            let roles: Vec<String> = roles.iter().map(|role| role.as_str().replace("self", "their own")).collect();
            let sure: Vec<&str> = confidences.iter().map(|sure| sure.as_str()).collect();
            let who = if *people == 1 { "1 person".to_owned() } else { format!("{people} people") };
            format!("{who} on file with this address or number: {} ({}).", roles.join(", "), sure.join(", "))
        }
        Evidence::Candidates { people } => format!("{} people might be meant.", people.len()),
        Evidence::PresentedNumber => "The telephone network presented the number.".to_owned(),
        Evidence::NamedByRecorder { .. } => format!("{by} recorded it and named the person."),
        Evidence::Decision { reason, .. } => format!("{by} decided: {reason}"),
        Evidence::AnswersOurs { .. } => {
            "It answers a message of ours, which says nothing about who wrote it.".to_owned()
        }
    }
}

/// How a mail of ours stands.
pub(crate) fn our_state(state: &str, waits_because: Option<&str>) -> &'static str {
    match (state, waits_because) {
        ("queued", Some("sending_stopped")) => "Waits: nothing is being sent until somebody lets sending go on",
        ("queued", Some(_)) => "Waits: too much mail was sent lately",
        ("queued", None) => "Waits for a moment, so that it can be taken back",
        ("sending", _) => "Being sent",
        ("sent", _) => "Sent",
        ("failed", _) => "Not sent yet: it is tried again",
        ("uncertain", _) => "Perhaps sent: it is tried again under the same name",
        ("dead", _) => "Not delivered: given up",
        ("cancelled", _) => "Taken back, never sent",
        _ => "Not known",
    }
}

/// `3 June 2026`, for the first of a range.
pub(super) fn day(at: DateTime<Utc>) -> String {
    long_date(london::date_of(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn by_when_something_is_read_is_said_from_today() {
        let now = at("2026-06-01T09:00:00Z");
        let words = |by: &str, flagged| due(now, at(by), flagged)["text"].as_str().unwrap().to_owned();
        assert_eq!(words("2026-06-01T16:00:00Z", false), "by today 5pm");
        assert_eq!(words("2026-06-02T08:30:00Z", false), "by tomorrow 9:30am");
        assert_eq!(words("2026-06-05T08:00:00Z", false), "by 5 June 2026 at 9am");
        assert_eq!(words("2026-06-01T08:00:00Z", false), "late since today 9am");
        assert_eq!(words("2026-05-31T08:00:00Z", true), "now: flagged, waiting since yesterday 9am");
    }

    #[test]
    fn a_window_is_said_in_plain_words() {
        let window = |kind, unit, n| period(Window { kind, unit, n });
        assert_eq!(window(WindowKind::Calendar, WindowUnit::Week, 1), "a calendar week");
        assert_eq!(window(WindowKind::Rolling, WindowUnit::Day, 7), "in any 7 days");
    }
}
