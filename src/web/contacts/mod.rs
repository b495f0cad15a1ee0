//! One contact: read in its conversation, handled, corrected, answered.

pub(crate) mod act;
mod message;
pub(crate) mod reply;
pub(crate) mod show;
