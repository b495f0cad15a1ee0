//! The REST door, called over HTTP.

mod changes;
mod description;
mod idempotency;
mod lists;
mod permissions;
mod problems;
mod tokens;
mod versions;
