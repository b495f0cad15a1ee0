//! What the operator chose: flag, then `EVENHAND_SECTION__KEY`, then `evenhand.toml`, then the default below.
//!
//! This is the only reader of the environment. A key nobody knows is a fault with a suggestion, never ignored.

mod alerts;
mod dkim;
mod imap;
mod imports;
mod issuer;
mod load;
mod look_up;
mod own_check;
mod pages;
mod secret;
mod sending;
mod validate;
mod webhooks;

pub use alerts::Alerts;
pub use dkim::Dkim;
pub use imap::{AfterKept, Imap, Mailbox, Oauth, Tls};
pub use imports::Imports;
pub use issuer::{IssuerConfig, SignedWith};
pub use load::{ConfigFault, Sources};
pub use look_up::LookUp;
pub use own_check::OwnCheck;
pub use pages::Pages;
pub use secret::Secret;
pub use sending::Sending;
pub use webhooks::Webhooks;

use crate::app::{Marking, Settings};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    pub server: Server,
    pub database: Database,
    pub mail: Mail,
    pub lmtp: Lmtp,
    pub imap: Imap,
    pub dkim: Dkim,
    pub own_check: OwnCheck,
    pub sending: Sending,
    pub alerts: Alerts,
    pub pages: Pages,
    pub imports: Imports,
    pub webhooks: Webhooks,
    pub look_up: LookUp,
    pub auth: Auth,
    pub force: Force,
    pub policy: Policy,
    /// Only in a program built for tests.
    #[cfg(debug_assertions)]
    pub fault_points: FaultPoints,
}

/// Where a program built for tests is to die, as by `kill -9`.
#[cfg(debug_assertions)]
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FaultPoints {
    /// One of [`crate::fault_points::FAULT_POINTS`], or `*` for any. Empty: nowhere.
    pub at: String,
    /// Once in so many visits, at random.
    pub one_in: u32,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    pub listen: SocketAddr,
    /// `/metrics` is served here and nowhere else; keep it on loopback.
    pub metrics_listen: SocketAddr,
    /// Where others reach this server: in links, and as the source of events.
    pub public_url: String,
    pub log: LogFormat,
    /// Threads that answer requests; 0 means one a processor.
    pub threads: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    #[default]
    Text,
    Json,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// `sqlite://evenhand.db` or `postgres://user:password@host/name`. `DATABASE_URL` sets it too.
    pub url: Secret,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    /// Our addresses that members of the public write to.
    pub addresses: Vec<String>,
    /// The authserv-ids whose topmost Authentication-Results we believe; none by default.
    pub authserv_ids: Vec<String>,
    /// `lmtp=mx.example.police.uk`: what is believed of mail that came by one door, instead of the list above. A door that
    /// is named without an id believes nobody.
    pub authserv_ids_by_door: Vec<String>,
    /// Domains of forwarders, as their ARC seals name them, whose DMARC results we take for our own.
    pub arc_forwarders: Vec<String>,
    /// `smtp://host:25`, `smtps://user:password@host`. Empty: mail is put into `folder`.
    pub smtp_url: Secret,
    /// Where mail is put as files when there is no SMTP server.
    pub folder: PathBuf,
    pub from: String,
    /// `bounces@psd.example.police.uk`: reports about a mail come back to this address with `+` and a signed id in it. Your
    /// server must take mail for all of these and hand it to us. Empty: they come back to `from`.
    pub bounce_address: String,
    /// Signs our Message-IDs. Empty: derived from a key kept in the database.
    pub message_id_secret: Secret,
    /// A message that takes longer to be read is quarantined with that reason: 1 to 300.
    pub seconds_per_message: u32,
}

/// The door for a mail server on this machine (RFC 2033).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lmtp {
    /// `127.0.0.1:2424`. Empty: no such door. Keep it on loopback: whoever reaches it brings mail.
    pub listen: String,
    /// Connections at once; more are asked to come again.
    pub connections: usize,
    /// MiB of messages in hand at once; more wait, and are then asked to come again.
    pub memory_mib: usize,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Auth {
    /// The `iss` of tokens of the built-in issuer.
    pub issuer: String,
    /// The `aud` they must be made out to.
    pub audience: String,
    pub token_minutes: u32,
    /// Whether `evenhand user token` may issue tokens that name a person.
    pub user_tokens_enabled: bool,
    /// Other issuers we trust to name persons.
    pub issuers: Vec<IssuerConfig>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Force {
    pub name: String,
    /// Lines separated by `\n`.
    pub address: String,
    /// The lowest protective marking of anything shown or sent.
    pub marking: Marking,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// The folder with the workflow files, forms, rules and registers.
    pub workflows: PathBuf,
    /// The folder with the templates of mails and letters.
    pub templates: PathBuf,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            metrics_listen: SocketAddr::from(([127, 0, 0, 1], 9464)),
            public_url: "http://127.0.0.1:8080".into(),
            log: LogFormat::Text,
            threads: 0,
        }
    }
}

