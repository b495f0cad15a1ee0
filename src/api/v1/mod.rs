//! Version 1 of the API, one folder a resource.

pub(crate) mod delegations;
pub(crate) mod me;
