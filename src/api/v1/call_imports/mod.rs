//! Files of calls that other systems recorded: handed in, looked at, started, read, undone.

pub(crate) mod faults;
pub(crate) mod find;
pub(crate) mod hand_in;
pub(crate) mod list;
pub(crate) mod start;
pub(crate) mod undo;
mod view;
