//! Calendar parts (RFC 5545) to [`Invitation`]s: the few properties a reader needs, in one pass and without a tree, so
//! that no nesting costs anything. What cannot be read is left out.

use crate::domain::correspondence::{Invitation, Mailbox};

/// Of one part, so many events are read.
const MOST_EVENTS: usize = 20;
/// Longer texts are cut, in characters.
const LONGEST_TEXT: usize = 4_000;
/// And lines before they are read at all, in bytes.
const LONGEST_LINE: usize = 32 * 1024;

/// The events of a part.
pub(super) fn read(text: &str) -> Vec<Invitation> {
    let mut reading = Reading::default();
    let mut unfolded = String::new();
    for line in text.lines() {
        match line.strip_prefix([' ', '\t']) {
            Some(more) if unfolded.len() < LONGEST_LINE => unfolded.push_str(more),
            Some(_) => {}
            None => {
                reading.line(&unfolded);
                unfolded.clear();
                unfolded.push_str(line);
            }
        }
        if reading.found.len() >= MOST_EVENTS {
            break;
        }
    }
    reading.line(&unfolded);
    for event in &mut reading.found {
        event.method.clone_from(&reading.method);
    }
    reading.found
}

#[derive(Default)]
struct Reading {
    method: String,
    /// The event that is open, and how many components inside it (its alarms) are.
    event: Option<(Invitation, usize)>,
    found: Vec<Invitation>,
}

impl Reading {
    fn line(&mut self, line: &str) {
        let Some((name, parameters, value)) = property(line) else { return };
        match (name.as_str(), &mut self.event) {
            ("METHOD", None) => self.method = value.trim().to_ascii_uppercase().chars().take(20).collect(),
            ("BEGIN", None) if is_event(value) => self.event = Some((Invitation::default(), 0)),
            ("BEGIN", Some((_, inside))) => *inside += 1,
            ("END", Some((_, inside))) if *inside > 0 => *inside -= 1,
            ("END", Some(_)) => self.found.extend(self.event.take().map(|(event, _)| event)),
            (_, Some((event, 0))) => take(event, &name, parameters, value),
            _ => {}
        }
    }
}

fn is_event(value: &str) -> bool {
    value.trim().eq_ignore_ascii_case("VEVENT")
}

fn take(event: &mut Invitation, name: &str, parameters: &str, value: &str) {
    let text = || unescaped(value);
    match name {
        "SUMMARY" => event.summary = text(),
        "LOCATION" => event.location = text(),
        "DESCRIPTION" => event.description = text(),
        "COMMENT" => event.comment = text(),
        "DTSTART" => event.start = time(parameters, value),
        "DTEND" => event.end = time(parameters, value),
        "ORGANIZER" => event.organiser = mailbox(parameters, value),
        "ATTENDEE" if event.attendee.is_none() => {
            // Of an invitation everybody invited is named; only in an answer is it one, who answers.
            event.attendee = mailbox(parameters, value);
            event.answer = parameter(parameters, "PARTSTAT").unwrap_or_default().to_ascii_uppercase();
        }
        "ATTENDEE" => {
            event.attendee = None;
            event.answer.clear();
        }
        _ => {}
    }
}

/// `NAME;PARAMETER=…:value`; the colon is the first outside quotes.
fn property(line: &str) -> Option<(String, &str, &str)> {
    let mut quoted = false;
    let colon = line.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b':' && !quoted
    })?;
    let (head, value) = line.split_at_checked(colon)?;
    let (name, parameters) = head.split_once(';').unwrap_or((head, ""));
    let name = name.rsplit('.').next().unwrap_or(name);
    Some((name.trim().to_ascii_uppercase(), parameters, value.strip_prefix(':').unwrap_or(value)))
}

fn parameter(parameters: &str, name: &str) -> Option<String> {
    let mut quoted = false;
    let mut pieces = parameters.split(|character| {
        quoted ^= character == '"';
        character == ';' && !quoted
    });
    pieces.find_map(|piece| {
        let (named, value) = piece.split_once('=')?;
        let value = || value.trim().trim_matches('"').chars().filter(|one| !one.is_control()).take(200).collect();
        named.trim().eq_ignore_ascii_case(name).then(value)
    })
}

