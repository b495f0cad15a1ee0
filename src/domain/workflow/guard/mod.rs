//! Guards: CEL expressions over a declared, typed table of names.
//!
//! `compile` parses within bounds, `check` proves names and types at load, `evaluate` answers at run time. An
//! evaluation that fails is neither true nor false; who asked has to refuse.

mod compile;
mod evaluate;

pub use compile::NotAnExpression;
pub use evaluate::EvaluationFailed;
