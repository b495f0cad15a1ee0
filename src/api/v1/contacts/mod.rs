//! `/contacts`: contacts of every channel.

pub(crate) mod attribute;
pub(crate) mod batch;
pub(crate) mod find;
pub(crate) mod handle;
pub(crate) mod list;
pub(crate) mod record;
pub(crate) mod triage;
