//! The way out: an SMTP server, a folder, or memory (tests). Knows nothing of cases, and tries once.

use lettre::address::Envelope;
use lettre::transport::smtp::response::Code;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A server that says nothing for so long is given up for this attempt.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where our mail goes. Cheap to clone.
#[derive(Clone)]
pub enum Delivery {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
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
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url);
        // The error may repeat the address, and with it the password.
        let builder = builder.ok().ok_or("the address of the SMTP server cannot be read")?;
        Ok(Delivery::Smtp(builder.timeout(Some(PATIENCE)).build()))
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

    /// Hands the mail over, once.
    ///
    /// # Errors
    /// [`DeliveryError`], by whether another try may help.
    pub async fn deliver(&self, parcel: Parcel<'_>) -> Result<(), DeliveryError> {
        match self {
            Delivery::Smtp(server) => over_smtp(server, parcel).await,
            Delivery::Folder(folder) => {
                into_folder(folder, parcel).await.map_err(|error| DeliveryError::Later(error.to_string()))
            }
            Delivery::Memory(mails) => {
                let mail = Delivered { from: parcel.from.into(), to: parcel.to.into(), mime: parcel.mime.to_vec() };
                mails.lock().unwrap_or_else(PoisonError::into_inner).push(mail);
                Ok(())
            }
        }
    }
}

async fn over_smtp(server: &AsyncSmtpTransport<Tokio1Executor>, parcel: Parcel<'_>) -> Result<(), DeliveryError> {
    let address = |text: &str| text.parse::<Address>().map_err(|error| DeliveryError::Never(error.to_string()));
    let envelope = Envelope::new(Some(address(parcel.from)?), vec![address(parcel.to)?]);
    let envelope = envelope.map_err(|error| DeliveryError::Never(error.to_string()))?;
    match server.send_raw(&envelope, parcel.mime).await {
        Ok(_) => Ok(()),
        Err(error) if error.is_permanent() && !is_about_us(error.status()) => Err(DeliveryError::Never(words(&error))),
        Err(error) => Err(DeliveryError::Later(words(&error))),
    }
}

/// 530–538 refuse our sign-in, not the mail: the operator can mend that, so the mail waits.
fn is_about_us(code: Option<Code>) -> bool {
    code.is_some_and(|code| (530..=538).contains(&u16::from(code)))
}

fn words(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

/// Written beside and then renamed, so that a reader never sees half a mail; the same mail twice is one file.
async fn into_folder(folder: &Path, parcel: Parcel<'_>) -> std::io::Result<()> {
    let safe = |character: char| {
        if character.is_ascii_alphanumeric() || matches!(character, '-' | '.' | '@') { character } else { '_' }
    };
    let name: String = parcel.message_id.chars().map(safe).take(150).collect();
    tokio::fs::create_dir_all(folder).await?;
    let unfinished = folder.join(format!(".{name}.part"));
    tokio::fs::write(&unfinished, parcel.mime).await?;
    tokio::fs::rename(&unfinished, folder.join(format!("{name}.eml"))).await
}
