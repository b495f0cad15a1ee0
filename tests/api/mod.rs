//! The REST door, called over HTTP.

mod problems;
mod tokens;
