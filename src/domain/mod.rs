//! Floor 0: what the product knows, as pure values and functions. No async, no IO, no clock, no randomness.

pub mod access;
pub mod ids;
pub mod marking;

pub mod attribution;
pub mod calendar;
pub mod calls;
pub mod contact;
pub mod correspondence;
pub mod nomination;
pub mod person;
pub mod strategy;

pub mod case;
pub mod registers;
pub mod report;
pub mod traceability;
pub mod webhook;
pub mod workflow;
