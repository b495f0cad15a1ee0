//! The text of a strategy in words: by the sections of policy 7.7, and by the parts that the harm test goes through.

use super::fields::plainer;
use crate::domain::strategy::{Limit, PARTS, is_filled, is_internal};
use crate::render::pages::choice;
use crate::render::{blocked_in_words, limits_in_words, long_date};
use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Value, json};

/// One thing said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Line {
    /// What of, where the part says several things.
    pub(crate) label: Option<String>,
    /// May have several lines.
    pub(crate) text: String,
}

impl Line {
    fn of(label: &str, text: impl Into<String>) -> Self {
        Self { label: Some(label.to_owned()).filter(|label| !label.is_empty()), text: text.into() }
    }
}

/// A section of the page: its id, its heading, the paragraph, and the parts in it.
const SECTIONS: [(&str, &str, &str, &[&str]); 8] = [
    (
        "ndm",
        "National Decision Model",
        "7.7",
        &[
            "ndm.codeOfEthics",
            "ndm.information",
            "ndm.assessment",
            "ndm.powersAndPolicy",
            "ndm.options",
            "ndm.actionAndReview",
        ],
    ),
    (
        "shareable",
        "What the person will read",
        "7.5",
        &["shareable.reasons", "shareable.arrangements", "shareable.help"],
    ),
    ("limits", "How and when PSD can be contacted", "7.5", &["limits"]),
    ("blocking", "What is blocked, as a last resort", "7.7", &["blocking"]),
    ("leastRestrictive", "Why nothing less would do", "7.7", &["leastRestrictive"]),
    ("adjustments", "Reasonable adjustments and advocate", "7.7", &["adjustments", "advocate"]),
    ("reviewOn", "Review and end", "7.5", &["reviewOn", "endsOn"]),
    ("furtherSections", "Further sections", "7.7", &["furtherSections"]),
];

/// The sections with their parts, whether filled in or not.
pub(crate) fn sections(data: &Value) -> Vec<Value> {
    let part = |part: &&str| {
        json!({ "title": title(part), "lines": lines(data, part), "empty": !is_filled(data, part),
                "internal": PARTS.contains(part) && is_filled(data, part) && is_internal(data, part) })
    };
    let section = |(id, heading, policy, parts): &(&str, &str, &str, &[&str])| {
        let shown: Vec<Value> = parts.iter().map(part).collect();
        let empty = parts.iter().all(|part| !is_filled(data, part));
        let optional = ["blocking", "furtherSections"].contains(id);
        // Said once where it holds for all that stands there.
        let internal = shown.iter().all(|part| part["internal"] == true || part["empty"] == true) && !empty;
        let internal = internal && shown.iter().any(|part| part["internal"] == true);
        json!({ "id": id, "internal": internal, "heading": heading, "policy": policy, "parts": shown, "several": parts.len() > 1,
                "empty": empty, "optional": optional })
    };
    SECTIONS.iter().map(section).collect()
}

