//! A communications strategy: its limits, and what they say of a contact.

mod limits;

pub use limits::*;
