//! What a form recorded, as a list of labels and words.

use super::schema::{Kind, fields_of, kind_of, title};
use crate::render::long_date;
use crate::render::pages::choice;
use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Answer {
    pub(crate) label: String,
    /// May have several lines.
    pub(crate) text: String,
}

/// Every answer that stands in `value`, in the order of the form; what has no place in it comes last, under its own name.
/// `names` gives the names of officers by id.
pub(crate) fn answers(schema: Option<&Value>, value: &Value, names: &BTreeMap<String, String>) -> Vec<Answer> {
    let mut found = Vec::new();
    match schema {
        Some(schema) => of_group(schema, value, "", (names, &mut found)),
        None => {
            for (name, value) in value.as_object().into_iter().flatten() {
                found.push(Answer { label: choice(name), text: words(value, names) });
            }
        }
    }
    found
}

fn of_group(
    schema: &Value,
    value: &Value,
    before: &str,
    (names, found): (&BTreeMap<String, String>, &mut Vec<Answer>),
) {
    for (field, of_field, _) in fields_of(schema) {
        let Some(said) = value.get(field).filter(|said| !said.is_null()) else { continue };
        let label = match before.is_empty() {
            true => title(of_field).to_owned(),
            false => format!("{before}: {}", title(of_field)),
        };
        match kind_of(of_field) {
            Kind::Group => of_group(of_field, said, &label, (names, found)),
            Kind::List(items) => {
                for (n, entry) in (1..).zip(said.as_array().into_iter().flatten()) {
                    let mut inside = Vec::new();
                    of_group(items, entry, "", (names, &mut inside));
                    let lines: Vec<String> = inside.iter().map(|one| format!("{}: {}", one.label, one.text)).collect();
                    found.push(Answer { label: format!("{label} {n}"), text: lines.join("\n") });
                }
            }
            Kind::AnswerEach(_, thing, answer) => {
                for entry in said.as_array().into_iter().flatten() {
                    let of = |name: &str| entry.get(name).map(|said| words(said, names)).unwrap_or_default();
                    found.push(Answer { label: of(thing), text: of(answer) });
                }
            }
            Kind::Lines | Kind::Line | Kind::TextList => found.push(Answer { label, text: plain(said) }),
            Kind::Choice(_)
            | Kind::Choices(_)
            | Kind::YesNo
            | Kind::Date
            | Kind::Officer
            | Kind::Area
            | Kind::Number
            | Kind::DateList
            | Kind::Unknown => found.push(Answer { label, text: words(said, names) }),
        }
    }
}

/// A text as somebody wrote it.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(lines) => lines.iter().map(plain).collect::<Vec<_>>().join("\n"),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) => other.to_string(),
    }
}

fn words(value: &Value, names: &BTreeMap<String, String>) -> String {
    match value {
        Value::Bool(yes) => (if *yes { "Yes" } else { "No" }).to_owned(),
        Value::String(text) => match (names.get(text), text.parse::<NaiveDate>()) {
            (Some(name), _) => name.clone(),
            (None, Ok(day)) => long_date(day),
            (None, Err(_)) if is_a_code(text) => choice(text),
            (None, Err(_)) => text.clone(),
        },
        Value::Array(many) => many.iter().map(|one| words(one, names)).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            let lines = fields.iter().map(|(name, value)| format!("{}: {}", choice(name), words(value, names)));
            lines.collect::<Vec<_>>().join("\n")
        }
        Value::Null => String::new(),
        Value::Number(number) => number.to_string(),
    }
}

/// `repeat_contact`, and no sentence.
fn is_a_code(text: &str) -> bool {
    !text.is_empty() && text.len() <= 40 && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn answers_are_said_in_the_words_of_the_form() {
        let schema = json!({ "properties": {
            "nature": { "type": "string", "title": "What this is", "enum": ["repeat_contact"] },
            "urgent": { "type": "boolean", "title": "Urgent" },
            "on": { "type": "string", "format": "date", "title": "On" },
            "note": { "type": "string", "title": "Note", "maxLength": 20000 },
            "purpose": { "type": "object", "title": "Purpose", "properties": {
                "because": { "type": "string", "title": "Because", "maxLength": 20000 } } },
        } });
        let said = json!({ "nature": "repeat_contact", "urgent": true, "on": "2027-03-07", "note": "a_b",
                           "purpose": { "because": "So." } });
        let found = answers(Some(&schema), &said, &BTreeMap::new());
        let lines: Vec<String> = found.into_iter().map(|one| format!("{} = {}", one.label, one.text)).collect();
        assert_eq!(
            lines,
            [
                "What this is = Repeat contact",
                "Urgent = Yes",
                "On = 7 March 2027",
                "Note = a_b",
                "Purpose: Because = So."
            ]
        );
    }
}
