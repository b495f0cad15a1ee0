//! What other systems are told of by webhook, where to, and how often: event types and the scopes they need, addresses
//! that may be reached, and the steps of trying again. Who signs and who hands over is not here.

pub mod address;
pub mod event_type;
pub mod hosts;
pub mod retry;

pub use address::{AddressKind, kind_of};
pub use event_type::{EventType, UnknownEventType, concerns, is_told_of_some, is_within, of_opening, of_step};
pub use hosts::{Hosts, Reach, Target, UrlFault};
pub use retry::wait_before;
