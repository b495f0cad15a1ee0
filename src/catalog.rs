//! (in the making)

pub struct Catalog {}
