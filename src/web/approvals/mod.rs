//! What the appropriate authority decides: what waits, and one page with everything that a signature rests on.

pub(crate) mod decide;
pub(crate) mod list;
pub(crate) mod show;
