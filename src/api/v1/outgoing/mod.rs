//! Mails of ours on their way out, and whether any are sent.

pub(crate) mod cancel;
pub(crate) mod explain;
pub(crate) mod list;
pub(crate) mod restart;
pub(crate) mod stop;
