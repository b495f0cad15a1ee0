//! Guards: CEL expressions over a declared, typed table of names.
//!
//! `compile` parses within bounds, `check` proves names and types at load, `evaluate` answers at run time. An
//! evaluation that fails is neither true nor false; who asked has to refuse.

mod check;
mod compile;
mod evaluate;
mod schema;
mod stdlib;
mod table;
mod types;

pub(crate) use check::check;
pub(crate) use schema::{DataTable, read_schema};
pub(crate) use table::{Datas, Missing, Table};
pub(crate) use types::Type;

pub use compile::NotAnExpression;
pub use evaluate::EvaluationFailed;
