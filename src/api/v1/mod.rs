//! Version 1 of the API, one folder a resource.

pub(crate) mod caller_lookups;
pub(crate) mod cases;
pub(crate) mod changes;
pub(crate) mod consultations;
pub(crate) mod contacts;
pub(crate) mod covers;
pub(crate) mod delegations;
pub(crate) mod jobs;
pub(crate) mod mail;
pub(crate) mod mailboxes;
pub(crate) mod me;
pub(crate) mod meetings;
pub(crate) mod nominations;
pub(crate) mod outgoing;
pub(crate) mod people;
pub(crate) mod policy;
pub(crate) mod registers;
pub(crate) mod reports;
pub(crate) mod screener;
pub(crate) mod tasks;
pub(crate) mod workflows;
