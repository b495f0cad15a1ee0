//! The key that signs our mail.

use super::Secret;
use crate::mail::Signer;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Dkim {
    /// The signing domain: that of `mail.from`, or one above it. Empty: mail is not signed.
    pub domain: String,
    /// Which of the domain's keys it is.
    pub selector: String,
    /// The private key in PEM; in a file of its own by `key_file`.
    pub key: Secret,
}

impl Dkim {
    /// What signs; `None` where nothing is to be signed.
    ///
    /// # Errors
    /// What is wrong with the key; never a word of it.
    pub fn signer(&self) -> Result<Option<Signer>, String> {
        if self.domain.is_empty() {
            return Ok(None);
        }
        Signer::new(&self.domain.to_lowercase(), &self.selector.to_lowercase(), self.key.expose()).map(Some)
    }

    /// Whether each key can be worked with, for mail from this domain.
    pub(super) fn sound(&self, from: &str) -> Vec<(&'static str, Result<(), String>)> {
        if self.domain.is_empty() {
            let alone = if self.key.is_empty() { Ok(()) } else { Err("signs nothing without dkim.domain".to_owned()) };
            return vec![("dkim.key", alone)];
        }
        let domain = self.domain.to_lowercase();
        let above = from == domain || from.strip_suffix(&domain).is_some_and(|sub| sub.ends_with('.'));
        let domain = match above {
            true => Ok(()),
            false => {
                Err("is neither the domain of mail.from nor above it: nobody would take the signature for ours"
                    .to_owned())
            }
        };
        let label = |text: &str| {
            !text.is_empty()
                && text.split('.').all(|part| {
                    !part.is_empty()
                        && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
                })
        };
        let selector = match label(&self.selector) {
            true => Ok(()),
            false => Err("must name the key, such as `evenhand2026`".to_owned()),
        };
        vec![("dkim.domain", domain), ("dkim.selector", selector), ("dkim.key", self.signer().map(drop))]
    }
}
