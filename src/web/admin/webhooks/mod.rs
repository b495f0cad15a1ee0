//! `/admin/webhooks`: who is told what, and what became of it.

pub(crate) mod list;
pub(crate) mod one;

const PLACE: &str = "/admin/webhooks";
