//! Contacts: recorded, measured, attributed, triaged, handled, on a real database.

mod desk;
mod handling;
mod measuring;
mod recording;
mod windows;
