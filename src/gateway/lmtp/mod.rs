//! LMTP (RFC 2033): the way a mail server on this machine delivers to us.

mod door;
mod reply;
mod session;

pub use door::Door;
pub use session::{Bounds, Envelope, Session, Step};
