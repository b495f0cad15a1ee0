//! The way out: an SMTP server, a folder, or memory (tests). Knows nothing of cases, and tries once.

mod folder;
mod smtp;

pub use smtp::{Patience, SmtpServer};

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// Where our mail goes. Cheap to clone.
#[derive(Clone)]
pub enum Delivery {
    Smtp(Arc<SmtpServer>),
    /// One `.eml` file a mail, named by its Message-ID.
    Folder(PathBuf),
    Memory(Arc<Mutex<Vec<Delivered>>>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    pub from: String,
    pub to: String,
    pub mime: Vec<u8>,
}

/// One mail in its envelope.
#[derive(Clone, Copy, Debug)]
pub struct Parcel<'a> {
    /// Bare addresses.
    pub from: &'a str,
    pub to: &'a str,
    /// Without angle brackets.
    pub message_id: &'a str,
    pub mime: &'a [u8],
}

/// Why a mail was not taken. The words may hold the recipient's address: keep them with the mail, out of the logs.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// Worth another try: no connection, a 4xx answer, a full disk, our own credentials refused.
    #[error("not now: {0}")]
    Later(String),
    /// The dialogue broke off after the mail was handed over and before the server said what became of it: nobody can
    /// know whether it was taken. Another try sends the same mail under the same Message-ID.
    #[error("perhaps: {0}")]
    Unknown(String),
    /// The server will never take this mail for this address (5xx), or the address is none.
    #[error("never: {0}")]
    Never(String),
}

impl Delivery {
    /// `smtp://host:25`, `smtp://host:587?tls=required`, `smtps://user:password@host`.
    ///
    /// # Errors
    /// What is wrong with the address of the server; never its password.
    pub fn smtp(url: &str) -> Result<Self, String> {
        Delivery::smtp_with(url, Patience::default())
    }

    /// The same, waiting as long as this for a server that says nothing.
    ///
    /// # Errors
    /// As for [`Delivery::smtp`].
    pub fn smtp_with(url: &str, patience: Patience) -> Result<Self, String> {
        Ok(Delivery::Smtp(Arc::new(SmtpServer::parse(url, patience)?)))
    }

    pub fn folder(path: impl Into<PathBuf>) -> Self {
        Delivery::Folder(path.into())
    }

    pub fn memory() -> Self {
        Delivery::Memory(Arc::default())
    }

    /// What was delivered into memory so far; empty for every other way.
    pub fn delivered(&self) -> Vec<Delivered> {
        match self {
            Delivery::Memory(mails) => mails.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            Delivery::Smtp(_) | Delivery::Folder(_) => Vec::new(),
        }
    }

    /// Hands the mail over, once. Over SMTP it takes no longer than the patience with the server; what is given up
    /// leaves no connection behind.
    ///
    /// # Errors
    /// [`DeliveryError`], by whether another try may help.
    pub async fn deliver(&self, parcel: Parcel<'_>) -> Result<(), DeliveryError> {
        match self {
            Delivery::Smtp(server) => server.deliver(parcel).await,
            Delivery::Folder(folder) => {
                folder::put(folder, parcel).await.map_err(|error| DeliveryError::Later(error.to_string()))
            }
            Delivery::Memory(mails) => {
                let mail = Delivered { from: parcel.from.into(), to: parcel.to.into(), mime: parcel.mime.to_vec() };
                mails.lock().unwrap_or_else(PoisonError::into_inner).push(mail);
                Ok(())
            }
        }
    }
}
