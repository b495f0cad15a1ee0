//! A case type's form as a page draws it and reads it back: JSON Schema on one side, GOV.UK components and the names and
//! values that browsers send on the other.
//!
//! A field is named by its place: `limits.0.window.unit`. Lists grow and shrink by buttons of the same form, so that nothing
//! needs a script. What was filled in wrongly is said in words at its field; the engine checks everything again.

mod draw;
pub(crate) mod faults;
mod names;
mod read;
mod schema;
mod summary;

pub(crate) use draw::{Drawing, draw};
pub(crate) use faults::{FormFault, summary};
pub(crate) use names::pointer_to_name;
pub(crate) use read::{change_lists, read};
pub(crate) use summary::{Answer, answers};
