//! Why a folder cannot be read. What the library says of an answer it could not read holds the answer, which is
//! somebody's mail: it is never repeated.

use crate::app::AppError;
use async_imap::error::Error;
use std::io;

#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    #[error("the server cannot be reached ({0})")]
    Unreachable(io::ErrorKind),
    #[error("TLS failed: {0}")]
    Tls(String),
    #[error("the server refused to let us in: {0}")]
    NotLetIn(String),
    #[error("no token to sign in with: {0}")]
    NoToken(String),
    #[error("the server said no: {0}")]
    Refused(String),
    #[error("the connection broke off")]
    Broken,
    #[error("the server fell silent")]
    Silent,
    #[error("an answer of the server cannot be read")]
    Unreadable,
    #[error("what was read could not be kept")]
    NotKept(#[from] AppError),
}

/// Enough of what a server says to know what it means.
const SAID: usize = 200;

pub(super) fn said(words: &str) -> String {
    words.chars().filter(|character| !character.is_control()).take(SAID).collect()
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        match error {
            Error::No(words) | Error::Bad(words) => Fault::Refused(said(&words)),
            Error::Io(error) if error.kind() == io::ErrorKind::Other => Fault::Unreadable,
            Error::Io(_) | Error::ConnectionLost => Fault::Broken,
            Error::Parse(_) => Fault::Unreadable,
            Error::Validate(_) => Fault::Refused("a name in the settings cannot be said in IMAP".to_owned()),
            // And whatever the library may come to know.
            Error::Append | _ => Fault::Broken,
        }
    }
}
