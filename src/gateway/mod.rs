//! Doors for mail: servers hand it over (LMTP), or we fetch it from mailboxes (IMAP). A message is answered for, marked or
//! moved only after it is on the disk, and on any doubt stays where it is.

mod imap;
mod lmtp;

pub use imap::{Account, After, Folder, OauthClient, Proof, Security};
pub use lmtp::{Bounds, Door, Envelope, Session, Step};
