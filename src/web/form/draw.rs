//! From a form and what stands in it to the components of a page.

use super::FormFault;
use super::names::{below, field_id};
use super::read::entries;
use super::schema::{Kind, fewest, fields_of, hint, kind_of, title};
use crate::app::drafts::Fields;
use crate::render::pages::choice;
use crate::web::posted::text;
use serde_json::{Map, Value, json};

/// More choices than this are selected from a list.
const MOST_RADIOS: usize = 12;

/// What a form is drawn with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Drawing {
    /// What stands in it.
    pub(crate) fields: Fields,
    pub(crate) faults: Vec<FormFault>,
    /// Who can be chosen where an officer is asked for: id and name.
    pub(crate) officers: Vec<(String, String)>,
    /// The areas of the county: key and name.
    pub(crate) areas: Vec<(String, String)>,
}

impl Drawing {
    /// A form in which a value stands that was kept before.
    pub(crate) fn of_value(schema: &Value, value: &Value) -> Self {
        let mut fields = Vec::new();
        write_group(schema, value, "", &mut fields);
        Self { fields, ..Self::default() }
    }

    fn said(&self, name: &str) -> &str {
        text(&self.fields, name)
    }

    fn fault(&self, name: &str) -> Option<Value> {
        let fault = self.faults.iter().find(|fault| fault.name == name)?;
        Some(json!({ "text": fault.message }))
    }
}

/// The components of a form, in order: `{ component, options }` each.
pub(crate) fn draw(schema: &Value, drawing: &Drawing) -> Vec<Value> {
    group(schema, "", drawing, true)
}

fn group(schema: &Value, name: &str, drawing: &Drawing, required: bool) -> Vec<Value> {
    let fields = fields_of(schema);
    fields
        .map(|(field, of_field, asked)| component(of_field, &below(name, field), drawing, asked && required))
        .collect()
}

fn component(schema: &Value, name: &str, drawing: &Drawing, required: bool) -> Value {
    let (kind, mut options) = match kind_of(schema) {
        Kind::Group => {
            let fields = group(schema, name, drawing, required);
            (
                "app/group",
                json!({ "legend": title(schema), "hint": hint(schema), "fields": fields, "id": field_id(name) }),
            )
        }
        Kind::List(items) => ("app/list", list((schema, items), name, drawing)),
        Kind::AnswerEach(choices, ..) => ("app/group", answers(schema, choices, name, drawing)),
        Kind::Choice(choices) if choices.len() > MOST_RADIOS => {
            ("govuk/select", select(schema, choices, name, drawing))
        }
        Kind::Choice(choices) => ("govuk/radios", radios(schema, choices, name, drawing)),
        Kind::YesNo => ("govuk/radios", yes_no(schema, name, drawing)),
        Kind::Choices(choices) => ("govuk/checkboxes", checkboxes(schema, choices, name, drawing)),
        Kind::Date => ("govuk/date-input", date(schema, name, drawing)),
        Kind::Officer => ("govuk/select", one_of(&drawing.officers, schema, (name, drawing))),
        Kind::Area => ("govuk/select", one_of(&drawing.areas, schema, (name, drawing))),
        Kind::Number => ("govuk/input", number(schema, name, drawing)),
        Kind::Line | Kind::Unknown => ("govuk/input", line(schema, name, drawing)),
        Kind::Lines => ("govuk/textarea", lines(schema, name, drawing)),
        Kind::TextList | Kind::DateList => ("govuk/textarea", many_lines(schema, name, drawing)),
    };
    if let Some(options) = options.as_object_mut() {
        options.retain(|_, value| !value.is_null());
        mark_optional(options, required, kind);
    }
    json!({ "component": kind, "options": options })
}

/// Most fields have to be filled in; those that need not be say so.
fn mark_optional(options: &mut Map<String, Value>, required: bool, kind: &str) {
    if required || kind == "app/group" || kind == "app/list" {
        return;
    }
    let words = ["/label/text", "/fieldset/legend/text"];
    let mut value = Value::Object(std::mem::take(options));
    for pointer in words {
        if let Some(Value::String(label)) = value.pointer_mut(pointer) {
            label.push_str(" (optional)");
        }
    }
    if let Value::Object(marked) = value {
        *options = marked;
    }
}

