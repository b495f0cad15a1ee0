//! Whether the program can work with these settings: what `serve` would refuse, before anything is opened.

use super::Config;
use crate::app::ADDED_LETTERS;
use crate::mail::Delivery;
use crate::store::Store;
use lettre::Address;
use lettre::message::Mailbox;
use std::path::Path;

/// A token that lives longer than a day is a password.
const MOST_TOKEN_MINUTES: u32 = 24 * 60;

/// What is wrong, by key; all of it. Never repeats a secret.
pub(super) fn faults(config: &Config) -> Vec<(&'static str, String)> {
    let mut faults = Vec::new();
    let mut must = |key: &'static str, sound: Result<(), String>| faults.extend(sound.err().map(|why| (key, why)));
    must("database.url", Store::can_be_named(config.database.url.expose()).map_err(in_full));
    must("mail.smtp_url", smtp(config.mail.smtp_url.expose()));
    must("lmtp.listen", config.lmtp.address().map(drop));
    must("lmtp.connections", at_least_one(config.lmtp.connections));
    must("lmtp.memory_mib", at_least_one(config.lmtp.memory_mib));
    must("imap.mailboxes", config.imap.accounts().map(drop));
    must("mail.from", mailbox(&config.mail.from));
    must("mail.seconds_per_message", seconds_per_message(config.mail.seconds_per_message));
    must("mail.bounce_address", bounce_address(&config.mail.bounce_address));
    must("mail.authserv_ids_by_door", doors(&config.mail.authserv_ids_by_door));
    for (key, sound) in config.dkim.sound(&config.mail.domain_of_from()) {
        must(key, sound);
    }
    for (key, sound) in config.own_check.sound() {
        must(key, sound);
    }
    let sound = [config.sending.sound(), config.alerts.sound(), config.pages.sound(), config.imports.sound()];
    for (key, sound) in sound.into_iter().flatten() {
        must(key, sound);
    }
    for (key, sound) in config.webhooks.sound() {
        must(key, sound);
    }
    for (key, sound) in config.look_up.sound() {
        must(key, sound);
    }
    must("auth.token_minutes", minutes(config.auth.token_minutes));
    must("policy.workflows", folder(config.policy.workflows_folder()));
    must("policy.templates", folder(config.policy.templates_folder()));
    for issuer in &config.auth.issuers {
        must("auth.issuers", issuer.trust().map(drop).map_err(|why| format!("`{}`: {why}", issuer.issuer)));
    }
    faults
}

fn in_full(error: impl std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), ToString::to_string)
}

fn smtp(url: &str) -> Result<(), String> {
    if url.is_empty() { Ok(()) } else { Delivery::smtp(url).map(drop) }
}

fn mailbox(from: &str) -> Result<(), String> {
    let read = from.parse::<Mailbox>();
    read.map(drop).map_err(|_unhelpful| "is not a mail address, such as psd@example.police.uk".to_owned())
}

/// A local part has room for 64 letters (RFC 5321 §4.5.3.1.1), and the signed id must fit in.
fn bounce_address(address: &str) -> Result<(), String> {
    let Some((local, _)) = address.trim().rsplit_once('@') else {
        return if address.is_empty() { Ok(()) } else { mailbox(address) };
    };
    let most = 64 - ADDED_LETTERS;
    if local.len() > most || !local.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
        return Err(format!("must begin with at most {most} letters, digits, - or _ before the @"));
    }
    address.trim().parse::<Address>().map(drop).map_err(|_unhelpful| "is not a mail address".to_owned())
}

/// The doors there are; one of several of a kind is `imap:its name`.
const DOORS: [&str; 5] = ["http", "import", "imap", "lmtp", "pipe"];

fn doors(entries: &[String]) -> Result<(), String> {
    for entry in entries {
        let door = entry.split_once('=').map(|(door, _)| door.trim().to_lowercase());
        let kind = door.as_deref().map(|door| door.split(':').next().unwrap_or_default());
        if !kind.is_some_and(|kind| DOORS.contains(&kind)) {
            return Err(format!("`{entry}` is not door=authserv-id, with one of the doors {}", DOORS.join(", ")));
        }
    }
    Ok(())
}

fn at_least_one(count: usize) -> Result<(), String> {
    if count > 0 { Ok(()) } else { Err("must be 1 or more".to_owned()) }
}

fn seconds_per_message(seconds: u32) -> Result<(), String> {
    if (1..=300).contains(&seconds) { Ok(()) } else { Err("must be between 1 and 300".to_owned()) }
}

fn minutes(minutes: u32) -> Result<(), String> {
    if (1..=MOST_TOKEN_MINUTES).contains(&minutes) {
        return Ok(());
    }
    Err(format!("must be between 1 and {MOST_TOKEN_MINUTES}"))
}

fn folder(named: Option<&Path>) -> Result<(), String> {
    match named {
        Some(folder) if !folder.is_dir() => Err(format!("there is no folder {}", folder.display())),
        Some(_) | None => Ok(()),
    }
}
