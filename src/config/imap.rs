//! A mailbox to read over IMAP, as the operator writes it.

use super::Secret;
use crate::app::mail::FolderName;
use crate::gateway::{Account, After, OauthClient, Proof, Security};
use chrono::NaiveDate;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Imap {
    pub mailboxes: Vec<Mailbox>,
}

/// `[[imap.mailboxes]]` in `evenhand.toml`; a JSON list in `EVENHAND_IMAP__MAILBOXES`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mailbox {
    /// What it is called in logs, tasks and numbers. How far it is read is kept under this name.
    pub name: String,
    pub host: String,
    /// 993 with TLS, 143 without, unless told.
    #[serde(default)]
    pub port: Option<u16>,
    #[serde(default)]
    pub tls: Tls,
    /// PEM file of the authority that signs the server's certificate, where it is not one this machine trusts.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    pub user: String,
    /// Exactly one of `password`, `password_file`, `token_file` and `oauth`.
    #[serde(default)]
    pub password: Secret,
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// A file in which somebody keeps an access token fresh (XOAUTH2).
    #[serde(default)]
    pub token_file: Option<PathBuf>,
    #[serde(default)]
    pub oauth: Option<Oauth>,
    #[serde(default = "inbox")]
    pub folders: Vec<String>,
    #[serde(default)]
    pub after: AfterKept,
    /// The folder that kept messages are moved into, with `after = "move"`.
    #[serde(default)]
    pub move_to: Option<String>,
    /// The address of ours that its messages came to; `user`, where that is an address.
    #[serde(default)]
    pub recipient: Option<String>,
    /// Seconds it may go without a look, where the server does not call.
    #[serde(default = "a_minute")]
    pub poll_seconds: u64,
    /// What arrived before this day is left alone.
    #[serde(default)]
    pub since: Option<NaiveDate>,
}

/// The client of an authorisation server (RFC 6749 §4.4).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Oauth {
    pub token_url: String,
    pub client_id: String,
    #[serde(default)]
    pub client_secret: Secret,
    #[serde(default)]
    pub client_secret_file: Option<PathBuf>,
    #[serde(default)]
    pub scope: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// From the first byte.
    #[default]
    Always,
    StartTls,
    /// For a server on this machine only.
    None,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AfterKept {
    /// The folder is left as it is.
    #[default]
    Keep,
    Seen,
    Move,
}

fn inbox() -> Vec<String> {
    vec!["INBOX".to_owned()]
}

fn a_minute() -> u64 {
    60
}

impl Imap {
    /// Every folder that is read.
    pub(super) fn folders(&self) -> Vec<FolderName> {
        let of = |mailbox: &Mailbox| {
            let name = mailbox.name.clone();
            let named = move |folder: &String| FolderName { mailbox: name.clone(), folder: folder.clone() };
            mailbox.folders.iter().map(named).collect::<Vec<_>>()
        };
        self.mailboxes.iter().flat_map(of).collect()
    }

    /// The mailboxes, with what they need in hand.
    ///
    /// # Errors
    /// What is wrong with the first that is wrong; never a secret.
    pub fn accounts(&self) -> Result<Vec<Account>, String> {
        let mut names = BTreeSet::new();
        let account = |mailbox: &Mailbox| {
            let account = mailbox.account().map_err(|why| format!("`{}`: {why}", mailbox.name))?;
            if names.insert(mailbox.name.clone()) {
                Ok(account)
            } else {
                Err(format!("`{}` is there twice", mailbox.name))
            }
        };
        self.mailboxes.iter().map(account).collect()
    }
}

impl Mailbox {
    fn account(&self) -> Result<Account, String> {
        let no = |why: &str| Err(why.to_owned());
        if [&self.name, &self.host, &self.user].iter().any(|text| text.trim().is_empty()) {
            return no("name, host and user must be said");
        }
        if self.folders.is_empty() || self.folders.iter().any(String::is_empty) {
            return no("folders must name at least one folder, and each by its name");
        }
        let recipient = match &self.recipient {
            Some(recipient) => recipient.clone(),
            None if self.user.contains('@') => self.user.clone(),
            None => return no("recipient must be said where user is no address"),
        };
        if !(1..=1_740).contains(&self.poll_seconds) {
            return no("poll_seconds must be between 1 and 1740 (RFC 2177: no IDLE lasts longer than 29 minutes)");
        }
        let (usual_port, security) = match self.tls {
            Tls::Always => (993, Security::Tls(trusting(self.ca_file.as_deref())?)),
            Tls::StartTls => (143, Security::StartTls(trusting(self.ca_file.as_deref())?)),
            Tls::None if matches!(self.host.as_str(), "localhost" | "127.0.0.1" | "::1") => (143, Security::None),
            Tls::None => return no("tls may be none for a server on this machine only"),
        };
        let after = match (self.after, &self.move_to) {
            (AfterKept::Keep, None) => After::Keep,
            (AfterKept::Seen, None) => After::Seen,
            (AfterKept::Move, Some(folder)) if !self.folders.contains(folder) => After::Move(folder.clone()),
            (AfterKept::Move, Some(_)) => return no("move_to is a folder that is read"),
            (AfterKept::Move, None) => return no("after = \"move\" needs move_to"),
            (AfterKept::Keep | AfterKept::Seen, Some(_)) => return no("move_to needs after = \"move\""),
        };
        Ok(Account {
            name: self.name.clone(),
            host: self.host.clone(),
            port: self.port.unwrap_or(usual_port),
            security,
            user: self.user.clone(),
            proof: self.proof()?,
            folders: self.folders.clone(),
            after,
            recipient,
            every: Duration::from_secs(self.poll_seconds),
            since: self.since,
        })
    }

