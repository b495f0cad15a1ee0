//! One mail of ours: what it says, what became of it, and taking it back.

pub(crate) mod show;
