//! A communication log in the words and columns of a terminal.

use crate::app::mail::{Explanation, LogEntry};
use crate::app::outbox::OutgoingLog;
use chrono::NaiveDate;
use serde_json::Value;
use std::fmt::Write;

/// Characters of a name in the first column.
const NAMES: usize = 16;
/// Characters of one line of evidence; what is longer is in `--json`.
const LONGEST_LINE: usize = 160;

/// A message that came in.
pub(super) fn told(explanation: &Explanation) -> String {
    let marking = explanation.marking;
    let mut text = format!("{marking}\n\nMail {} · {}\n", explanation.id, explanation.state);
    let to: Vec<&str> = explanation.deliveries.iter().map(|delivery| delivery.recipient.as_str()).collect();
    let to = if to.is_empty() { vec![explanation.recipient.as_str()] } else { to };
    line(&mut text, "received", &explanation.received_at.to_rfc3339());
    line(&mut text, "for", &to.join(", "));
    if let Some(contact) = &explanation.contact {
        let due = contact.read_due_at.map(|due| format!(", to be read by {}", due.to_rfc3339())).unwrap_or_default();
        line(&mut text, "contact", &format!("{} · {} · {}{due}", contact.id, contact.place, contact.handling));
    }
    for adjustment in &explanation.adjustments {
        line(&mut text, "adjustment", &format!("{}: {}", adjustment.kind, adjustment.detail));
    }
    steps(&mut text, &explanation.log);
    let _written = write!(text, "\n{marking}");
    text
}

/// A mail of ours.
pub(super) fn told_of_ours(explained: &OutgoingLog) -> String {
    let mail = &explained.mail;
    let mut text = format!("{}\n\nMail of ours {} · {} · {}\n", mail.marking, mail.id, mail.origin, mail.state);
    if let Some(because) = &mail.waits_because {
        line(&mut text, "waits", because);
    }
    steps(&mut text, &explained.log);
    let _written = write!(text, "\n{}", mail.marking);
    text
}

fn line(text: &mut String, name: &str, value: &str) {
    let _written = writeln!(text, "  {name:<NAMES$}{value}");
}

/// A block a step, under a heading a day.
fn steps(text: &mut String, log: &[LogEntry]) {
    let mut day: Option<NaiveDate> = None;
    for entry in log {
        if day != Some(entry.at.date_naive()) {
            day = Some(entry.at.date_naive());
            let _written = writeln!(text, "\n{} (UTC)", entry.at.format("%A %-d %B %Y"));
        }
        let took = entry.duration_micros.map(took).unwrap_or_default();
        let by = by(&entry.by);
        let head = format!("{} {:<NAMES$} {}{took}{by}", entry.at.format("%H:%M:%S%.3f"), entry.step, entry.decision);
        let _written = writeln!(text, "{}", head.trim_end());
        let mut lines = Vec::new();
        flatten("", &entry.evidence, &mut lines);
        for evidence in lines {
            let shown: String = evidence.chars().take(LONGEST_LINE).collect();
            let more = if shown.len() < evidence.len() { "…" } else { "" };
            let _written = writeln!(text, "{:14}· {shown}{more}", "");
        }
    }
}

fn took(micros: u64) -> String {
    let (millis, rest) = (micros / 1000, micros % 1000);
    format!(" [{millis}.{rest:03} ms]")
}

/// Who did it, unless it was the program itself.
fn by(by: &Value) -> String {
    let said = |name: &str| by.get(name).and_then(Value::as_str);
    match (said("kind"), said("id"), said("through")) {
        (Some("software") | None, _, _) => String::new(),
        (Some(kind), None, _) => format!(" by the {kind}"),
        (Some(kind), Some(id), None) => format!(" by {kind} {id}"),
        (Some(kind), Some(id), Some(system)) => format!(" by {kind} {id} through {system}"),
    }
}

/// Evidence as lines of `name: value`; what is empty is left out.
fn flatten(name: &str, value: &Value, lines: &mut Vec<String>) {
    let named = |value: &str| if name.is_empty() { value.to_owned() } else { format!("{name}: {value}") };
    match value {
        Value::Null => {}
        Value::Object(fields) => {
            for (field, value) in fields {
                let inner = if name.is_empty() { field.clone() } else { format!("{name}.{field}") };
                flatten(&inner, value, lines);
            }
        }
        Value::Array(values) if values.iter().all(|value| !value.is_object() && !value.is_array()) => {
            lines.extend(values.iter().map(|value| named(&plain(value))));
        }
        Value::Array(values) => values.iter().for_each(|value| flatten(name, value, lines)),
        Value::String(text) if text.is_empty() => {}
        Value::String(_) | Value::Bool(_) | Value::Number(_) => lines.push(named(&plain(value))),
    }
}

/// Without quotation marks; control characters of a hostile mail do nothing to the terminal.
fn plain(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
