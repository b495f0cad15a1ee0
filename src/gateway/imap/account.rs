//! A mailbox to read, and how.

use chrono::NaiveDate;
use rustls::ClientConfig;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

#[derive(Clone)]
pub struct Account {
    /// What the settings call it.
    pub name: String,
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub user: String,
    pub proof: Proof,
    pub folders: Vec<String>,
    pub after: After,
    /// The address of ours that its messages came to.
    pub recipient: String,
    /// How long it may go without a look, whether the server calls (IDLE, RFC 2177) or not.
    pub every: Duration,
    /// What arrived earlier is left alone (SEARCH SINCE: by the server's own date).
    pub since: Option<NaiveDate>,
}

/// Written out without its secrets.
impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}@{}:{})", self.name, self.user, self.host, self.port)
    }
}

#[derive(Clone)]
pub enum Security {
    /// TLS from the first byte (RFC 8314).
    Tls(Arc<ClientConfig>),
    /// STARTTLS or nothing.
    StartTls(Arc<ClientConfig>),
    /// Nothing: for a server on this machine.
    None,
}

/// What proves to the server that we may read the mailbox.
#[derive(Clone)]
pub enum Proof {
    Password(String),
    /// XOAUTH2 with a token that somebody else keeps fresh in this file.
    TokenFile(PathBuf),
    /// XOAUTH2 with tokens of an authorisation server (RFC 6749 §4.4).
    Oauth(OauthClient),
}

#[derive(Clone)]
pub struct OauthClient {
    pub token_url: String,
    pub client_id: String,
    pub client_secret: String,
    pub scope: String,
}

/// What is done with a message in its folder once it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum After {
    /// Nothing: the folder is opened for reading alone.
    Keep,
    /// It is marked `\Seen`.
    Seen,
    /// It is moved into this folder.
    Move(String),
}
