//! What stands in and beside the forms of a strategy, where the form that every action has is not enough: the sections of the
//! policy, the letter's words of what was saved last, the parts that a harm test goes through.

use super::STRATEGY;
use super::words::{form_sections, lines, title};
use crate::app::cases::ActionForm;
use crate::domain::strategy::{PARTS, is_filled, is_internal};
use crate::render::pages::choice;
use serde_json::{Map, Value, json};

/// What a form begins with where nobody has typed anything: what was kept, or what is known without asking.
pub(crate) fn begins_with(form: &ActionForm) -> Value {
    let (case, action) = (&form.case, form.offer.action.as_str());
    if case.workflow != STRATEGY {
        return form.kept.clone();
    }
    match action {
        "prepare_harm_test" if form.kept.get("items").is_none() => to_be_tested(&case.data),
        "record_service" if form.kept.is_null() => {
            let sharing = case.data.get("sharing");
            let of = |name: &str| Some((name.to_owned(), sharing?.get(name)?.clone()));
            Value::Object(["method", "address"].into_iter().filter_map(of).collect::<Map<_, _>>())
        }
        _ => form.kept.clone(),
    }
}

/// An item for every part that says something. Nothing is decided in it but what cannot be otherwise: what the person never
/// reads is withheld.
fn to_be_tested(data: &Value) -> Value {
    let filled = PARTS.into_iter().filter(|part| is_filled(data, part));
    let item = |part: &str| match is_internal(data, part) {
        true => json!({ "item": part, "proposal": "withhold" }),
        false => json!({ "item": part }),
    };
    json!({ "items": filled.map(item).collect::<Vec<_>>() })
}

/// The components of the form, put in order where there are many, and what stands beside them; null where nothing does.
pub(crate) fn beside(form: &ActionForm, components: Vec<Value>) -> (Vec<Value>, Value) {
    if form.case.workflow != STRATEGY {
        return (components, Value::Null);
    }
    let data = &form.case.data;
    match form.offer.action.as_str() {
        "edit" => (Vec::new(), editor(data, components)),
        "prepare_harm_test" => (with_words(data, components), json!({ "isHarmTest": true })),
        "decide_harm_test" => (components, json!({ "prepared": prepared(form) })),
        "share" => (components, json!({ "letter": format!("/strategies/{}/letter", form.case.id) })),
        "record_service" => (components, json!({ "letter": format!("/cases/{}/notice", form.case.id) })),
        _ => (components, Value::Null),
    }
}

/// The sections of the policy, and what the letter says of what was saved last.
fn editor(data: &Value, components: Vec<Value>) -> Value {
    json!({
        "sections": form_sections(components),
        "limits": lines(data, "limits"),
        "blocked": lines(data, "blocking").into_iter().filter(|line| line.label.as_deref() == Some("Blocked")).collect::<Vec<_>>(),
        "reviewOn": data.get("reviewOn"),
        "endsOn": data.get("endsOn"),
    })
}

/// Each item of the harm test with the words it is about.
fn with_words(data: &Value, mut components: Vec<Value>) -> Vec<Value> {
    for component in &mut components {
        let items = component.pointer_mut("/options/items").and_then(Value::as_array_mut);
        for item in items.into_iter().flatten() {
            let part = item.get("fields").map(part_of).unwrap_or_default();
            let Some(entry) = item.as_object_mut().filter(|_| !part.is_empty()) else { continue };
            if let Some(Value::String(legend)) = entry.get_mut("legend") {
                *legend = format!("{legend}: {}", title(&part));
            }
            entry.insert("words".to_owned(), json!(lines(data, &part)));
            entry.insert("internal".to_owned(), json!(is_internal(data, &part)));
        }
    }
    components
}

/// The part that an item is about, as it is chosen in its fields.
fn part_of(fields: &Value) -> String {
    let choices =
        fields.as_array().into_iter().flatten().filter_map(|field| field.pointer("/options/items")?.as_array());
    let chosen = choices.flatten().find(|choice| {
        let is = |name: &str| choice.get(name).and_then(Value::as_bool) == Some(true);
        let part = choice.get("value").and_then(Value::as_str).unwrap_or_default();
        (is("selected") || is("checked")) && PARTS.contains(&part)
    });
    chosen.and_then(|choice| choice.get("value")?.as_str()).unwrap_or_default().to_owned()
}

/// What was prepared, item by item, with the words of each part.
fn prepared(form: &ActionForm) -> Vec<Value> {
    let items = form.case.data.pointer("/harmTest/items").and_then(Value::as_array);
    let one = |item: &Value| {
        let part = item.get("item").and_then(Value::as_str).unwrap_or_default();
        let yes = |name: &str| item.get(name).and_then(Value::as_bool) == Some(true);
        let text = |name: &str| item.get(name).and_then(Value::as_str).unwrap_or_default();
        let met = text("listedPurpose") != "none" && yes("realRisk") && yes("significant");
        json!({ "title": title(part), "lines": lines(&form.case.data, part),
                "internal": is_internal(&form.case.data, part), "purpose": choice(text("listedPurpose")),
                "realRisk": yes("realRisk"), "significant": yes("significant"), "proposal": choice(text("proposal")),
                "withhold": text("proposal") == "withhold", "reason": text("reason"), "met": met })
    };
    items.into_iter().flatten().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_harm_test_begins_with_every_part_that_says_something_and_decides_nothing_about_what_is_read() {
        let data =
            json!({ "ndm": { "information": "Nine mails." }, "shareable": { "reasons": "Why." }, "blocking": [] });
        let items = to_be_tested(&data);
        assert_eq!(
            items,
            json!({ "items": [{ "item": "ndm.information", "proposal": "withhold" }, { "item": "shareable.reasons" }] })
        );
    }
}