fn labelled(schema: &Value, name: &str, drawing: &Drawing) -> Value {
    json!({
        "id": field_id(name), "name": name,
        "label": { "text": title(schema), "classes": "govuk-label--s" },
        "hint": hint(schema).map(|hint| json!({ "text": hint })),
        "errorMessage": drawing.fault(name),
    })
}

fn legended(schema: &Value, name: &str, drawing: &Drawing) -> Value {
    json!({
        "idPrefix": field_id(name), "name": name,
        "fieldset": { "legend": { "text": title(schema), "classes": "govuk-fieldset__legend--s" } },
        "hint": hint(schema).map(|hint| json!({ "text": hint })),
        "errorMessage": drawing.fault(name),
    })
}

/// The first with what the second adds.
fn with(base: Value, more: Value) -> Value {
    match (base, more) {
        (Value::Object(mut base), Value::Object(more)) => {
            base.extend(more);
            Value::Object(base)
        }
        (base, _) => base,
    }
}

fn lines(schema: &Value, name: &str, drawing: &Drawing) -> Value {
    let said = drawing.said(name);
    // About as high as what stands in it.
    let rows = (said.lines().count() + said.len() / 70).clamp(3, 14);
    with(labelled(schema, name, drawing), json!({ "value": said, "rows": rows, "spellcheck": true }))
}

fn many_lines(schema: &Value, name: &str, drawing: &Drawing) -> Value {
    let hint = json!({ "text": hint(schema).unwrap_or("One a line") });
    with(labelled(schema, name, drawing), json!({ "value": drawing.said(name), "rows": 3, "hint": hint }))
}

fn line(schema: &Value, name: &str, drawing: &Drawing) -> Value {
    let time = schema.get("pattern").and_then(Value::as_str).is_some_and(|pattern| pattern.contains("\\d{2}:\\d{2}"));
    let more = match time {
        true => json!({ "classes": "govuk-input--width-5", "hint": { "text": "For example, 09:30" } }),
        false => json!({}),
    };
    with(with(labelled(schema, name, drawing), json!({ "value": drawing.said(name) })), more)
}

fn number(schema: &Value, name: &str, drawing: &Drawing) -> Value {
    let more = json!({ "value": drawing.said(name), "inputmode": "numeric", "classes": "govuk-input--width-4",
                       "spellcheck": false });
    with(labelled(schema, name, drawing), more)
}

fn radios(schema: &Value, choices: &[Value], name: &str, drawing: &Drawing) -> Value {
    let item =
        |code: &str| json!({ "value": code, "text": titled(schema, code), "checked": drawing.said(name) == code });
    let items: Vec<Value> = choices.iter().filter_map(Value::as_str).map(item).collect();
    with(legended(schema, name, drawing), json!({ "items": items, "classes": "govuk-radios--small" }))
}

fn yes_no(schema: &Value, name: &str, drawing: &Drawing) -> Value {
    let item =
        |value: &str, text: &str| json!({ "value": value, "text": text, "checked": drawing.said(name) == value });
    let items = [item("yes", "Yes"), item("no", "No")];
    with(
        legended(schema, name, drawing),
        json!({ "items": items, "classes": "govuk-radios--inline govuk-radios--small" }),
    )
}

fn checkboxes(schema: &Value, choices: &[Value], name: &str, drawing: &Drawing) -> Value {
    let chosen = |code: &str| drawing.fields.iter().any(|(known, value)| known == name && value == code);
    let item = |code: &str| json!({ "value": code, "text": choice(code), "checked": chosen(code) });
    let items: Vec<Value> = choices.iter().filter_map(Value::as_str).map(item).collect();
    with(legended(schema, name, drawing), json!({ "items": items, "classes": "govuk-checkboxes--small" }))
}

