//! The content of a case: the text that a signature is bound to.

use crate::domain::workflow::Workflow;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// The fields of the workflow's content form, as the case holds them.
pub fn content(workflow: &Workflow, data: &Value) -> Option<Value> {
    let form = workflow.forms.get(workflow.content.as_deref()?)?;
    let names = form.schema.get("properties").and_then(Value::as_object);
    let kept = names.into_iter().flatten().filter_map(|(name, _)| Some((name.clone(), data.get(name)?.clone())));
    Some(Value::Object(kept.collect::<Map<_, _>>()))
}

/// SHA-256 (hex) of the content as canonical JSON; `None` where the workflow declares no content.
pub fn content_hash(workflow: &Workflow, data: &Value) -> Option<String> {
    content(workflow, data).map(|content| hash(&content))
}

/// SHA-256 (hex) of a value as canonical JSON: keys sorted, no white space.
pub fn hash(value: &Value) -> String {
    let mut text = String::new();
    write_canonical(value, &mut text);
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// Keys sorted by code point, no white space: equal values give equal text whatever order their fields came in.
pub fn write_canonical(value: &Value, text: &mut String) {
    match value {
        Value::Object(fields) => {
            let mut sorted: Vec<_> = fields.iter().collect();
            sorted.sort_by(|left, right| left.0.cmp(right.0));
            text.push('{');
            for (position, (name, value)) in sorted.into_iter().enumerate() {
                if position > 0 {
                    text.push(',');
                }
                text.push_str(&Value::String(name.clone()).to_string());
                text.push(':');
                write_canonical(value, text);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    text.push(',');
                }
                write_canonical(item, text);
            }
            text.push(']');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => text.push_str(&value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_order_of_fields_does_not_change_the_hash_and_a_word_does() {
        let one = json!({"a": [1, {"x": "é", "y": null}], "b": "two"});
        let same = json!({"b": "two", "a": [1, {"y": null, "x": "é"}]});
        let other = json!({"b": "two.", "a": [1, {"y": null, "x": "é"}]});
        assert_eq!(hash(&one), hash(&same));
        assert_ne!(hash(&one), hash(&other));
    }
}
