//! People and their contacts: who is on file, how each is recognised and helped, what they sent, and how often.

pub(crate) mod asking;
mod filters;
pub(crate) mod pictures;
mod tabs;

pub(crate) mod adjustments;
pub(crate) mod complaint;
pub(crate) mod contact_log;
pub(crate) mod equality;
pub(crate) mod export;
pub(crate) mod identifiers;
pub(crate) mod keep;
pub(crate) mod list;
pub(crate) mod log_contact;
pub(crate) mod merge;
pub(crate) mod numbers;
pub(crate) mod show;
