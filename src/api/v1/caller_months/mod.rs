//! The monthly table of repeat callers.

pub(crate) mod check;
pub(crate) mod find;
pub(crate) mod sendings;
