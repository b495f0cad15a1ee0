//! (in the making)

mod check;

pub use check::template_faults;

pub struct Renderer {}
