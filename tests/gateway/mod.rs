//! The doors through which mail comes in: servers hand it over, or we fetch it.

mod imap;
mod imap_server;
mod lmtp;
mod session;
