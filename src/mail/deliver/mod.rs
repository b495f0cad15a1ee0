//! The way out: an SMTP server, a folder, or memory (tests). Knows nothing of cases, and tries once.

mod folder;
mod smtp;

pub use smtp::{Patience, SmtpServer};

use crate::domain::correspondence::retry::FailureClass;
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
    /// Bare addresses; an empty sender is the null sender, to which nothing comes back.
    pub from: &'a str,
    pub to: &'a str,
    /// Without angle brackets.
    pub message_id: &'a str,
    pub mime: &'a [u8],
}

/// Why a mail was not taken. The words may hold the recipient's address: keep them with the mail, out of the logs.
///
/// After [`FailureClass::Uncertain`] another try sends the same mail under the same Message-ID.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{class}: {words}")]
pub struct DeliveryError {
    pub class: FailureClass,
    /// What the server answered: 451.
    pub code: Option<u16>,
    /// Its enhanced code, where it gives one (RFC 3463): 4.7.1.
    pub status: Option<String>,
    pub words: String,
}

impl DeliveryError {
    fn without_answer(class: FailureClass, words: impl Into<String>) -> Self {
        Self { class, code: None, status: None, words: words.into() }
    }
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
    /// [`DeliveryError`], by the kind of failure.
    pub async fn deliver(&self, parcel: Parcel<'_>) -> Result<(), DeliveryError> {
        match self {
            Delivery::Smtp(server) => server.deliver(parcel).await,
            Delivery::Folder(folder) => {
                let put = folder::put(folder, parcel).await;
                put.map_err(|error| DeliveryError::without_answer(FailureClass::Busy, error.to_string()))
            }
            Delivery::Memory(mails) => {
                let mail = Delivered { from: parcel.from.into(), to: parcel.to.into(), mime: parcel.mime.to_vec() };
                mails.lock().unwrap_or_else(PoisonError::into_inner).push(mail);
                Ok(())
            }
        }
    }
}