fn select(schema: &Value, choices: &[Value], name: &str, drawing: &Drawing) -> Value {
    let choices = choices.iter().filter_map(Value::as_str).map(|code| (code.to_owned(), titled(schema, code)));
    with(labelled(schema, name, drawing), json!({ "items": selectable(choices, drawing.said(name)) }))
}

/// What a choice is called: as the schema says beside its codes, or by the code.
fn titled(schema: &Value, code: &str) -> String {
    let said = schema.get("titles").and_then(|titles| titles.get(code)?.as_str());
    said.map_or_else(|| choice(code), str::to_owned)
}

/// One of those that are there, by name.
fn one_of(choices: &[(String, String)], schema: &Value, (name, drawing): (&str, &Drawing)) -> Value {
    let choices = choices.iter().cloned();
    with(labelled(schema, name, drawing), json!({ "items": selectable(choices, drawing.said(name)) }))
}

fn selectable(choices: impl Iterator<Item = (String, String)>, chosen: &str) -> Vec<Value> {
    let none = json!({ "value": "", "text": "Select one" });
    let item = |(value, text): (String, String)| {
        let selected = value == chosen;
        json!({ "value": value, "text": text, "selected": selected })
    };
    std::iter::once(none).chain(choices.map(item)).collect()
}

fn date(schema: &Value, name: &str, drawing: &Drawing) -> Value {
    let whole = drawing.said(name);
    let mut parts = whole.split('-');
    let (year, month, day) = (parts.next(), parts.next(), parts.next());
    let of_whole = [("day", day), ("month", month), ("year", year)];
    let error = drawing.fault(&format!("{name}-day"));
    let classes = if error.is_some() { " govuk-input--error" } else { "" };
    let item = |(part, kept): (&str, Option<&str>)| {
        let said = drawing.said(&format!("{name}-{part}"));
        let value = if said.is_empty() { kept.unwrap_or_default().trim_start_matches('0') } else { said };
        let width = if part == "year" { 4 } else { 2 };
        // Without a prefix, so that each box keeps the name it is read back by.
        json!({ "id": format!("{}-{part}", field_id(name)), "name": format!("{name}-{part}"), "label": choice(part),
                "value": value, "classes": format!("govuk-input--width-{width}{classes}") })
    };
    let items = of_whole.map(item);
    json!({
        "id": field_id(name),
        "fieldset": { "legend": { "text": title(schema), "classes": "govuk-fieldset__legend--s" } },
        "hint": { "text": hint(schema).unwrap_or("For example, 27 3 2027") },
        "errorMessage": error,
        "items": items,
    })
}

fn answers(schema: &Value, choices: &[Value], name: &str, drawing: &Drawing) -> Value {
    let answer = |code: &str| {
        let name = below(name, code);
        let said = drawing.said(&name);
        let rows = (said.lines().count() + said.len() / 70).clamp(2, 14);
        json!({ "component": "govuk/textarea", "options": {
            "id": field_id(&name), "name": name, "value": said, "rows": rows, "label": { "text": choice(code) } } })
    };
    let fields: Vec<Value> = choices.iter().filter_map(Value::as_str).map(answer).collect();
    json!({ "legend": title(schema), "id": field_id(name), "fields": fields, "error": drawing.fault(name) })
}

fn list((schema, items): (&Value, &Value), name: &str, drawing: &Drawing) -> Value {
    let mut there: Vec<usize> = entries(&drawing.fields, name).into_iter().collect();
    while there.len() < fewest(schema) {
        there.push(there.last().map_or(0, |last| last + 1));
    }
    let entry = |(count, n): (usize, &usize)| {
        let name = below(name, &n.to_string());
        json!({ "legend": format!("{} {}", title(items), count + 1), "id": field_id(&name), "remove": name,
                "fields": group(items, &name, drawing, true) })
    };
    let drawn: Vec<Value> = there.iter().enumerate().map(entry).collect();
    json!({ "legend": title(schema), "id": field_id(name), "hint": hint(schema), "items": drawn, "add": name,
            "addText": format!("Add: {}", title(items).to_lowercase()), "error": drawing.fault(name) })
}

