//! The case types beside the main lifecycle, each walked through the engine as the files describe them.

mod appeal;
mod deadlines;
pub mod desk;
mod enforcement;
pub mod migration;
pub mod offences;
mod others;
mod pausing;
mod retention;
mod vulnerable_repeat_caller;
mod warning;
mod who_may;
