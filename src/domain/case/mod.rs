//! A case as a history: `decide` answers events and effects, or a refusal; `evolve` folds events into the case.

mod refusal;

pub use refusal::{Refusal, RefusalFault, RefusalKind};
