//! HTML from strangers: as text to read, and as HTML that is safe to show.

mod safe;
mod text;
mod tokens;

pub use safe::safe_html;
pub use text::to_text;
