//! What reports say: pure functions from what is on file to tables. They count; they do not explain.

pub mod consistency;
pub mod equality;
pub mod suppress;
