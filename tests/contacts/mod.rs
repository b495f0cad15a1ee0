//! Contacts: recorded, measured, attributed, triaged, handled, on a real database.

mod attributing;
pub mod desk;
mod handling;
mod measuring;
mod nominating;
mod queues;
mod reading;
mod recording;
mod windows;
