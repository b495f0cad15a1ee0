//! Mail in over HTTP, and the way each message took.

pub(crate) mod explain;
pub(crate) mod keep;
pub(crate) mod list;
