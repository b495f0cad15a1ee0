//! Door: mail that servers hand over. A message is answered for only after it is on the disk, and on any doubt with
//! "try again later", so that whoever hands it over keeps it.

mod lmtp;

pub use lmtp::{Bounds, Door, Envelope, Session, Step};