/// The names and values a form would send if `value` stood in it.
fn write_group(schema: &Value, value: &Value, name: &str, fields: &mut Fields) {
    for (field, of_field, _) in fields_of(schema) {
        if let Some(kept) = value.get(field).filter(|kept| !kept.is_null()) {
            write(of_field, kept, &below(name, field), fields);
        }
    }
}

fn write(schema: &Value, value: &Value, name: &str, fields: &mut Fields) {
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let each = || value.as_array().into_iter().flatten();
    match kind_of(schema) {
        Kind::Group => write_group(schema, value, name, fields),
        Kind::List(items) => {
            for (n, kept) in each().enumerate() {
                write_group(items, kept, &below(name, &n.to_string()), fields);
            }
        }
        Kind::AnswerEach(_, thing, answer) => {
            for kept in each() {
                if let (Some(thing), Some(said)) = (kept.get(thing).and_then(Value::as_str), kept.get(answer)) {
                    fields.push((below(name, thing), plain(said)));
                }
            }
        }
        Kind::Choices(_) => fields.extend(each().map(|kept| (name.to_owned(), plain(kept)))),
        Kind::TextList | Kind::DateList => {
            fields.push((name.to_owned(), each().map(plain).collect::<Vec<_>>().join("\n")));
        }
        Kind::YesNo => {
            let said = if value.as_bool().unwrap_or_default() { "yes" } else { "no" };
            fields.push((name.to_owned(), said.to_owned()));
        }
        Kind::Choice(_)
        | Kind::Date
        | Kind::Officer
        | Kind::Area
        | Kind::Number
        | Kind::Line
        | Kind::Lines
        | Kind::Unknown => {
            fields.push((name.to_owned(), plain(value)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    fn form(name: &str) -> Value {
        let path = format!("{}/workflows/forms/{name}.json", env!("CARGO_MANIFEST_DIR"));
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    }

    /// The draft of a strategy goes through the form and comes back as it was.
    #[test]
    fn what_is_drawn_from_a_value_is_read_back_as_that_value() {
        let strategy = json!({
            "ndm": { "codeOfEthics": "Fair.", "information": "Two\nlines." },
            "limits": [{ "channel": "email", "allowed": true, "max": 1, "window": { "kind": "calendar", "unit": "week", "n": 1 },
                         "times": [{ "days": ["Mon", "Fri"], "from": "09:00", "to": "12:00" }],
                         "closedSubjects": ["parking", "ABC/12"] }],
            "blocking": [{ "channel": "telephone", "alternatives": [{ "tried": "A letter", "whyFailed": "Not read" }] }],
        });
        let schema = form("strategy");
        let drawing = Drawing::of_value(&schema, &strategy);
        let back = read(&schema, &drawing.fields);
        assert_eq!(back.input["ndm"], strategy["ndm"]);
        assert_eq!(back.input["limits"], strategy["limits"]);
        assert_eq!(back.input["blocking"], strategy["blocking"]);
        assert_eq!(back.faults, []);
    }

    #[test]
    fn nine_options_are_nine_texts_and_a_date_is_three_boxes() {
        let met = form("threshold_met");
        let drawn = draw(&met, &Drawing::default());
        let options = drawn.iter().find(|one| one["options"]["id"] == "options").unwrap();
        assert_eq!(options["options"]["fields"].as_array().unwrap().len(), 9);
        let dated =
            json!({ "type": "object", "properties": { "on": { "type": "string", "format": "date", "title": "On" } } });
        let drawn = draw(&dated, &Drawing::of_value(&dated, &json!({ "on": "2027-03-07" })));
        let boxes = drawn[0]["options"]["items"].as_array().unwrap();
        assert_eq!(boxes.iter().map(|one| one["value"].as_str().unwrap()).collect::<Vec<_>>(), ["7", "3", "2027"]);
        assert_eq!(boxes[0]["name"], "on-day");
    }
}
