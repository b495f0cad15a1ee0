//! The REST door, called over HTTP.

mod bodies;
mod changes;
mod description;
mod idempotency;
mod lists;
mod looks;
mod permissions;
mod problems;
mod tokens;
mod versions;
