//! The plain values use cases need, chosen by the operator. `config` reads them; nobody changes them afterwards.

use crate::app::mail::FolderName;
use crate::domain::correspondence::budget::Budgets;
use crate::domain::marking::Marking;
use crate::domain::webhook::Hosts;
use chrono::Duration;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Wherever a field is a secret it is never logged and never printed.
#[derive(Clone)]
pub struct Settings {
    /// `Example Constabulary`, as letters and the address line of calls say it.
    pub force_name: String,
    /// Several lines; printed on letters.
    pub force_address: String,
    /// The lowest protective marking of anything shown or sent.
    pub marking: Marking,
    /// Lower-case addresses of ours that members of the public write to. Mail from one of them is our own.
    pub our_addresses: Vec<String>,
    /// The authserv-ids whose topmost Authentication-Results header we believe (RFC 8601). Empty: none.
    pub authserv_ids: Vec<String>,
    /// The same for single doors, by the door's name: those of a door that is named here are believed there and no others.
    pub authserv_ids_by_door: BTreeMap<String, Vec<String>>,
    /// Domains of forwarders whose word we take for what they saw before they passed a mail on (RFC 8617).
    pub arc_forwarders: Vec<String>,
    /// The From of mail we send.
    pub mail_from: String,
    /// Where reports about our mail come back to, before the signed id is put into it. Empty: to `mail_from`.
    pub bounce_address: String,
    /// The domain of our Message-IDs.
    pub message_id_domain: String,
    /// The folders that are read over IMAP.
    pub folders: Vec<FolderName>,
    /// A message that takes longer to be read is quarantined.
    pub time_per_mail: std::time::Duration,
    /// Signs our Message-IDs, so that an answer finds its case and nobody can make one up.
    pub message_id_secret: String,
    /// Where this server is reached from outside: the start of links in mails and of webhook sources.
    pub public_url: String,
    /// Whether `evenhand user token` may issue tokens that name a person.
    pub user_tokens_enabled: bool,
    /// How long a token of the built-in issuer lives, in minutes.
    pub token_minutes: u32,
    /// Where mail is taken in by LMTP, if anywhere.
    pub lmtp: Option<SocketAddr>,
    pub sending: Sending,
    pub alerts: Alerts,
    pub pages: Pages,
    pub imports: Imports,
    /// Whom webhooks may reach.
    pub webhooks: Hosts,
    pub look_up: LookUp,
}

/// Where files of calls come in, and how large they may be.
#[derive(Clone, Debug)]
pub struct Imports {
    /// The folder that is watched, a folder a profile below it.
    pub folder: Option<PathBuf>,
    pub most_bytes: u64,
    /// Of one that is handed in through pages or API.
    pub most_upload_bytes: usize,
}

/// How officers are signed in to the pages, and how these look.
#[derive(Clone, Debug)]
pub struct Pages {
    /// Whether everybody needs an app that shows a code, beside their password.
    pub require_code: bool,
    /// So long one may do nothing and stay signed in.
    pub idle: Duration,
    /// So long a session lasts, however busy.
    pub session: Duration,
    /// `#1d70b8`: the colour of the force, on white.
    pub brand_colour: String,
}

/// After how long somebody is told of what should not last.
#[derive(Clone, Debug)]
pub struct Alerts {
    /// A mailbox of ours that does not answer.
    pub mailbox_unchecked: Duration,
    /// A message that is kept and not routed.
    pub unrouted: Duration,
    /// A mail of ours that is not sent, and waits for no budget and for no restart.
    pub outgoing: Duration,
    /// A message in quarantine.
    pub quarantined: Duration,
}

impl Settings {
    /// The authserv-ids believed of mail that came by this door: `http`, `lmtp`, `pipe`, `import`, `imap`, or one of
    /// several of a kind by its name, `imap:office`. The narrowest that is configured holds.
    pub fn authserv_ids_of(&self, door: &str) -> &[String] {
        let kind = door.split_once(':').map_or(door, |(kind, _)| kind);
        let narrowed = [door, kind].into_iter().find_map(|door| self.authserv_ids_by_door.get(door));
        narrowed.unwrap_or(&self.authserv_ids)
    }
}

/// How our mail is sent.
#[derive(Clone, Debug)]
pub struct Sending {
    /// So long a mail waits and may be taken back.
    pub undo: Duration,
    pub budgets: Budgets,
    /// Whether the program acknowledges mail, and for how long one acknowledgement is enough for a sender.
    pub acknowledge_every: Option<Duration>,
}

/// How a caller is looked up while the database does not answer.
#[derive(Clone, Copy, Debug)]
pub struct LookUp {
    /// People, and numbers, that are kept in mind at most, each.
    pub remembered: usize,
    /// So long the database may take over a look-up before the answer comes from memory.
    pub patience: std::time::Duration,
    /// So long an answer waits for the entry of who looked to be on the disk.
    pub log_wait: std::time::Duration,
}
