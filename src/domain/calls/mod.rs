//! Calls as other systems recorded them, in reading order: one call of one system, the profile that says how a system
//! writes its calls, a row read by it, whose call it is, and which rows of several systems are one call;
//! what a call taker is told of a caller, and records of a call.
//!
//! Nothing here reads a file or keeps a call, and no count labels anybody.

mod caller;
mod marker;
pub mod months;
mod profile;
mod read_row;
pub mod record;
pub mod rejected;
mod row;
mod same_call;

pub use caller::{CallerKey, caller_key, comparable_name};
pub use marker::{MarkedOn, MarkerKind};
pub use profile::{
    Encoding, Field, Format, Layout, Misfit, Profile, ProfileFault, ReadTime, Skip, TimeFormat, Zone, precedence_clash,
};
pub use read_row::read_row;
pub use row::{CallRow, CallerKind, Direction, ReadRow, RowFault, Skipped, SystemKind, code};
pub use same_call::{Group, SameCall, Seen};

/// A call with nothing told but that it was made.
#[cfg(test)]
fn row_for_tests() -> CallRow {
    CallRow {
        source_ref: "1".to_owned(),
        started_at: "2026-06-01T10:00:00Z".parse().unwrap(),
        hour_came_twice: false,
        direction: Direction::In,
        channel: crate::domain::contact::Channel::Phone101,
        number: None,
        withheld: false,
        seconds: None,
        caller_name: None,
        caller_kind: CallerKind::Unknown,
        location: None,
        subject: None,
        details: None,
        actions: None,
        result: None,
        route: None,
        cad_ref: None,
    }
}
