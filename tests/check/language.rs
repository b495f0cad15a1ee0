//! `workflows/schema.json`, for editors: it knows the language as it is.

use super::{root, shipped};
use evenhand::domain::access::Role;
use evenhand::domain::workflow::EffectName;
use serde_json::Value;

fn schema() -> Value {
    serde_json::from_str(&std::fs::read_to_string(root().join("workflows/schema.json")).unwrap()).unwrap()
}

#[test]
fn the_shipped_workflows_are_what_the_schema_describes() {
    let schema = schema();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    for source in shipped().workflows {
        let file: Value = serde_saphyr::from_str(&source.text).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&file).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert_eq!(errors, Vec::<String>::new(), "{}", source.file);
    }
}

#[test]
fn the_schema_refuses_what_the_language_does_not_know() {
    let schema = schema();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let whole = shipped().workflows.into_iter().find(|source| source.name == "consultation").unwrap().text;
    for (from, to) in [
        ("version: 1", "version: one"),
        ("by: [snt, opt, mash]", "by: [snt, opt, mush]"),
        ("effects: [tell_role]", "effects: [tell_nobody]"),
        ("in: 5 working days", "in: soon"),
        ("title: Answer\n", "titel: Answer\n"),
        ("to: answered\n", "to: answered\n        choose: []\n"),
    ] {
        assert_eq!(whole.matches(from).count(), 1, "{from}");
        let file: Value = serde_saphyr::from_str(&whole.replacen(from, to, 1)).unwrap();
        assert!(!validator.is_valid(&file), "{from} → {to}");
    }
}

#[test]
fn the_schema_lists_every_role_and_effect() {
    let schema = schema();
    let words = |name: &str| -> Vec<String> { serde_json::from_value(schema["$defs"][name]["enum"].clone()).unwrap() };
    assert_eq!(words("role"), Role::ALL.map(|role| role.as_str().to_owned()));
    assert_eq!(words("effect"), EffectName::ALL.map(|effect| effect.as_str().to_owned()));
}

#[test]
fn the_reference_page_names_every_key_of_the_schema() {
    let reference = std::fs::read_to_string(root().join("docs/workflow-language.md")).unwrap();
    let schema = schema();
    let keys = |at: &Value| -> Vec<String> { at["properties"].as_object().unwrap().keys().cloned().collect() };
    let mut words = keys(&schema);
    for part in ["state", "action", "guard", "clock", "invariant"] {
        words.extend(keys(&schema["$defs"][part]));
    }
    let missing: Vec<&String> = words
        .iter()
        .filter(|word| !["id", "says"].contains(&word.as_str()))
        .filter(|word| !reference.contains(&format!("`{word}")) && !reference.contains(&format!("{word},")))
        .filter(|word| !reference.contains(&format!("{{{word}")) && !reference.contains(&format!("{word}}}")))
        .collect();
    assert_eq!(missing, Vec::<&String>::new());
}
