//! A case type's form as a page draws it and reads it back: JSON Schema on one side, GOV.UK components and the names and
//! values that browsers send on the other.
//!
//! A field is named by its place: `limits.0.window.unit`. Lists grow and shrink by buttons of the same form, so that nothing
//! needs a script. What was filled in wrongly is said in words at its field; the engine checks everything again.

mod draw;
mod names;
mod read;
mod schema;
mod summary;

pub(crate) use draw::{Drawing, draw};
pub(crate) use names::{field_id, pointer_to_name};
pub(crate) use read::{change_lists, read};
pub(crate) use summary::{Answer, answers};

use serde::Serialize;

/// What is wrong at one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct FormFault {
    /// `limits.0.max`; empty for the form as a whole.
    pub(crate) name: String,
    /// `Enter why this is fair to the person`.
    pub(crate) message: String,
}

/// The faults as GOV.UK's error summary takes them.
pub(crate) fn summary(faults: &[FormFault]) -> Vec<serde_json::Value> {
    let entry = |fault: &FormFault| match fault.name.is_empty() {
        true => serde_json::json!({ "text": fault.message }),
        false => serde_json::json!({ "text": fault.message, "href": format!("#{}", field_id(&fault.name)) }),
    };
    faults.iter().map(entry).collect()
}
