//! Tables and their buttons, as these pages show them.

use serde::Serialize;
use serde_json::Value;

/// A table with a caption. Its first column names the row.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Table {
    pub(super) caption: String,
    pub(super) head: Vec<String>,
    pub(super) rows: Vec<Row>,
    /// Why there is none, and what next.
    pub(super) empty: String,
}

/// A row, and what may be done with it.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Row {
    pub(super) cells: Vec<String>,
    /// Where the first cell leads.
    pub(super) href: Option<String>,
    pub(super) button: Option<Button>,
}

/// A form of one button.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Button {
    pub(super) action: String,
    pub(super) text: String,
    /// A field that goes with it.
    pub(super) name: &'static str,
    pub(super) value: String,
}

impl Table {
    pub(super) fn new(caption: &str, head: &[&str], empty: &str) -> Self {
        Self {
            caption: caption.to_owned(),
            head: head.iter().map(|&name| name.to_owned()).collect(),
            rows: Vec::new(),
            empty: empty.to_owned(),
        }
    }
}

/// A value of a report as a cell shows it.
pub(super) fn cell(value: &Value) -> String {
    match value {
        Value::Null => "not shown".to_owned(),
        Value::String(text) => text.clone(),
        Value::Bool(yes) => (if *yes { "Yes" } else { "No" }).to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Array(many) => many.iter().map(cell).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            let each =
                fields.iter().map(|(name, value)| format!("{}: {}", crate::render::pages::choice(name), cell(value)));
            each.collect::<Vec<_>>().join("; ")
        }
    }
}
