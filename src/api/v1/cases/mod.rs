//! Cases: the engine's door. What may I do now; do it.

pub(crate) mod act;
pub(crate) mod actions;
pub(crate) mod break_glass;
pub(crate) mod differences;
pub(crate) mod events;
pub(crate) mod find;
pub(crate) mod list;
pub(crate) mod mark;
pub(crate) mod notice;
pub(crate) mod open;
pub(crate) mod person;
