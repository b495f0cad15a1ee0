//! One test binary; its folders mirror the floors and the doors. A test's name is a claim.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    unreachable_pub,
    reason = "a test that cannot go on should stop where it is, and sets up its world itself"
)]

mod api;
mod architecture;
mod boundaries;
mod callers;
mod calls;
mod case_types;
mod check;
mod cli;
mod contacts;
mod gateway;
mod histories;
mod live_calls;
mod mail;
mod people;
mod policy;
mod properties;
mod reports;
mod store;
mod story;
mod support;
mod web;
mod webhooks;
