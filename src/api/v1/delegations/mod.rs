//! Powers lent by one officer to another for some days.

pub(crate) mod grant;
pub(crate) mod list;
pub(crate) mod revoke;
mod view;
