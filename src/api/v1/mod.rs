//! Version 1 of the API, one folder a resource.

pub(crate) mod cases;
pub(crate) mod changes;
pub(crate) mod consultations;
pub(crate) mod delegations;
pub(crate) mod jobs;
pub(crate) mod mail;
pub(crate) mod me;
pub(crate) mod meetings;
pub(crate) mod tasks;
pub(crate) mod workflows;
