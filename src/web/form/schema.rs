//! What kind of field a schema asks for.

use serde_json::Value;

/// Longer texts get several lines.
const ONE_LINE: u64 = 500;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind<'s> {
    Group,
    /// One of a few: radios, or a list to select from where there are many.
    Choice(&'s [Value]),
    /// Any of a few: checkboxes.
    Choices(&'s [Value]),
    YesNo,
    Date,
    Officer,
    /// An area of the county.
    Area,
    Number,
    Line,
    Lines,
    /// A text for each line.
    TextList,
    /// A date for each line.
    DateList,
    /// One answer for each of a few things: `(choices, name of the thing, name of the answer)`.
    AnswerEach(&'s [Value], &'s str, &'s str),
    /// Groups, one after another.
    List(&'s Value),
    Unknown,
}

pub(super) fn kind_of(schema: &Value) -> Kind<'_> {
    let text = |key: &str| schema.get(key).and_then(Value::as_str);
    let choices = schema.get("enum").and_then(Value::as_array);
    match (text("type"), text("format"), choices) {
        (Some("object"), ..) => Kind::Group,
        (Some("string"), _, Some(choices)) => Kind::Choice(choices),
        (Some("boolean"), ..) => Kind::YesNo,
        (Some("integer" | "number"), ..) => Kind::Number,
        (Some("string"), Some("date"), _) => Kind::Date,
        (Some("string"), Some("uuid"), _) => Kind::Officer,
        (Some("string"), Some("area"), _) => Kind::Area,
        (Some("string"), ..) => match schema.get("maxLength").and_then(Value::as_u64) {
            Some(most) if most <= ONE_LINE => Kind::Line,
            _ if schema.get("pattern").and_then(Value::as_str).is_some_and(|pattern| pattern != "\\S") => Kind::Line,
            _ => Kind::Lines,
        },
        (Some("array"), ..) => schema.get("items").map_or(Kind::Unknown, kind_of_list),
        _ => Kind::Unknown,
    }
}

fn kind_of_list(items: &Value) -> Kind<'_> {
    match kind_of(items) {
        Kind::Choice(choices) => Kind::Choices(choices),
        Kind::Date => Kind::DateList,
        Kind::Line | Kind::Lines => Kind::TextList,
        Kind::Group => answer_each(items).unwrap_or(Kind::List(items)),
        Kind::Choices(_)
        | Kind::YesNo
        | Kind::Officer
        | Kind::Area
        | Kind::Number
        | Kind::TextList
        | Kind::DateList
        | Kind::AnswerEach(..)
        | Kind::List(_)
        | Kind::Unknown => Kind::Unknown,
    }
}

/// A thing out of a few and a text about it, and nothing else.
fn answer_each(items: &Value) -> Option<Kind<'_>> {
    let fields = items.get("properties").and_then(Value::as_object)?;
    let mut fields = fields.iter();
    let (Some((thing, of_thing)), Some((answer, of_answer)), None) = (fields.next(), fields.next(), fields.next())
    else {
        return None;
    };
    match (kind_of(of_thing), kind_of(of_answer)) {
        (Kind::Choice(choices), Kind::Lines) => Some(Kind::AnswerEach(choices, thing, answer)),
        _ => None,
    }
}

pub(super) fn title(schema: &Value) -> &str {
    schema.get("title").and_then(Value::as_str).unwrap_or_default()
}

pub(super) fn hint(schema: &Value) -> Option<&str> {
    schema.get("description").and_then(Value::as_str)
}

/// The fields of a group, in the order of the file, each with whether it has to be filled in.
pub(super) fn fields_of(schema: &Value) -> impl Iterator<Item = (&str, &Value, bool)> {
    let required: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let fields = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    fields.map(move |(name, field)| (name.as_str(), field, required.contains(&name.as_str())))
}

/// The fewest entries of a list.
pub(super) fn fewest(schema: &Value) -> usize {
    schema.get("minItems").and_then(Value::as_u64).and_then(|least| usize::try_from(least).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_field_of_every_form_is_one_that_can_be_drawn() {
        let mut unknown = Vec::new();
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/workflows/forms");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let schema: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            walk(&schema, path.to_string_lossy().into_owned(), &mut unknown);
        }
        assert!(unknown.is_empty(), "{unknown:#?}");
    }

    fn walk(schema: &Value, at: String, unknown: &mut Vec<String>) {
        match kind_of(schema) {
            Kind::Group => fields_of(schema).for_each(|(name, field, _)| walk(field, format!("{at}/{name}"), unknown)),
            Kind::List(items) => walk(items, format!("{at}/*"), unknown),
            Kind::Unknown => unknown.push(at),
            Kind::Choice(_)
            | Kind::Choices(_)
            | Kind::YesNo
            | Kind::Date
            | Kind::Officer
            | Kind::Area
            | Kind::Number
            | Kind::Line
            | Kind::Lines
            | Kind::TextList
            | Kind::DateList
            | Kind::AnswerEach(..) => {}
        }
    }

    #[test]
    fn a_thing_out_of_a_few_and_a_text_about_it_is_an_answer_for_each() {
        let option = json!({ "type": "array", "items": { "type": "object", "properties": {
            "option": { "type": "string", "enum": ["a", "b"] }, "considered": { "type": "string", "maxLength": 20000 } } } });
        assert!(matches!(kind_of(&option), Kind::AnswerEach(choices, "option", "considered") if choices.len() == 2));
    }
}
