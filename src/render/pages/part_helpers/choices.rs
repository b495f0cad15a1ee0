//! Which choices of a select, of radios and of checkboxes start out chosen, and what ids they and their hints have.

use super::{counts, field, value, words};
use handlebars::Helper;
use serde_json::Value;

/// `(chosen marked value wanted)`: whether an option of a select starts out chosen.
pub(super) fn chosen(helper: &Helper) -> Value {
    Value::Bool(starts_chosen(value(helper, 0), value(helper, 1), value(helper, 2)))
}

/// A choice starts out chosen because it is marked so, or because its value is the wanted one (or among the wanted
/// ones) and it is not marked `false`.
fn starts_chosen(marked: &Value, own: &Value, wanted: &Value) -> bool {
    if counts(marked) {
        return true;
    }
    let named = match wanted {
        Value::Array(several) => several.contains(own),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            counts(wanted) && !own.is_null() && words(own) == words(wanted)
        }
    };
    named && *marked != Value::Bool(false)
}

/// `(choice-items options describedBy)`: the items of radios or checkboxes, each with the id and name it ends with,
/// whether it is `checked`, and `describedBy`: the ids given here, where no fieldset carries them, and its own hint's.
pub(super) fn choice_items(helper: &Helper) -> Value {
    let options = value(helper, 0);
    let outside = if counts(field(options, "fieldset")) { &Value::Null } else { value(helper, 1) };
    let prefix = match words(field(options, "idPrefix")) {
        own if own.is_empty() => words(field(options, "name")),
        own => own,
    };
    let wanted = options.get("values").unwrap_or_else(|| field(options, "value"));
    let items = field(options, "items").as_array().map(Vec::as_slice).unwrap_or_default();
    let items = items.iter().enumerate().filter(|(_, item)| counts(item));
    let complete = |(index, item): (usize, &Value)| {
        let id = match words(field(item, "id")) {
            own if own.is_empty() => numbered_id(&prefix, index),
            own => own.into_owned(),
        };
        let mut made = item.as_object().cloned().unwrap_or_default();
        if !counts(field(item, "name")) {
            made.insert("name".to_owned(), field(options, "name").clone());
        }
        let checked = starts_chosen(field(item, "checked"), field(item, "value"), wanted);
        made.insert("checked".to_owned(), Value::Bool(checked));
        made.insert("describedBy".to_owned(), Value::String(choice_description(item, &id, outside)));
        made.insert("id".to_owned(), Value::String(id));
        Value::Object(made)
    };
    Value::Array(items.map(complete).collect())
}

/// The id of the item at an index that starts from 0: `prefix`, `prefix-2`, `prefix-3`, …
fn numbered_id(prefix: &str, index: usize) -> String {
    if index == 0 { prefix.to_owned() } else { format!("{prefix}-{}", index.saturating_add(1)) }
}

fn choice_description(item: &Value, id: &str, outside: &Value) -> String {
    let hint = field(item, "hint");
    let hinted = counts(field(hint, "text")) || counts(field(hint, "html"));
    let own_hint = if hinted { format!("{id}-item-hint") } else { String::new() };
    format!("{} {own_hint}", words(outside)).trim().to_owned()
}
