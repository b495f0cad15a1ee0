//! What call takers are told of a number, a person or a place.

pub(crate) mod add;
pub(crate) mod end;
pub(crate) mod list;
