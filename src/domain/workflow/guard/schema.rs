//! From the forms' JSON Schemas to the types of `input` and `case.data`.

use super::types::{Record, Type};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How deep references and nested objects are followed; deeper is `Any`.
const MAX_DEPTH: usize = 16;

/// The type of what a form lets through; `name` is what messages call it.
pub(crate) fn read_schema(name: &str, schema: &Value) -> Type {
    Schema { root: schema }.read(name, schema, 0)
}

struct Schema<'s> {
    root: &'s Value,
}

impl<'s> Schema<'s> {
    fn read(&self, name: &str, schema: &'s Value, depth: usize) -> Type {
        let Some(fields) = schema.as_object().filter(|_| depth < MAX_DEPTH) else { return Type::Any };
        if let Some(target) = fields.get("$ref").and_then(Value::as_str).and_then(|target| self.resolve(target)) {
            return self.read(name, target, depth + 1);
        }
        if let Some(words) = words(fields) {
            return words;
        }
        match fields.get("type").and_then(single_type) {
            Some("boolean") => Type::Bool,
            Some("integer") => Type::Int,
            Some("number") => Type::Number,
            Some("string") => match fields.get("format").and_then(Value::as_str) {
                Some("date" | "date-time") => Type::Date,
                Some(_) | None => Type::Text,
            },
            Some("array") => {
                let of =
                    fields.get("items").map_or(Type::Any, |items| self.read(&format!("{name}[]"), items, depth + 1));
                Type::list(of)
            }
            Some("object") | None => {
                let mut record = BTreeMap::new();
                self.properties(name, fields, depth, &mut record);
                if record.is_empty() {
                    return Type::Any;
                }
                Type::Object(Arc::new(Record { name: name.to_owned(), fields: record }))
            }
            Some(_) => Type::Any,
        }
    }

    /// The properties of a schema and of what it is combined with.
    fn properties(&self, name: &str, schema: &'s Map<String, Value>, depth: usize, into: &mut BTreeMap<String, Type>) {
        if depth >= MAX_DEPTH {
            return;
        }
        for (field, of) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let of = self.read(&format!("{name}.{field}"), of, depth + 1);
            let joined = into.get(field).map_or(Some(of.clone()), |known| known.join(&of)).unwrap_or(Type::Any);
            into.insert(field.clone(), joined);
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            for part in schema.get(keyword).and_then(Value::as_array).into_iter().flatten() {
                if let Some(part) = part.as_object() {
                    self.properties(name, part, depth + 1, into);
                }
            }
        }
        for keyword in ["then", "else", "if"] {
            if let Some(part) = schema.get(keyword).and_then(Value::as_object) {
                self.properties(name, part, depth + 1, into);
            }
        }
    }

    fn resolve(&self, target: &str) -> Option<&'s Value> {
        target.strip_prefix('#').and_then(|pointer| self.root.pointer(pointer))
    }
}

fn words(schema: &Map<String, Value>) -> Option<Type> {
    let constant = schema.get("const").and_then(Value::as_str).map(|word| Type::words([word]));
    let values = schema.get("enum").and_then(Value::as_array);
    constant.or_else(|| values?.iter().map(Value::as_str).collect::<Option<Vec<&str>>>().map(Type::words))
}

/// `"string"`, or `["string", "null"]`: what is `null` is absent.
fn single_type(value: &Value) -> Option<&str> {
    match value {
        Value::String(name) => Some(name),
        Value::Array(names) => {
            let mut named = names.iter().filter_map(Value::as_str).filter(|name| *name != "null");
            let first = named.next();
            if named.next().is_none() { first } else { Some("several") }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    }
}

/// The type of `case.data`, grown from the forms whose input it keeps.
#[derive(Default)]
pub(crate) struct DataTable {
    fields: BTreeMap<String, Type>,
}

/// Two forms keep different things in the same place.
#[derive(Debug)]
pub(crate) struct Conflict {
    pub(crate) field: String,
    pub(crate) kept: Type,
    pub(crate) given: Type,
}

impl DataTable {
    /// Keeps a form's input as an action's `into` says: at the top level, at `x`, or appended to the list `x[]`.
    pub(crate) fn keep(&mut self, into: Option<&str>, input: &Type) -> Vec<Conflict> {
        let renamed = |field: &str| {
            let Type::Object(record) = input else { return input.clone() };
            Type::Object(Arc::new(Record { name: format!("case.data.{field}"), fields: record.fields.clone() }))
        };
        match into {
            Some(place) => match place.strip_suffix("[]") {
                Some(list) => self.add(list, Type::list(renamed(place))),
                None => self.add(place, renamed(place)),
            },
            None => {
                let Type::Object(record) = input else { return Vec::new() };
                record.fields.iter().flat_map(|(name, of)| self.add(name, of.clone())).collect()
            }
        }
    }

    pub(crate) fn add(&mut self, field: &str, given: Type) -> Vec<Conflict> {
        let Some(kept) = self.fields.get(field) else {
            self.fields.insert(field.to_owned(), given);
            return Vec::new();
        };
        match kept.join(&given) {
            Some(joined) => {
                self.fields.insert(field.to_owned(), joined);
                Vec::new()
            }
            None => vec![Conflict { field: field.to_owned(), kept: kept.clone(), given }],
        }
    }

    pub(crate) fn into_type(self) -> Type {
        Type::Object(Arc::new(Record { name: "case.data".to_owned(), fields: self.fields }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_schema_becomes_a_type() {
        let schema = json!({
            "type": "object",
            "$defs": {"day": {"type": "string", "format": "date"}},
            "properties": {
                "on": {"$ref": "#/$defs/day"},
                "outcome": {"enum": ["full", "withheld"]},
                "count": {"type": ["integer", "null"]},
                "share": {"type": "number"},
                "yes": {"type": "boolean"},
                "items": {"type": "array", "items": {"type": "object", "properties": {"a": {"type": "string"}}}},
                "free": {"type": "object"},
                "mixed": {"type": ["integer", "string"]},
            },
            "allOf": [{"if": {}, "then": {"properties": {"reason": {"type": "string"}}}}],
        });
        let item = Type::record("input.items[]", [("a", Type::Text)]);
        let expected = [
            ("on", Type::Date),
            ("outcome", Type::words(["full", "withheld"])),
            ("count", Type::Int),
            ("share", Type::Number),
            ("yes", Type::Bool),
            ("items", Type::list(item)),
            ("free", Type::Any),
            ("mixed", Type::Any),
            ("reason", Type::Text),
        ];
        assert_eq!(read_schema("input", &schema), Type::record("input", expected));
    }

    #[test]
    fn a_schema_that_refers_to_itself_ends() {
        let schema = json!({"type": "object", "properties": {"child": {"$ref": "#"}}});
        assert!(matches!(read_schema("input", &schema), Type::Object(_)));
        let looping = json!({"$ref": "#"});
        assert_eq!(read_schema("input", &looping), Type::Any);
    }

    #[test]
    fn data_grows_by_forms_and_one_place_holds_one_kind_of_thing() {
        let mut data = DataTable::default();
        let form = Type::record("input", [("reason", Type::Text)]);
        assert!(data.keep(None, &form).is_empty());
        assert!(data.keep(Some("sentBack[]"), &form).is_empty());
        assert!(data.keep(Some("sentBack[]"), &form).is_empty());
        let conflicts = data.keep(Some("reason"), &form);
        assert_eq!(conflicts.len(), 1);
        let Type::Object(record) = data.into_type() else { panic!("an object") };
        assert_eq!(record.fields.keys().collect::<Vec<_>>(), ["reason", "sentBack"]);
    }
}
