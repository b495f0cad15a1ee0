//! IMAP (RFC 3501): mailboxes that we read. One connection a folder.

mod account;
mod connection;
mod fault;
mod fetch;
mod folder;
mod token;

pub use account::{Account, After, OauthClient, Proof, Security};
pub use folder::Folder;
