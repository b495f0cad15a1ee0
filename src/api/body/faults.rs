//! From a parser's words to ours: where it is wrong and what is wanted there, without what was sent. It may be the name
//! or the illness of somebody, and answers are logged by proxies.

use super::nul;
use crate::api::problem::{self, Problem};
use crate::app::FieldFault;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::error::Category;
use serde_path_to_error::{Path, Segment};

/// Why a text is not the JSON that is wanted.
#[derive(Debug)]
pub(crate) enum JsonFault {
    /// It is not JSON at all.
    Syntax(String),
    /// It is, but not of the shape that is wanted.
    Shape(FieldFault),
}

/// Reads a JSON text of one shape.
///
/// # Errors
/// Where it is wrong, and what is wanted there.
pub(crate) fn read_json<T: DeserializeOwned>(text: &[u8]) -> Result<T, JsonFault> {
    if let Some(fault) = nul::of_json(text) {
        return Err(JsonFault::Shape(fault));
    }
    let mut reader = serde_json::Deserializer::from_slice(text);
    let read = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let pointer = pointer(error.path());
        (pointer, error.into_inner())
    });
    let read = read.and_then(|value| reader.end().map(|()| value).map_err(|error| (String::new(), error)));
    read.map_err(|(pointer, error)| match error.classify() {
        Category::Data => JsonFault::Shape(shape(text, pointer, &error)),
        Category::Syntax | Category::Eof | Category::Io => {
            JsonFault::Syntax(format!("line {}, column {}", error.line(), error.column()))
        }
    })
}

impl From<JsonFault> for Problem {
    fn from(fault: JsonFault) -> Self {
        match fault {
            JsonFault::Syntax(place) => {
                Problem::new(problem::MALFORMED).detail(format!("The body is not JSON from {place} on."))
            }
            JsonFault::Shape(fault) => Problem::new(problem::VALIDATION).errors(vec![fault]),
        }
    }
}

impl From<JsonFault> for FieldFault {
    fn from(fault: JsonFault) -> Self {
        match fault {
            JsonFault::Syntax(place) => {
                FieldFault { pointer: String::new(), detail: format!("this is not JSON from {place} on") }
            }
            JsonFault::Shape(fault) => fault,
        }
    }
}

fn pointer(path: &Path) -> String {
    let steps = path.iter().filter_map(|segment| match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(key.clone()),
        Segment::Enum { .. } | Segment::Unknown => None,
    });
    steps.map(|step| format!("/{}", nul::escaped(&step))).collect()
}

fn shape(text: &[u8], pointer: String, error: &serde_json::Error) -> FieldFault {
    let words = error.to_string();
    let words = words.rsplit_once(" at line ").map_or(words.as_str(), |(words, _place)| words);
    if let Some(field) = words.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
        return FieldFault { pointer: format!("{pointer}/{}", nul::escaped(field)), detail: "is missing".to_owned() };
    }
    let wanted = words.split_once(", expected ").map(|(_, wanted)| wanted);
    let detail = match wanted {
        Some(wanted) if words.starts_with("unknown field ") => {
            format!("this field is not known; known are {}", wanted.trim_start_matches("one of "))
        }
        Some(wanted) if starts_with_what_was_sent(words) => format!("must be {wanted}"),
        Some(_) | None => without_what_was_sent(words, &sent(text, &pointer)),
    };
    FieldFault { pointer, detail }
}

/// The forms in which serde itself repeats a value.
fn starts_with_what_was_sent(words: &str) -> bool {
    let forms = ["invalid type: ", "invalid value: ", "invalid length ", "unknown variant "];
    forms.iter().any(|form| words.starts_with(form))
}

/// Every text and number under a pointer; those of the whole body when there is nothing.
fn sent(text: &[u8], pointer: &str) -> Vec<String> {
    let whole: Value = serde_json::from_slice(text).unwrap_or_default();
    let mut sent = Vec::new();
    leaves(whole.pointer(pointer).unwrap_or(&whole), &mut sent);
    sent
}

fn leaves(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Number(number) => found.push(number.to_string()),
        Value::Array(items) => items.iter().for_each(|item| leaves(item, found)),
        Value::Object(fields) => fields.values().for_each(|value| leaves(value, found)),
        Value::Null | Value::Bool(_) => {}
    }
}

/// Our own parsers say `` `x` is not a channel``: then it is "this" that is not. Anything else that was sent, from four
/// characters on, is left out wherever it stands.
pub(super) fn without_what_was_sent(words: &str, sent: &[String]) -> String {
    let mut sent: Vec<&String> = sent.iter().filter(|sent| !sent.is_empty()).collect();
    sent.sort_by_key(|sent| std::cmp::Reverse(sent.len()));
    let mut words = words.to_owned();
    for sent in sent {
        words = words.replace(&format!("`{sent}`"), "this").replace(&format!("\"{sent}\""), "this");
        if sent.chars().count() > 3 {
            words = words.replace(sent.as_str(), "…");
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::contacts::ContactFacts;

    fn fault(text: &str) -> (String, String) {
        let Err(fault) = read_json::<ContactFacts>(text.as_bytes()) else { panic!("{text} was read") };
        let FieldFault { pointer, detail } = fault.into();
        (pointer, detail)
    }

    #[test]
    fn what_is_wrong_is_pointed_at_and_not_repeated() {
        let secret = "Jane Doe is ill";
        for (text, pointer, said) in [
            (r#"{"channel":"Jane Doe is ill"}"#, "/channel", "this is not a channel; known are 999"),
            (r#"{"channel":"101","receivedAt":"Jane Doe is ill"}"#, "/receivedAt", ""),
            (r#"{"channel":"101","words":["Jane Doe is ill"]}"#, "/words", "must be a string"),
            (r#"{"channel":"101","personId":"Jane Doe is ill"}"#, "/personId", ""),
            (r#"{"words":"Jane Doe is ill"}"#, "/channel", "is missing"),
            (r#"{"channel":"101","wrods":"Jane Doe is ill"}"#, "", "known are `channel`"),
            (r#""Jane Doe is ill""#, "", "must be struct"),
            (r#"{"channel":"101","words":"Jane Doe is ill\u0000"}"#, "/words", "NUL"),
            (r#"{"channel":"101","words":"Jane Doe is ill}"#, "", "not JSON"),
        ] {
            let (at, detail) = fault(text);
            assert!(at == pointer || at == "/wrods" && pointer.is_empty(), "{text}: {at}");
            assert!(detail.contains(said), "{text}: {detail}");
            assert!(!detail.contains(secret), "{detail}");
        }
    }
}
