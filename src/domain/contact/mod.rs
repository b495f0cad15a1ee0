//! A contact: one act of getting in touch, by any channel, as a fact.
//!
//! `channel` how it came → `counts` whether it counts → `triage` what it must be read for → `place` where it waits →
//! `handling` what the person who read it ticked.

mod channel;
mod counts;
mod handling;
mod place;
mod triage;

pub use channel::{Channel, UnknownChannel};
pub use counts::{NotCounted, not_counted};
pub use handling::{Question, Queue, Release, TickList, TickListIncomplete, UnknownQueue};
pub use place::{Findings, Place, Placement, Reply, UnknownPlace, place};
pub use triage::{Flag, RaisedBy, RaisedFlag, UnknownFlag, raise};
