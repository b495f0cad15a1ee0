//! `/people`: service users. No personal identifier is ever in an address.

pub(crate) mod adjustments;
pub(crate) mod change;
pub(crate) mod complaints_about;
pub(crate) mod contacts;
pub(crate) mod create;
pub(crate) mod equality_monitoring;
pub(crate) mod find;
pub(crate) mod identifiers;
pub(crate) mod list;
pub(crate) mod merges;
pub(crate) mod search;
