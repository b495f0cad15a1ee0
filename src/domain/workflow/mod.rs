//! Policy as data: what a workflow file says, whether it is sound, and what it proves.
//!
//! `source` reads YAML → `check` finds every fault and builds a [`Workflow`] → `verify` proves its invariants.
//! Running a case on it is `domain::case`'s.

mod model;
pub mod scope;

pub use model::*;
