//! What a full run has to have seen at least once.

pub const ACCEPTED: &[&str] = &[];
pub const REFUSED: &[&str] = &[];
