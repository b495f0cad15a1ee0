//! The weekly meeting.

pub(crate) mod close;
pub(crate) mod decide;
pub(crate) mod find;
pub(crate) mod list;
pub(crate) mod minutes;
pub(crate) mod open;
pub(crate) mod plan;
