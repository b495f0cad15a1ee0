//! Evenhand: fair, measured and reviewable management of repeat contact.
//!
//! The front page of the house. Floors may import only downwards (`tests/architecture.rs` holds the table):
//! doors → app + domain, app → domain + adapters, adapters → domain, domain → nothing.

// Floor 0, pure: no async, no IO, no clock, no randomness.
pub mod domain;

// Beside the floors: where a program for tests may be told to die.
pub mod fault_points;

// Floor 1, adapters: import domain, never each other.
pub mod calls_file;
pub mod catalog;
pub mod clock;
pub mod id_source;
pub mod mail;
pub mod render;
pub mod store;
pub mod tokens;
pub mod webhooks;

// Floor 2, use cases: one verb a file; rights are checked here; one transaction each.
pub mod app;

// Floor 3, doors: translate in, call one use case, translate out.
pub mod api;
pub mod cli;
pub mod demo;
pub mod gateway;
pub mod web;
pub mod worker;

// The composition root: the only place that builds things.
pub mod boot;
pub mod config;
