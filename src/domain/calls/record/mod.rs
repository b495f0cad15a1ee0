//! The record of one call by whoever took it: what it was for, how it was assessed and graded, what was done about it.
//!
//! `decide` answers events, or a refusal; `CallRecord::replay` folds events into the record. A grade by which nobody
//! attends is never given to a call in which a crime or a genuine call for service was found, unless somebody overrides
//! it in the same step with a reason and a name (invariant 16).

mod command;
mod completing;
mod decide;
mod event;
mod evolve;
mod grading;
mod parts;
#[cfg(test)]
mod tests;

pub use command::{Assessment, Command};
pub use completing::left_to_do;
pub use decide::{begin, decide};
pub use event::{CallEvent, Recorded};
pub use evolve::{CallRecord, RecordState};
pub use grading::{Flags, Grade, Graded, Override, needs_override};
pub use parts::{
    About, Advice, Amendment, Breach, Finding, Purpose, Reference, Request, RequestKind, Settled, Step, TakenBack,
    Thrive,
};
