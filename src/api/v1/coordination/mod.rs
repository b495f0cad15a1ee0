//! The desk of whoever coordinates the work with repeat callers.

pub(crate) mod costs;
pub(crate) mod find;
pub(crate) mod meetings;
pub(crate) mod notes;
pub(crate) mod partners;
