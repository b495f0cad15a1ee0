//! One way to write a JSON value, so that it hashes the same before it is stored and after it is read back.
//!
//! PostgreSQL sorts the keys of what it keeps as JSON, writes 1e19 as 10000000000000000000, and keeps no NUL.

use serde_json::{Number, Value};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Lower-case hex of SHA-256 over `before` and the canonical text of `value`.
pub(super) fn chained_hash(before: &str, value: &Value) -> String {
    let mut text = String::with_capacity(512);
    write_value(&mut text, value);
    hex::encode(Sha256::new().chain_update(before).chain_update(text).finalize())
}

/// What both databases can keep of a text: PostgreSQL refuses the NUL character, so it becomes U+FFFD.
pub fn without_nul(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}

/// [`without_nul`] for every text and key in a value.
pub fn json_without_nul(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(without_nul(text)),
        Value::Array(items) => Value::Array(items.into_iter().map(json_without_nul).collect()),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(key, value)| (without_nul(key), json_without_nul(value))).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value,
    }
}

fn write_value(text: &mut String, value: &Value) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Number(number) => write_number(text, number),
        Value::String(words) => write_string(text, words),
        Value::Array(items) => {
            text.push('[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    text.push(',');
                }
                write_value(text, item);
            }
            text.push(']');
        }
        Value::Object(fields) => {
            let mut sorted: Vec<_> = fields.iter().collect();
            sorted.sort_unstable_by_key(|(key, _)| key.as_str());
            text.push('{');
            for (n, (key, value)) in sorted.into_iter().enumerate() {
                if n > 0 {
                    text.push(',');
                }
                write_string(text, key);
                text.push(':');
                write_value(text, value);
            }
            text.push('}');
        }
    }
}

/// A whole number is written without fraction or exponent as far as 64 bits reach, however it came in.
fn write_number(text: &mut String, number: &Number) {
    let written = match number.as_f64() {
        #[expect(clippy::cast_possible_truncation, reason = "the guard keeps it in range")]
        Some(x) if number.is_f64() && x.fract() == 0.0 && x.abs() < 18_446_744_073_709_551_616.0 => {
            write!(text, "{}", x as i128)
        }
        _ => write!(text, "{number}"),
    };
    debug_assert!(written.is_ok(), "writing to a String does not fail");
}

fn write_string(text: &mut String, words: &str) {
    text.push('"');
    for c in words.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            c if c < ' ' => {
                let written = write!(text, "\\u{:04x}", u32::from(c));
                debug_assert!(written.is_ok(), "writing to a String does not fail");
            }
            c => text.push(c),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn canonical(value: &Value) -> String {
        let mut text = String::new();
        write_value(&mut text, value);
        text
    }

    #[test]
    fn keys_are_sorted_at_every_depth() {
        let value = json!({"b": {"z": 1, "a": [true, null]}, "a": "x"});
        assert_eq!(canonical(&value), r#"{"a":"x","b":{"a":[true,null],"z":1}}"#);
    }

    #[test]
    fn a_whole_number_is_written_the_same_however_it_came_in() {
        for (one, other) in [("1e19", "10000000000000000000"), ("-0.0", "0"), ("2.0", "2"), ("1e2", "100")] {
            let (one, other): (Value, Value) =
                (serde_json::from_str(one).unwrap(), serde_json::from_str(other).unwrap());
            assert_eq!(canonical(&one), canonical(&other));
        }
    }

    #[test]
    fn fractions_and_huge_numbers_survive_a_change_of_notation() {
        for (one, other) in [("1.5e-7", "0.00000015"), ("0.1", "0.1"), ("1e20", "100000000000000000000")] {
            let (one, other): (Value, Value) =
                (serde_json::from_str(one).unwrap(), serde_json::from_str(other).unwrap());
            assert_eq!(canonical(&one), canonical(&other));
        }
    }

    #[test]
    fn control_characters_and_quotes_are_escaped() {
        assert_eq!(canonical(&json!("a\"\\\n\u{1}é")), "\"a\\\"\\\\\\u000a\\u0001é\"");
    }

    #[test]
    fn nul_is_replaced_in_texts_and_keys() {
        assert_eq!(json_without_nul(json!({"a\0": ["b\0c"]})), json!({"a\u{fffd}": ["b\u{fffd}c"]}));
    }
}
