//! Looking after the software, and what those who answer for it look at: officers, who signs and who stands in, mail and work
//! that is stuck, who is told by webhook, policy and reports. Each page is a few tables and forms; rights are the use cases'.

pub(crate) mod index;
pub(crate) mod officers;
pub(crate) mod operation;
pub(crate) mod policy;
pub(crate) mod powers;
pub(crate) mod reports;
mod table;
pub(crate) mod webhooks;
