//! Repeat callers of the control room: months, profiles, the desk that coordinates, and who may see what.

mod cases;
mod desk;
mod meetings;
mod months;
mod profile;
mod report;
mod scopes;
mod units;