fn mailbox(parameters: &str, value: &str) -> Option<Mailbox> {
    let value = value.trim();
    let scheme = value.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
    let address: String = if scheme { value.get(7..)? } else { value }.chars().take(254).collect();
    address.contains('@').then(|| Mailbox { address, name: parameter(parameters, "CN") })
}

/// `20260302T100000Z` as people write it; what is no time stays as it is.
fn time(parameters: &str, value: &str) -> String {
    let value: String = value.trim().chars().take(40).collect();
    let digits =
        |from: usize, to: usize| value.get(from..to).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let (Some(year), Some(month), Some(day)) = (digits(0, 4), digits(4, 6), digits(6, 8)) else { return value };
    let date = format!("{year}-{month}-{day}");
    let (Some(hour), Some(minute)) = (digits(9, 11), digits(11, 13)) else { return date };
    let zone = match value.ends_with('Z') {
        true => "UTC".to_owned(),
        false => parameter(parameters, "TZID").unwrap_or_default(),
    };
    format!("{date} {hour}:{minute} {zone}").trim_end().to_owned()
}

/// RFC 5545 §3.3.11.
fn unescaped(value: &str) -> String {
    let mut out = String::new();
    let mut characters = value.chars().take(LONGEST_TEXT);
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('n' | 'N') => out.push('\n'),
                Some(other) => out.push(other),
                None => {}
            },
            other => out.push(other),
        }
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_is_read_with_its_time_zone_and_its_organiser() {
        let part = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VTIMEZONE\r\nTZID:Europe/London\r\nEND:VTIMEZONE\r\n\
            BEGIN:VEVENT\r\nSUMMARY;LANGUAGE=en:Meeting about\r\n  your letter\\, again\r\n\
            ORGANIZER;CN=\"Example: Person\":mailto:person@example.org\r\nATTENDEE:mailto:a@example.org\r\n\
            ATTENDEE:mailto:b@example.org\r\nDTSTART;TZID=Europe/London:20260302T100000\r\nDTEND:20260302T110000Z\r\n\
            BEGIN:VALARM\r\nDESCRIPTION:ring\r\nEND:VALARM\r\nLOCATION:Room 1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        let events = read(part);
        let [event] = events.as_slice() else { panic!("{events:?}") };
        assert_eq!(
            event.as_text(),
            "Invitation: Meeting about your letter, again\nFrom: 2026-03-02 10:00 Europe/London\nTo: 2026-03-02 11:00 UTC\n\
             Where: Room 1\nOrganiser: Example: Person <person@example.org>"
        );
    }

    #[test]
    fn an_answer_says_who_answers_and_what() {
        let part = "BEGIN:VCALENDAR\nMETHOD:reply\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260302\n\
            ATTENDEE;PARTSTAT=DECLINED;CN=P:MAILTO:p@example.org\nSUMMARY:x\nEND:VEVENT\nEND:VCALENDAR";
        let events = read(part);
        assert!(events[0].is_bare_reply());
        assert_eq!((events[0].answer.as_str(), events[0].start.as_str()), ("DECLINED", "2026-03-02"));
        assert_eq!(events[0].attendee.as_ref().map(|who| who.address.as_str()), Some("p@example.org"));
        let commented = read(&part.replace("SUMMARY", "COMMENT:I cannot come\nSUMMARY"));
        assert!(!commented[0].is_bare_reply());
    }

    #[test]
    fn rubbish_is_no_event_and_nesting_costs_nothing() {
        for part in
            ["", ":", "BEGIN:VEVENT", "END:VEVENT\nEND:VEVENT", "BEGIN:VEVENT\n\u{e9}:\u{e9};\"\nDTSTART:\u{e9}\nEND:X"]
        {
            let _events = read(part);
        }
        let nested = "BEGIN:VEVENT\n".repeat(100_000);
        assert!(read(&nested).is_empty());
        assert_eq!(read(&"BEGIN:VEVENT\nEND:VEVENT\n".repeat(1_000)).len(), MOST_EVENTS);
    }
}
