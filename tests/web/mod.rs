//! The pages, as a browser without scripts meets them.

pub mod browser;
mod call_imports;
mod callers;
mod calls;
mod every_page;
mod govuk_fixtures;
mod mail;
mod meetings;
mod people;
mod signing_in;
mod strategy;
mod webhooks;
