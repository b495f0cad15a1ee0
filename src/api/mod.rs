//! Door: REST. Translates a request into one call of a use case, and its answer into JSON.
//!
//! The whole list of addresses is `routes`. One handler a file, `v1/<resource>/<verb>.rs`; handlers decide nothing.
//! `v1/delegations/revoke.rs` shows the whole pattern: who calls, which version they read, what they sent.

pub mod routes;

mod auth;
mod body;
mod error;
mod etag;
mod health;
mod idempotency;
mod known_paths;
mod marking;
mod metrics;
mod oauth;
mod openapi;
mod paging;
mod problem;
mod problem_pages;
mod refusals;
mod refusals_of_calls;
mod request_id;
mod schema;
mod v1;

pub use metrics::metrics_server;
pub use openapi::document;
