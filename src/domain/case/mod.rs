//! A case as a history: `decide` answers events and effects, or a refusal; `evolve` folds events into the case.

mod alert;
mod command;
mod content;
mod deadline;
mod decide;
mod difference;
mod event;
mod evolve;
mod guarding;
mod migrate;
mod offer;
mod pausing;
mod permission;
mod refusal;

pub use alert::{Alert, AlertKind, alerts_reached, next_alert};
pub use command::{Command, Cover, Delegation, Facts};
pub use content::{content, content_hash, hash, write_canonical};
pub use deadline::{due_at, next_timer};
pub use decide::{About, Decision, decide, open, open_child, strike};
pub use difference::{Difference, differences};
pub use event::{CaseEvent, ClockChange, DisposedEvent, DisposedStream, Happening, Signature};
pub use evolve::Case;
pub use migrate::{NotMigrated, migrate};
pub use offer::{Offer, offers};
pub use pausing::Pause;
pub use refusal::{Refusal, RefusalFault, RefusalKind};
