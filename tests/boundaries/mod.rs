//! The day on which an answer changes: birthdays, last days, changes of the clock, holidays, leap days.
//!
//! Ages of orders are also in `case_types/enforcement`, windows of limits in `contacts/windows`.

mod ages;
mod changing_days;
pub mod last_days;
mod leap_days;
pub mod orders;
