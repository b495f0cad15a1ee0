//! The rooms of the house that read what strangers send, without the rest of it: their instrumented build takes a fraction
//! of the whole one's.

/// Of the domain, correspondence and what it stands on.
#[path = "."]
pub mod domain {
    #[path = "../../src/domain/access.rs"]
    pub mod access;
    #[path = "../../src/domain/attribution/mod.rs"]
    pub mod attribution;
    #[path = "../../src/domain/calendar/mod.rs"]
    pub mod calendar;
    #[path = "../../src/domain/contact/mod.rs"]
    pub mod contact;
    #[path = "../../src/domain/correspondence/mod.rs"]
    pub mod correspondence;
    #[path = "../../src/domain/ids.rs"]
    pub mod ids;
    #[path = "../../src/domain/person/mod.rs"]
    pub mod person;
    #[path = "../../src/domain/strategy/mod.rs"]
    pub mod strategy;
}
#[path = "../../src/mail/mod.rs"]
pub mod mail;

/// The LMTP door without its network.
#[path = "."]
pub mod gateway {
    #[path = "../../src/gateway/lmtp/reply.rs"]
    mod reply;
    #[path = "../../src/gateway/lmtp/session.rs"]
    mod session;

    pub use session::{Bounds, Envelope, Session, Step};
}