impl Default for Database {
    fn default() -> Self {
        Self { url: Secret::from("sqlite://evenhand.db") }
    }
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            addresses: Vec::new(),
            authserv_ids: Vec::new(),
            authserv_ids_by_door: Vec::new(),
            arc_forwarders: Vec::new(),
            smtp_url: Secret::default(),
            folder: "outgoing-mail".into(),
            from: "psd@evenhand.invalid".into(),
            seconds_per_message: 10,
            bounce_address: String::new(),
            message_id_secret: Secret::default(),
        }
    }
}

impl Mail {
    /// The domain of `from`, lower case.
    fn domain_of_from(&self) -> String {
        self.from.rsplit('@').next().unwrap_or_default().trim_end_matches('>').to_lowercase()
    }
}

impl Default for Lmtp {
    fn default() -> Self {
        Self { listen: String::new(), connections: 64, memory_mib: 256 }
    }
}

impl Lmtp {
    /// Where it listens; `None`: nowhere.
    ///
    /// # Errors
    /// What is wrong with the address.
    pub fn address(&self) -> Result<Option<SocketAddr>, String> {
        if self.listen.is_empty() {
            return Ok(None);
        }
        let read = self.listen.parse();
        read.map(Some).map_err(|_unhelpful| "is not an address and a port, such as 127.0.0.1:2424".to_owned())
    }
}

impl Default for Auth {
    fn default() -> Self {
        Self {
            issuer: "evenhand".into(),
            audience: "evenhand".into(),
            token_minutes: 15,
            user_tokens_enabled: true,
            issuers: Vec::new(),
        }
    }
}

impl Default for Force {
    fn default() -> Self {
        Self { name: "Example Constabulary".into(), address: String::new(), marking: Marking::default() }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self { workflows: "workflows".into(), templates: "templates".into() }
    }
}

impl Policy {
    /// None: what is shipped inside the program is in force.
    pub fn workflows_folder(&self) -> Option<&Path> {
        unless_shipped(&self.workflows, &Self::default().workflows)
    }

    /// None: what is shipped inside the program is in force.
    pub fn templates_folder(&self) -> Option<&Path> {
        unless_shipped(&self.templates, &Self::default().templates)
    }
}

/// `door=authserv-id` entries, several of them for a door with several.
fn by_door(entries: &[String]) -> BTreeMap<String, Vec<String>> {
    let mut doors: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (door, id) in entries.iter().filter_map(|entry| entry.split_once('=')) {
        let ids = doors.entry(door.trim().to_lowercase()).or_default();
        ids.extend(Some(id.trim().to_lowercase()).filter(|id| !id.is_empty()));
    }
    doors
}

/// The usual folder need not be there; one that somebody named must be.
fn unless_shipped<'a>(folder: &'a Path, usual: &Path) -> Option<&'a Path> {
    (folder != usual || folder.is_dir()).then_some(folder)
}

impl Config {
    /// Reads everything there is.
    ///
    /// # Errors
    /// All faults together, each with the place where the setting was given: unknown keys with a suggestion, values of
    /// the wrong kind or that the server could not work with, files that cannot be read.
    pub fn load(sources: Sources) -> Result<Self, Vec<ConfigFault>> {
        load::load(sources)
    }

    /// The plain values use cases need.
    pub fn settings(&self) -> Settings {
        let lower = |texts: &[String]| texts.iter().map(|text| text.trim().to_lowercase()).collect();
        Settings {
            force_name: self.force.name.clone(),
            force_address: self.force.address.clone(),
            marking: self.force.marking,
            our_addresses: lower(&self.mail.addresses),
            authserv_ids: lower(&self.mail.authserv_ids),
            authserv_ids_by_door: by_door(&self.mail.authserv_ids_by_door),
            arc_forwarders: lower(&self.mail.arc_forwarders),
            mail_from: self.mail.from.clone(),
            bounce_address: self.mail.bounce_address.trim().to_lowercase(),
            folders: self.imap.folders(),
            message_id_domain: self.mail.domain_of_from(),
            message_id_secret: self.mail.message_id_secret.expose().to_owned(),
            time_per_mail: std::time::Duration::from_secs(self.mail.seconds_per_message.into()),
            public_url: self.server.public_url.trim_end_matches('/').to_owned(),
            user_tokens_enabled: self.auth.user_tokens_enabled,
            token_minutes: self.auth.token_minutes,
            sending: self.sending.settings(),
            alerts: self.alerts.settings(),
            lmtp: self.lmtp.address().unwrap_or_default(),
            pages: self.pages.settings(),
            imports: self.imports.settings(),
            webhooks: self.webhooks.settings(),
            look_up: self.look_up.settings(),
        }
    }
}
