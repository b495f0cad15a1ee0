//! Policy as data: what a workflow file says, whether it is sound, and what it proves.
//!
//! `source` reads YAML → `check` finds every fault and builds a [`Workflow`] → `verify` proves its invariants.
//! Running a case on it is `domain::case`'s.

mod model;
pub mod scope;

mod bundle;
mod check;
pub mod diagram;
mod fault;
mod form;
mod function;
mod graph;
mod guard;
mod migration;
mod moving_on;
mod source;
mod verify;

pub use bundle::{Bundle, SourceFile, Sources};
pub use check::{Checked, check, rebuild};
pub use fault::Fault;
pub use form::InputFault;
pub use function::OPTIONS;
pub use guard::{EvaluationFailed, NotAnExpression};
pub use migration::{DataChange, Migration, MigrationFault};
pub use model::*;
pub use moving_on::who_moves_on;