/// The same sections with the components of a form in them, by the names of their fields.
pub(super) fn form_sections(components: Vec<Value>) -> Vec<Value> {
    let field = |component: &Value| {
        let id = component.pointer("/options/id").or_else(|| component.pointer("/options/idPrefix"));
        id.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let holds = |parts: &[&str], name: &str| parts.iter().any(|part| part.split('.').next() == Some(name));
    let mut left = components;
    let mut found = Vec::new();
    for (id, heading, policy, parts) in SECTIONS {
        let (within, others): (Vec<Value>, Vec<Value>) =
            left.into_iter().partition(|component| holds(parts, &field(component)));
        left = others;
        let within: Vec<Value> = match id {
            // In a limit, a field that need not be filled in says something by being empty.
            "limits" | "blocking" | "furtherSections" => within.into_iter().map(plainer).collect(),
            _ => within.into_iter().map(without_optional).collect(),
        };
        if !within.is_empty() {
            let alone = within.len() == 1;
            found.push(json!({ "id": format!("section-{id}"), "heading": heading, "policy": policy, "fields": within,
                               "alone": alone }));
        }
    }
    if !left.is_empty() {
        found.push(json!({ "id": "section-more", "heading": "More", "fields": left }));
    }
    found
}

/// A draft may be kept half-filled, so that "optional" would say of each field what is said once for all.
fn without_optional(mut component: Value) -> Value {
    for pointer in ["/options/label/text", "/options/fieldset/legend/text"] {
        if let Some(Value::String(label)) = component.pointer_mut(pointer) {
            *label = label.trim_end_matches(" (optional)").to_owned();
        }
    }
    if let Some(Value::Array(fields)) = component.pointer_mut("/options/fields") {
        *fields = std::mem::take(fields).into_iter().map(without_optional).collect();
    }
    component
}

/// What a part, or a field of one, is called.
pub(super) fn title(path: &str) -> String {
    let known = match path {
        "limits" => "How and when PSD can be contacted",
        "blocking" => "Addresses or channels to be blocked",
        "adjustments" => "Reasonable adjustments",
        "adjustments.considered" => "Reasonable adjustments: what was considered",
        "adjustments.made" => "Reasonable adjustments made",
        "advocate" => "Advocate",
        "advocate.considered" => "Advocate: what was considered",
        "advocate.name" => "Advocate named",
        "reviewOn" => "Review on",
        "endsOn" => "Ends on",
        other => return choice(other),
    };
    known.to_owned()
}

/// What stands under a part of the text.
pub(super) fn lines(data: &Value, part: &str) -> Vec<Line> {
    let value = part.split('.').try_fold(data, |value, name| value.get(name));
    value.map(|value| lines_of(part, value)).unwrap_or_default()
}

/// A part's value in words.
pub(super) fn lines_of(part: &str, value: &Value) -> Vec<Line> {
    let several = || value.as_array().into_iter().flatten();
    match part {
        "limits" => {
            let limits: Vec<Limit> = several().filter_map(|one| serde_json::from_value(one.clone()).ok()).collect();
            let unread = several().count() - limits.len();
            let mut said: Vec<Line> = limits_in_words(&limits).into_iter().map(|one| Line::of("", one)).collect();
            said.extend(
                (0..unread).map(|_| Line::of("", "A limit that is not written so that it can be measured yet.")),
            );
            said
        }
        "blocking" => several().flat_map(blocked).collect(),
        "furtherSections" => several().map(further).collect(),
        "reviewOn" | "endsOn" => {
            let day = value.as_str().and_then(|day| day.parse::<NaiveDate>().ok());
            day.map(|day| Line::of("", long_date(day))).into_iter().collect()
        }
        "adjustments" | "advocate" => {
            let labels = [("considered", "Considered"), ("made", "Made"), ("name", "Named")];
            let said = |(name, label): (&str, &str)| Some(Line::of(label, written(value.get(name)?)?));
            labels.into_iter().filter_map(said).collect()
        }
        _ => written(value).map(|text| Line::of("", text)).into_iter().collect(),
    }
}

fn written(value: &Value) -> Option<String> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn blocked(entry: &Value) -> Vec<Line> {
    let text = |name: &str| entry.get(name).and_then(Value::as_str).unwrap_or_default();
    let what = match text("channel").parse() {
        Ok(channel) => blocked_in_words(channel, text("address")),
        Err(_) => text("channel").to_owned(),
    };
    let tried = entry.get("alternatives").and_then(Value::as_array);
    let tried = tried.into_iter().flatten().map(|one| {
        let of = |name: &str| one.get(name).and_then(Value::as_str).unwrap_or_default();
        Line::of("Tried before", format!("{}\nWhy it failed: {}", of("tried"), of("whyFailed")))
    });
    std::iter::once(Line::of("Blocked", what)).chain(tried).collect()
}

fn further(entry: &Value) -> Line {
    let text = |name: &str| entry.get(name).and_then(Value::as_str).unwrap_or_default();
    let read = entry.get("shareable").and_then(Value::as_bool) == Some(true);
    let label = format!("{} ({})", text("heading"), if read { "the person will read it" } else { "internal" });
    Line::of(&label, text("text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_the_harm_test_has_a_section_and_words() {
        let all: Vec<&str> = SECTIONS.iter().flat_map(|section| section.3).copied().collect();
        for part in PARTS {
            assert!(all.contains(&part), "{part}");
        }
        let data = json!({
            "limits": [{ "channel": "email", "allowed": true, "max": 1, "window": { "kind": "rolling", "unit": "day", "n": 7 } },
                       { "channel": "email" }],
            "blocking": [{ "channel": "telephone", "address": "01632 960000",
                           "alternatives": [{ "tried": "A letter", "whyFailed": "Not read" }] }],
            "adjustments": { "considered": "Asked.", "made": " " },
        });
        let said = |part: &str| lines(&data, part).into_iter().map(|line| line.text).collect::<Vec<_>>();
        assert_eq!(said("limits")[0], "You may contact us by e-mail at most once in any 7 days.");
        assert_eq!(said("limits").len(), 2, "a limit half written is told, not left out");
        assert_eq!(said("blocking"), ["Calls from 01632 960000", "A letter\nWhy it failed: Not read"]);
        assert_eq!(said("adjustments"), ["Asked."]);
        assert!(said("ndm.options").is_empty());
    }
}
