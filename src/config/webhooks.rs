//! Whom webhooks may reach.

use crate::app::WebhookHosts;
use serde::{Deserialize, Serialize};
use url::Host;

/// Hosts as they stand in the address of a receiver, without scheme and port.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Webhooks {
    /// The hosts of receivers. Empty: no webhook may be added.
    pub allowed_hosts: Vec<String>,
    /// Of those, the ones that may have a private, loopback or link-local address.
    pub private_hosts: Vec<String>,
    /// Of those, the ones on this machine: they need no TLS, and are reached at its loopback addresses alone.
    pub loopback_hosts: Vec<String>,
}

impl Webhooks {
    pub(super) fn settings(&self) -> WebhookHosts {
        let lower = |hosts: &[String]| hosts.iter().map(|host| host.trim().to_lowercase()).collect();
        WebhookHosts {
            allowed: lower(&self.allowed_hosts),
            private: lower(&self.private_hosts),
            loopback: lower(&self.loopback_hosts),
        }
    }

    /// Whether each key can be worked with.
    pub(super) fn sound(&self) -> Vec<(&'static str, Result<(), String>)> {
        let WebhookHosts { allowed, private, loopback } = self.settings();
        let among = |hosts: &[String]| match hosts.iter().find(|host| !allowed.contains(host)) {
            Some(host) => Err(format!("names `{host}`, which is not in webhooks.allowed_hosts")),
            None => Ok(()),
        };
        vec![
            ("webhooks.allowed_hosts", allowed.iter().try_for_each(|host| is_host(host))),
            ("webhooks.private_hosts", among(&private)),
            ("webhooks.loopback_hosts", among(&loopback)),
        ]
    }
}

/// Written as a web address has it: otherwise it would never be met.
fn is_host(host: &str) -> Result<(), String> {
    match Host::parse(host) {
        Ok(read) if read.to_string() == host => Ok(()),
        Ok(_) | Err(_) => Err(format!("`{host}` is not a host, such as hooks.example.police.uk")),
    }
}
