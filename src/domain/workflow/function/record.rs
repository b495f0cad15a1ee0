//! What is filled in on a case.

use super::{Answer, Arguments, Datum};
use crate::domain::workflow::scope::Scope;
use serde_json::Value;

/// Whether each dotted path in the case's data holds something: text that is not blank, a list or object that is not
/// empty, any number, yes or no.
pub(super) fn filled(scope: &Scope<'_>, arguments: &Arguments<'_>) -> Answer {
    let paths = arguments.texts(0)?;
    Ok(Datum::Bool(paths.iter().all(|path| at_path(scope.case.data, path).is_some_and(|value| !is_blank(value)))))
}

/// What the policy offers short of, beside and beyond a strategy (policy 8.1). At each decision each is considered.
pub const OPTIONS: [&str; 9] = [
    "partnership_approach",
    "problem_solving_plan",
    "words_of_advice",
    "warning_letter",
    "cpw_cpn",
    "out_of_court_disposal",
    "prosecution",
    "criminal_behaviour_order",
    "civil_preventative_order",
];

/// Whether the input's `options` say of each option of the policy that it was considered, or why not.
pub(super) fn every_option_considered(scope: &Scope<'_>, _arguments: &Arguments<'_>) -> Answer {
    let entries = list(scope.input, "options")?;
    let said = |option: &&str| {
        entries.iter().any(|entry| text(entry, "option") == Some(option) && text(entry, "considered").is_some())
    };
    Ok(Datum::Bool(OPTIONS.iter().all(said)))
}

fn at_path<'v>(data: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(data, |value, key| value.get(key))
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(_) | Value::Number(_) => false,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
    }
}

/// Text under a key, if there is any that is not blank.
pub(super) fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
}

/// The list kept in the case's data under `key`; nothing there is an empty list.
///
/// # Errors
/// Something else than a list.
pub(super) fn list<'v>(data: &'v Value, key: &str) -> Result<&'v [Value], String> {
    match data.get(key) {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::Array(items)) => Ok(items),
        Some(Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
            Err(format!("`{key}` has to be a list"))
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::workflow::function::fixture::Fixture;
    use serde_json::json;

    #[test]
    fn filled_means_not_blank_at_every_path() {
        let fixture = Fixture::with(json!({"a": " x ", "b": {"c": false, "d": " "}, "e": [], "f": [0], "g": {}}));
        let filled = |paths: &[&str]| fixture.truth("filled", vec![Fixture::texts(paths)]);
        assert_eq!(filled(&["a", "b.c", "f"]), Ok(true));
        for blank in ["b.d", "e", "g", "missing", "b.missing", "a.b"] {
            assert_eq!(filled(&["a", blank]), Ok(false), "{blank}");
        }
        assert_eq!(filled(&[]), Ok(true));
    }
}
