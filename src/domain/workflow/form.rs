//! Forms: JSON Schemas (2020-12) that stand for themselves.
//!
//! The API validates with them and the pages draw from them. A form refers to nothing outside itself, so that nothing
//! is ever fetched and a pinned case type keeps its forms whole.

use super::fault::Fault;
use super::model::Form;
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;

/// One thing wrong with what somebody filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InputFault {
    /// JSON pointer to the field; empty for the input as a whole.
    pub pointer: String,
    pub message: String,
}

impl Form {
    /// Compiles the schema of a form.
    ///
    /// # Errors
    /// Not JSON, not a JSON Schema of an object, or a reference that leads outside it.
    pub(crate) fn compile(name: &str, file: &str, text: &str) -> Result<Form, Vec<Fault>> {
        let schema: Value = serde_json::from_str(text).map_err(|error| {
            let fault = Fault::of_file(file, "not-json", format!("this is not JSON: {error}"));
            let place = |number: usize| u32::try_from(number).ok().filter(|number| *number > 0);
            vec![Fault { line: place(error.line()), column: place(error.column()), ..fault }]
        })?;
        let invalid = |path: String, message: String| {
            vec![Fault { path, ..Fault::of_file(file, "invalid-form", message) }.placed_in(text)]
        };
        if schema.get("type").and_then(Value::as_str) != Some("object") {
            return Err(invalid("type".to_owned(), "a form describes an object: `\"type\": \"object\"`".to_owned()));
        }
        if let Some((path, outside)) = outside_reference(&schema) {
            let message = format!("a form refers only to itself (`#/$defs/…`), not to `{outside}`");
            return Err(invalid(path, message));
        }
        let options = jsonschema::options().with_draft(jsonschema::Draft::Draft202012).should_validate_formats(true);
        match options.build(&schema) {
            Ok(validator) => Ok(Form { name: name.to_owned(), schema, validator: Arc::new(validator) }),
            Err(error) => {
                let path = error.instance_path().to_string();
                Err(invalid(path.trim_start_matches('/').replace('/', "."), format!("this is not a form: {error}")))
            }
        }
    }

    /// Everything wrong with an input; empty where it is as the form asks.
    pub fn faults(&self, input: &Value) -> Vec<InputFault> {
        let errors = self.validator.iter_errors(input);
        errors
            .map(|error| InputFault { pointer: error.instance_path().to_string(), message: error.masked().to_string() })
            .collect()
    }
}

/// The first reference that does not stay within the schema, with its path.
fn outside_reference(schema: &Value) -> Option<(String, &str)> {
    match schema {
        Value::Object(fields) => fields.iter().find_map(|(key, value)| match value.as_str() {
            Some(target) if matches!(key.as_str(), "$ref" | "$dynamicRef") => {
                Some((key.clone(), target)).filter(|(_, to)| !to.starts_with('#'))
            }
            Some(_) | None => within(key, outside_reference(value)),
        }),
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(n, item)| within(&n.to_string(), outside_reference(item)))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

fn within<'s>(step: &str, found: Option<(String, &'s str)>) -> Option<(String, &'s str)> {
    found.map(|(path, target)| (format!("{step}.{path}"), target))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn compile(schema: &Value) -> Result<Form, Vec<Fault>> {
        Form::compile("reason", "forms/reason.json", &schema.to_string())
    }

    #[test]
    fn an_input_is_answered_with_every_fault_and_its_place() {
        let form = compile(&json!({
            "type": "object",
            "required": ["reason"],
            "additionalProperties": false,
            "properties": {"reason": {"type": "string", "minLength": 1}, "on": {"type": "string", "format": "date"}},
        }));
        let form = form.unwrap();
        assert_eq!(form.faults(&json!({"reason": "because", "on": "2026-02-28"})), []);
        let faults = form.faults(&json!({"on": "2026-02-30", "more": 1}));
        let pointers: Vec<&str> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(faults.len(), 3, "{faults:?}");
        assert!(pointers.contains(&"/on") && pointers.contains(&""), "{faults:?}");
    }

    #[test]
    fn a_fault_does_not_repeat_what_was_written() {
        let form = compile(&json!({"type": "object", "properties": {"n": {"type": "integer"}}})).unwrap();
        let faults = form.faults(&json!({"n": "a secret"}));
        assert!(!faults[0].message.contains("a secret"), "{faults:?}");
    }

    #[test]
    fn what_is_not_a_form_is_one_fault() {
        let code = |schema: Value| compile(&schema).unwrap_err()[0].code;
        assert_eq!(code(json!({"type": "object", "properties": {"a": {"type": "strng"}}})), "invalid-form");
        assert_eq!(code(json!({"type": "string"})), "invalid-form");
        assert_eq!(code(json!({"type": "object", "properties": {"a": {"$ref": "#/$defs/missing"}}})), "invalid-form");
        assert_eq!(
            code(json!({"type": "object", "properties": {"a": {"$ref": "https://example.org/x"}}})),
            "invalid-form"
        );
        let broken = Form::compile("a", "forms/a.json", "{\n \"type\": ").unwrap_err();
        assert_eq!((broken[0].code, broken[0].line), ("not-json", Some(2)));
    }
}
