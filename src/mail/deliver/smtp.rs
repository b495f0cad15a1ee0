//! One mail over one SMTP connection of its own.
//!
//! A connection serves one mail and is then closed: a dialogue that was cut off can never be taken up again half-way.
//! Every dialogue ends within the patience we have with a server, and we always know whether the mail had been handed
//! over when it did.

use super::{DeliveryError, Parcel};
use crate::domain::correspondence::retry::FailureClass;
use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::{SMTP_PORT, SUBMISSION_PORT, SUBMISSIONS_PORT};
use percent_encoding::percent_decode_str;
use std::time::Duration;
use tokio::time::timeout;
use url::Url;

/// How long a server may take. The two together stay below the longest run of a job.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// From the first packet until the server says that it is ready for the mail.
    pub to_begin: Duration,
    /// From then until it says that it has taken the mail.
    pub to_take: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Patience { to_begin: Duration::from_secs(60), to_take: Duration::from_secs(120) }
    }
}

/// A server that takes our mail.
pub struct SmtpServer {
    host: String,
    port: u16,
    protection: Protection,
    hello: ClientId,
    credentials: Option<Credentials>,
    patience: Patience,
}

enum Protection {
    None,
    /// STARTTLS where the server offers it.
    Offered(TlsParameters),
    /// STARTTLS or nothing.
    Required(TlsParameters),
    /// TLS from the first byte.
    Always(TlsParameters),
}

impl SmtpServer {
    /// # Errors
    /// What is wrong with the address; never its password.
    pub(super) fn parse(url: &str, patience: Patience) -> Result<Self, String> {
        // The library's own error may repeat the address, and with it the password.
        let url = Url::parse(url).ok().ok_or("the address of the SMTP server cannot be read")?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or("the address names no SMTP server")?.to_owned();
        let tls = || TlsParameters::new(host.clone()).map_err(|error| format!("TLS cannot be set up: {error}"));
        let asked = url.query_pairs().find(|(key, _)| key == "tls").map(|(_, value)| value.into_owned());
        let (usual_port, protection) = match (url.scheme(), asked.as_deref()) {
            ("smtp", None) => (SMTP_PORT, Protection::None),
            ("smtp", Some("opportunistic")) => (SUBMISSION_PORT, Protection::Offered(tls()?)),
            ("smtp", Some("required")) => (SUBMISSION_PORT, Protection::Required(tls()?)),
            ("smtps", _) => (SUBMISSIONS_PORT, Protection::Always(tls()?)),
            ("smtp", Some(_)) => return Err("tls is either opportunistic or required".to_owned()),
            _ => return Err("the address of the SMTP server begins with smtp:// or smtps://".to_owned()),
        };
        let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let credentials = url.password().map(|password| Credentials::new(plain(url.username()), plain(password)));
        let hello = match url.path().trim_matches('/') {
            "" => ClientId::default(),
            name => ClientId::Domain(name.to_owned()),
        };
        let port = url.port().unwrap_or(usual_port);
        Ok(Self { host, port, protection, hello, credentials, patience })
    }

    pub(super) async fn deliver(&self, parcel: Parcel<'_>) -> Result<(), DeliveryError> {
        let mut connection = match timeout(self.patience.to_begin, self.begin(parcel)).await {
            Ok(begun) => begun?,
            Err(_elapsed) => {
                let words = "the server fell silent before it had the mail";
                return Err(DeliveryError::without_answer(FailureClass::Connection, words));
            }
        };
        match timeout(self.patience.to_take, connection.message(parcel.mime)).await {
            Ok(Ok(_taken)) => {}
            Ok(Err(error)) if error.status().is_some() => return Err(refused(&error)),
            Ok(Err(error)) => return Err(perhaps(&words(&error))),
            Err(_elapsed) => return Err(perhaps("the server fell silent")),
        }
        // It has the mail; whether it also says goodbye changes nothing.
        let _said_goodbye = timeout(GOODBYE, connection.quit()).await;
        Ok(())
    }

    /// Up to the server's word that it is ready for the mail.
    async fn begin(&self, parcel: Parcel<'_>) -> Result<AsyncSmtpConnection, DeliveryError> {
        let address = |text: &str| {
            let read = text.parse::<Address>();
            read.map_err(|error| DeliveryError::without_answer(FailureClass::Refused, error.to_string()))
        };
        let from = Some(parcel.from).filter(|from| !from.is_empty()).map(address).transpose()?;
        let to = address(parcel.to)?;
        let mut connection = self.connect().await.map_err(|error| refused(&error))?;
        let mut parameters = Vec::new();
        let utf8_addresses = from.iter().chain([&to]).any(|address| !AsRef::<str>::as_ref(address).is_ascii());
        for (needed, extension, parameter) in [
            (utf8_addresses, Extension::SmtpUtfEight, MailParameter::SmtpUtfEight),
            (!parcel.mime.is_ascii(), Extension::EightBitMime, MailParameter::Body(MailBodyParameter::EightBitMime)),
        ] {
            if needed && !connection.server_info().supports_feature(extension) {
                let words = format!("the server does not know {parameter}");
                return Err(DeliveryError::without_answer(FailureClass::Busy, words));
            }
            if needed {
                parameters.push(parameter);
            }
        }
        let dialogue = async {
            connection.command(Mail::new(from, parameters)).await?;
            connection.command(Rcpt::new(to, Vec::new())).await?;
            connection.command(Data).await
        };
        dialogue.await.map_err(|error| refused(&error))?;
        Ok(connection)
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let (server, wait) = ((self.host.as_str(), self.port), Some(self.patience.to_begin));
        let from_the_start = match &self.protection {
            Protection::Always(tls) => Some(tls.clone()),
            Protection::None | Protection::Offered(_) | Protection::Required(_) => None,
        };
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, wait, &self.hello, from_the_start, None).await?;
        match &self.protection {
            Protection::Offered(tls) if connection.can_starttls() => {
                connection.starttls(tls.clone(), &self.hello).await?;
            }
            Protection::Required(tls) => connection.starttls(tls.clone(), &self.hello).await?,
            Protection::None | Protection::Offered(_) | Protection::Always(_) => {}
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }
}

/// How long the farewell may take once the mail is taken.
const GOODBYE: Duration = Duration::from_secs(2);

/// The server said no, or went away before the mail was handed over.
fn refused(error: &Error) -> DeliveryError {
    let (code, status) = (error.status().map(u16::from), enhanced(error));
    let of_answer = |code: u16| FailureClass::of_answer(code, status.as_deref());
    DeliveryError { class: code.map_or(FailureClass::Connection, of_answer), words: words(error), code, status }
}

fn perhaps(why: &str) -> DeliveryError {
    let words = format!("{why} after the mail was handed over; it may have been taken");
    DeliveryError::without_answer(FailureClass::Uncertain, words)
}

/// The enhanced code an answer begins with (RFC 2034, RFC 3463 §2).
fn enhanced(error: &dyn std::error::Error) -> Option<String> {
    let answer = error.source()?.to_string();
    let first = answer.split_whitespace().next()?;
    let numbers: Vec<&str> = first.split('.').collect();
    let number = |text: &&str| (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let class = numbers.first().is_some_and(|class| matches!(*class, "2" | "4" | "5"));
    (numbers.len() == 3 && class && numbers.iter().all(number)).then(|| first.to_owned())
}

fn words(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}
