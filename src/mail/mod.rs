//! (in the making)

#[derive(Clone)]
pub struct Delivery {}
