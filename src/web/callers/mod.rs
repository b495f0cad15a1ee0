//! Repeat callers: the desk of whoever coordinates, the months, nominated callers, one caller's profile, meetings,
//! partners, the report.

pub(crate) mod desk;
pub(super) mod forms;
pub(super) mod places;
mod words;

pub(crate) mod cases;
pub(crate) mod costs;
pub(crate) mod markers;
pub(crate) mod meetings;
pub(crate) mod month;
pub(crate) mod months;
pub(crate) mod nominate;
pub(crate) mod nominations;
pub(crate) mod notes;
pub(crate) mod partners;
pub(crate) mod person;
pub(crate) mod profile;
pub(crate) mod report;
pub(crate) mod sendings;
pub(crate) mod take_up;
