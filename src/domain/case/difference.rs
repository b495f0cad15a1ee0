//! What one version of a text says differently from another.

use serde_json::Value;
use std::collections::BTreeSet;

/// One place at which two texts differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Dotted, as the parts of a strategy are named: `shareable.reasons`, `limits`. A list is one place.
    pub path: String,
    /// `None`: nothing stood there.
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// Every place at which `after` differs from `before`, in the order of their names.
pub fn differences(before: &Value, after: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare("", Some(before), Some(after), &mut found);
    found
}

fn compare(path: &str, before: Option<&Value>, after: Option<&Value>, found: &mut Vec<Difference>) {
    if before == after {
        return;
    }
    let fields = |value: Option<&Value>| match value {
        Some(Value::Object(fields)) => Some(fields.keys().cloned().collect::<BTreeSet<String>>()),
        None => Some(BTreeSet::new()),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => None,
    };
    match (fields(before), fields(after)) {
        (Some(old), Some(new)) => {
            for name in old.union(&new) {
                let within = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                let at = |value: Option<&'_ Value>| value.and_then(|value| value.get(name)).cloned();
                compare(&within, at(before).as_ref(), at(after).as_ref(), found);
            }
        }
        _ => found.push(Difference { path: path.to_owned(), before: before.cloned(), after: after.cloned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn paths(before: Value, after: Value) -> Vec<String> {
        differences(&before, &after).into_iter().map(|difference| difference.path).collect()
    }

    #[test]
    fn only_what_differs_is_named_by_the_path_of_its_part() {
        let before =
            json!({ "ndm": { "options": "A", "information": "B" }, "limits": [{ "max": 1 }], "endsOn": "2026-12-01" });
        let after =
            json!({ "ndm": { "options": "A", "information": "C" }, "limits": [{ "max": 2 }], "endsOn": "2026-12-01" });
        assert_eq!(paths(before.clone(), after), ["limits", "ndm.information"]);
        assert!(paths(before.clone(), before).is_empty());
    }

    #[test]
    fn what_was_added_or_left_out_is_told_from_what_was_changed() {
        let found = differences(&json!({ "advocate": { "name": "A" } }), &json!({ "help": "B" }));
        assert_eq!(found.len(), 2);
        let (left_out, added) = (&found[0], &found[1]);
        assert_eq!(
            (left_out.path.as_str(), &left_out.before, &left_out.after),
            ("advocate.name", &Some(json!("A")), &None)
        );
        assert_eq!((added.path.as_str(), &added.before, &added.after), ("help", &None, &Some(json!("B"))));
    }

    #[test]
    fn a_text_that_became_a_list_is_one_difference() {
        assert_eq!(paths(json!({ "a": "x" }), json!({ "a": ["x"] })), ["a"]);
        assert_eq!(paths(json!({ "a": { "b": 1 } }), json!({ "a": [1] })), ["a"]);
    }
}
