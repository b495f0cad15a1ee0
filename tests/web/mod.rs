//! The pages, as a browser without scripts meets them.

mod browser;
mod every_page;
mod govuk_fixtures;
mod mail;
mod meetings;
mod people;
mod signing_in;
mod strategy;
