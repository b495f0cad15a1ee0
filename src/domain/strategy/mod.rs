//! A communications strategy: its limits, and what they say of a contact.

mod limits;
mod measure;
mod text;
mod verdict;

pub use limits::*;
pub use measure::*;
pub use text::*;
pub use verdict::*;
