//! Whether we check signatures ourselves, and whom we ask.

use crate::mail::authenticate;
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

const DNS_PORT: u16 = 53;

/// For a house whose border server reports nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OwnCheck {
    pub enabled: bool,
    /// Name servers, `192.0.2.53` or `127.0.0.1:5353`. They are believed: use your own.
    pub resolvers: Vec<String>,
    /// How long the routing of a batch of mails may wait for answers: 1 to 60.
    pub patience_seconds: u32,
}

impl Default for OwnCheck {
    fn default() -> Self {
        Self { enabled: false, resolvers: Vec::new(), patience_seconds: 5 }
    }
}

impl OwnCheck {
    /// The check; `None` where it is off.
    ///
    /// # Errors
    /// What is wrong with the name servers.
    pub(crate) fn built(&self) -> Result<Option<authenticate::OwnCheck>, String> {
        if !self.enabled {
            return Ok(None);
        }
        let addresses = self.addresses()?;
        authenticate::OwnCheck::new(&addresses, Duration::from_secs(self.patience_seconds.into())).map(Some)
    }

    fn addresses(&self) -> Result<Vec<SocketAddr>, String> {
        let address = |text: &String| {
            let text = text.trim();
            let with_port = text.parse::<SocketAddr>().ok();
            let address = with_port.or_else(|| text.parse::<IpAddr>().ok().map(|ip| SocketAddr::new(ip, DNS_PORT)));
            address.ok_or_else(|| format!("`{text}` is not an address, such as 192.0.2.53 or 127.0.0.1:5353"))
        };
        self.resolvers.iter().map(address).collect()
    }

    /// Whether each key can be worked with.
    pub(super) fn sound(&self) -> Vec<(&'static str, Result<(), String>)> {
        let addresses = self.addresses().and_then(|addresses| match self.enabled && addresses.is_empty() {
            true => Err("names no name server, and own_check.enabled asks one".to_owned()),
            false => Ok(()),
        });
        let patience = match (1..=60).contains(&self.patience_seconds) {
            true => Ok(()),
            false => Err("must be between 1 and 60".to_owned()),
        };
        vec![("own_check.resolvers", addresses), ("own_check.patience_seconds", patience)]
    }
}
