//! HTML from strangers: as text to read, and as HTML that is safe to show.

mod programs;
mod safe;
mod text;
mod tokens;

pub use safe::safe_html;
pub(super) use text::read;
pub use text::to_text;
