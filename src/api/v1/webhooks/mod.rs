//! Receivers of other systems that are told what happens, and what became of it.

pub(crate) mod add;
pub(crate) mod deliveries;
pub(crate) mod end;
pub(crate) mod list;
pub(crate) mod replay;
pub(crate) mod rotate;
mod view;
