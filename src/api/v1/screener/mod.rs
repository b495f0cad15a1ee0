//! Senders who are not on file, and what people decide about them.

pub(crate) mod decide;
pub(crate) mod list;
pub(crate) mod reverse;
