//! Calls: who is on the line, and the record of whoever takes the call. No personal data stands in an address.

mod answers;
mod forms;

pub(crate) mod act;
pub(crate) mod desk;
pub(crate) mod look_up;
pub(crate) mod show;
