//! (in the making)

pub struct Renderer {}
