//! The screener: mail whose sender is nobody on file, by sender, until a named person decides about it.
//!
//! A decision says whose the mail is, or how mail of that sender is to be taken from now on. It never drops nor refuses
//! anything, and can be reversed.

mod decide;
mod list;
mod reverse;

pub use decide::{AddressIs, Screening, Verdict as SenderIs, decide_sender};
pub use list::{DecisionView, UnknownSender, list_decisions, list_senders};
pub use reverse::reverse_decision;

/// What is decided, as the database says it.
pub(super) const PERSON: &str = "person";
pub(super) const GENERAL: &str = "general";
pub(crate) const AUTOMATIC: &str = "automatic";

/// Contacts that one decision changes at once; the rest stay on the list.
const MOST_MAILS: u64 = 1_000;
