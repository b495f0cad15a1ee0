//! One test binary; its folders mirror the doors. A test's name is a claim.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop where it is"
)]

mod api;
mod architecture;
mod mail;
mod support;
