//! Work that could not be done.

pub(crate) mod list;
pub(crate) mod retry;
