//! The fields of a limit in the words of whoever writes one, where the form's own are those of the measure.

use serde_json::{Value, json};

/// The end of a field's id, what it is called, and a hint.
const WORDS: [(&str, &str, &str); 9] = [
    ("-allowed", "May this way be used?", ""),
    ("-max", "At most this many (optional)", ""),
    ("-window", "In how long a time", "For once in any 7 days: at most 1; rolling, day, 7."),
    ("-window-kind", "How it is counted (optional)", ""),
    ("-window-unit", "Days, weeks or months (optional)", ""),
    ("-window-n", "How many (optional)", ""),
    ("-times", "At which times (optional)", "Without any, at any time."),
    ("-addressee", "To whom alone (optional)", "The one address or number that may be used."),
    (
        "-closedSubjects",
        "Closed subjects (optional)",
        "One phrase or reference a line. Whatever is new about them is always read.",
    ),
];
/// What can never be limited is not offered.
const NEVER: [&str; 2] = ["999", "101"];

/// The component, and all in it, in plainer words.
pub(super) fn plainer(mut component: Value) -> Value {
    let id = ["/options/id", "/options/idPrefix"].iter().find_map(|at| component.pointer(at)?.as_str());
    let id = id.unwrap_or_default().to_owned();
    if let Some((_, label, hint)) = WORDS.iter().find(|(end, ..)| id.starts_with("limits-") && id.ends_with(end)) {
        say(&mut component, label, hint);
    }
    if id.ends_with("-channel") {
        without_emergency(&mut component);
    }
    for at in ["/options/fields", "/options/items"] {
        let Some(Value::Array(inside)) = component.pointer_mut(at) else { continue };
        for one in inside {
            if one.get("component").is_some() {
                *one = plainer(one.take());
            } else if let Some(Value::Array(fields)) = one.get_mut("fields") {
                *fields = std::mem::take(fields).into_iter().map(plainer).collect();
            }
        }
    }
    component
}

fn say(component: &mut Value, label: &str, hint: &str) {
    for at in ["/options/label/text", "/options/fieldset/legend/text", "/options/legend"] {
        if let Some(Value::String(words)) = component.pointer_mut(at) {
            label.clone_into(words);
        }
    }
    let in_words = component.pointer("/options/legend").is_some_and(Value::is_string);
    if let (false, Some(options)) = (hint.is_empty(), component.get_mut("options").and_then(Value::as_object_mut)) {
        let hint = if in_words { json!(hint) } else { json!({ "text": hint }) };
        options.insert("hint".to_owned(), hint);
    }
}

fn without_emergency(component: &mut Value) {
    if let Some(Value::Array(items)) = component.pointer_mut("/options/items") {
        items.retain(|item| {
            let never = item.get("value").and_then(Value::as_str).is_some_and(|value| NEVER.contains(&value));
            // What was chosen once has to be seen, so that it can be changed.
            !never || item.get("checked").and_then(Value::as_bool) == Some(true)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emergency_numbers_are_offered_nowhere_but_stay_where_they_were_chosen() {
        let channel = |chosen: &str| {
            let item = |code: &str| json!({ "value": code, "checked": code == chosen });
            let field = json!({ "component": "govuk/radios", "options": { "idPrefix": "limits-0-channel",
                "items": [item("999"), item("101"), item("email")] } });
            json!({ "component": "app/list", "options": { "id": "limits", "items": [{ "fields": [field] }] } })
        };
        let offered = |chosen: &str| {
            let drawn = plainer(channel(chosen));
            let items = drawn.pointer("/options/items/0/fields/0/options/items").unwrap().as_array().unwrap().clone();
            items.iter().map(|item| item["value"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(offered("email"), ["email"]);
        assert_eq!(offered("101"), ["101", "email"]);
    }
}
