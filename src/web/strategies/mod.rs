//! A communications strategy as people read, write, test and share it. What may be done comes from the engine, and every
//! action goes through the form that all cases have; here is what makes that form good for this one.

pub(crate) mod beside;
pub(crate) mod changes;
mod checklist;
mod difference;
mod fields;
pub(crate) mod letter;
pub(crate) mod show;
mod words;

pub(crate) use difference::told;
pub(crate) use show::{UnitForms, find_strategy, of_unit};
pub(crate) use words::sections;

/// The case type of which this is the web.
const STRATEGY: &str = "communications-strategy";
