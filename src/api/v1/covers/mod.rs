//! Officers who stand in for a single point of contact for some days.

pub(crate) mod arrange;
pub(crate) mod end;
pub(crate) mod list;
mod view;