    fn proof(&self) -> Result<Proof, String> {
        let password = secret(&self.password, self.password_file.as_deref())?;
        match (password, &self.token_file, &self.oauth) {
            (Some(password), None, None) => Ok(Proof::Password(password)),
            (None, Some(file), None) => Ok(Proof::TokenFile(file.clone())),
            (None, None, Some(oauth)) => Ok(Proof::Oauth(OauthClient {
                token_url: oauth.token_url.clone(),
                client_id: oauth.client_id.clone(),
                client_secret: secret(&oauth.client_secret, oauth.client_secret_file.as_deref())?
                    .ok_or("oauth needs a client_secret or a client_secret_file")?,
                scope: oauth.scope.clone(),
            })),
            _ => Err("say exactly one of password, password_file, token_file and oauth".to_owned()),
        }
    }
}

/// What is said here or in the file; never both.
fn secret(said: &Secret, file: Option<&Path>) -> Result<Option<String>, String> {
    match (said.is_empty(), file) {
        (true, None) => Ok(None),
        (false, None) => Ok(Some(said.expose().to_owned())),
        (true, Some(file)) => super::load::read_secret_file(file).map(Some),
        (false, Some(_)) => Err("say the secret or name its file, not both".to_owned()),
    }
}

/// Trusts the authorities of this machine, or the one of the file alone.
fn trusting(ca_file: Option<&Path>) -> Result<Arc<ClientConfig>, String> {
    let mut roots = RootCertStore::empty();
    match ca_file {
        None => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
        Some(file) => {
            let cannot = |why: String| format!("ca_file {}: {why}", file.display());
            let certificates = CertificateDer::pem_file_iter(file).map_err(|error| cannot(error.to_string()))?;
            for certificate in certificates {
                let certificate = certificate.map_err(|error| cannot(error.to_string()))?;
                roots.add(certificate).map_err(|error| cannot(error.to_string()))?;
            }
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| format!("TLS cannot be set up: {error}"))?;
    Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn refused(changes: Value) -> String {
        let mut mailbox =
            json!({ "name": "psd", "host": "imap.example", "user": "psd@x.example", "password": "pale-moon" });
        let said = mailbox.as_object_mut().unwrap();
        for (key, value) in changes.as_object().unwrap() {
            if value.is_null() {
                said.remove(key)
            } else {
                said.insert(key.clone(), value.clone())
            };
        }
        let read = serde_json::from_value::<Mailbox>(mailbox);
        let why = read
            .map_err(|error| error.to_string())
            .and_then(|mailbox| Imap { mailboxes: vec![mailbox] }.accounts().map(|accounts| format!("{accounts:?}")));
        why.map_or_else(|why| why, |sound| format!("sound: {sound}"))
    }

    #[test]
    fn a_mailbox_needs_little_said_and_shows_no_secret() {
        assert_eq!(refused(json!({})), "sound: [psd (psd@x.example@imap.example:993)]");
        assert_eq!(
            refused(json!({ "tls": "starttls", "port": 1143 })),
            "sound: [psd (psd@x.example@imap.example:1143)]"
        );
    }

    #[test]
    fn what_is_wrong_with_a_mailbox_is_said_and_never_its_secret() {
        for (changes, why) in [
            (json!({ "user": "psd" }), "recipient must be said"),
            (json!({ "tls": "none" }), "on this machine only"),
            (json!({ "password": null }), "exactly one of password"),
            (json!({ "token_file": "/run/token" }), "exactly one of password"),
            (json!({ "password_file": "/run/password" }), "not both"),
            (json!({ "password": null, "password_file": "/nowhere" }), "cannot be read"),
            (json!({ "password": null, "oauth": { "token_url": "https://x", "client_id": "c" } }), "client_secret"),
            (json!({ "after": "move" }), "needs move_to"),
            (json!({ "after": "move", "move_to": "INBOX" }), "a folder that is read"),
            (json!({ "move_to": "Kept" }), "needs after"),
            (json!({ "folders": [] }), "at least one folder"),
            (json!({ "poll_seconds": 0 }), "between 1 and 1740"),
            (json!({ "host": " " }), "name, host and user"),
            (json!({ "ca_file": "/nowhere.pem" }), "ca_file /nowhere.pem"),
            (json!({ "passwort": "x" }), "unknown field `passwort`"),
            (json!({ "password": 271_828 }), "must be a text"),
        ] {
            let said = refused(changes);
            assert!(said.contains(why), "{said}");
            assert!(!said.contains("pale-moon") && !said.contains("271828") && !said.contains("sound"), "{said}");
        }
    }

    #[test]
    fn two_mailboxes_bear_two_names() {
        let mailbox: Mailbox =
            serde_json::from_value(json!({ "name": "a", "host": "h", "user": "u@x", "password": "p" })).unwrap();
        let twice = Imap { mailboxes: vec![mailbox.clone(), mailbox] };
        assert_eq!(twice.accounts().unwrap_err(), "`a` is there twice");
    }
}
