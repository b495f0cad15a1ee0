//! The parts of a strategy's text: which the harm test goes through one by one, which of them the person reads.

use serde_json::Value;

/// Every part the harm test has an item for. The dates are not among them: nobody is bound without being told until
/// when.
pub const PARTS: [&str; 15] = [
    "ndm.codeOfEthics",
    "ndm.information",
    "ndm.assessment",
    "ndm.powersAndPolicy",
    "ndm.options",
    "ndm.actionAndReview",
    "shareable.reasons",
    "shareable.arrangements",
    "shareable.help",
    "limits",
    "blocking",
    "leastRestrictive",
    "adjustments",
    "advocate",
    "furtherSections",
];

/// What a notice cannot do without: why, what is asked, what is blocked.
const NEVER_LEFT_OUT: [&str; 3] = ["shareable.reasons", "limits", "blocking"];

/// Whether the text says anything under this part.
pub fn is_filled(text: &Value, part: &str) -> bool {
    at(text, part).is_some_and(says_something)
}

/// Whether nothing of the part ever stands in a notice, so that the person does not read it.
pub fn is_internal(text: &Value, part: &str) -> bool {
    match part {
        "adjustments" => !is_filled(text, "adjustments.made"),
        "advocate" => !is_filled(text, "advocate.name"),
        "furtherSections" => {
            let sections = at(text, part).and_then(Value::as_array).into_iter().flatten();
            !sections.into_iter().any(|section| section.get("shareable").and_then(Value::as_bool) == Some(true))
        }
        part => part == "leastRestrictive" || part.starts_with("ndm."),
    }
}

/// The parts that the decision on the harm test leaves out of the notice. Only the outcome `redacted` leaves anything
/// out by name.
pub fn left_out(data: &Value) -> Vec<&str> {
    let redacted = data.pointer("/harmTestDecision/outcome").and_then(Value::as_str) == Some("redacted");
    let parts = data.pointer("/harmTestDecision/redactions").and_then(Value::as_array).filter(|_| redacted);
    parts.into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Whether the notice made of this text, less what is left out, says why, what is asked and blocked, until when, and
/// when it is reviewed.
pub fn makes_a_notice(data: &Value) -> bool {
    let left_out = left_out(data);
    let said = |part: &str| is_filled(data, part) && !left_out.contains(&part);
    said("shareable.reasons")
        && NEVER_LEFT_OUT.iter().all(|part| !is_filled(data, part) || said(part))
        && ["limits", "blocking", "shareable.arrangements"].into_iter().any(said)
        && ["reviewOn", "endsOn"].into_iter().all(|date| is_filled(data, date))
}

fn at<'t>(text: &'t Value, path: &str) -> Option<&'t Value> {
    path.split('.').try_fold(text, |value, name| value.get(name))
}

fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(_) | Value::Number(_) => true,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => fields.values().any(says_something),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_forms_of_the_harm_test_name_the_same_parts() {
        let forms = [
            (include_str!("../../../workflows/forms/harm_test.json"), "/properties/items/items/properties/item/enum"),
            (include_str!("../../../workflows/forms/harm_test_decision.json"), "/properties/redactions/items/enum"),
        ];
        for (form, pointer) in forms {
            let form: Value = serde_json::from_str(form).unwrap();
            assert_eq!(form.pointer(pointer), Some(&json!(PARTS)));
        }
    }

    #[test]
    fn a_part_is_internal_where_the_person_reads_nothing_of_it() {
        let text = json!({
            "adjustments": { "considered": "Asked." },
            "advocate": { "considered": "Offered.", "name": "An Advocate" },
            "furtherSections": [{ "heading": "A", "text": "B", "shareable": false }],
        });
        for (part, internal) in [("ndm.options", true), ("leastRestrictive", true), ("limits", false)] {
            assert_eq!(is_internal(&text, part), internal, "{part}");
        }
        assert!(is_internal(&text, "adjustments") && is_internal(&text, "furtherSections"));
        assert!(!is_internal(&text, "advocate"));
        assert!(!is_filled(&json!({ "adjustments": { "considered": " " } }), "adjustments"));
    }

    #[test]
    fn only_the_outcome_redacted_leaves_anything_out_by_name() {
        let decided = |outcome: &str| json!({ "harmTestDecision": { "outcome": outcome, "redactions": ["advocate"] } });
        assert_eq!(left_out(&decided("redacted")), ["advocate"]);
        assert!(left_out(&decided("full")).is_empty());
        assert!(left_out(&json!({})).is_empty());
    }

    #[test]
    fn a_notice_says_why_what_and_until_when() {
        let text = json!({
            "shareable": { "reasons": "You wrote often." }, "limits": [{ "channel": "email", "allowed": false }],
            "blocking": [], "reviewOn": "2026-11-20", "endsOn": "2026-12-01",
        });
        assert!(makes_a_notice(&text));
        for part in ["shareable.reasons", "limits"] {
            let mut redacted = text.clone();
            redacted["harmTestDecision"] = json!({ "outcome": "redacted", "redactions": [part] });
            assert!(!makes_a_notice(&redacted), "{part}");
        }
        for gone in ["shareable", "limits", "reviewOn", "endsOn"] {
            let mut short = text.clone();
            short[gone] = Value::Null;
            assert!(!makes_a_notice(&short), "{gone}");
        }
    }
}
