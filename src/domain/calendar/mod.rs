//! Time as the policy counts it: London's days, weeks and months, and working days.
//!
//! `london` turns instants into London wall-clock time and back, and opens windows; `working` counts working days.

pub mod london;
mod working;

pub use working::*;
