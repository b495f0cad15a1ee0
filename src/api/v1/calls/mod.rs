//! Records of calls by whoever took them.

pub(crate) mod act;
pub(crate) mod begin;
pub(crate) mod find;
pub(crate) mod list;
