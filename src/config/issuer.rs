//! Another issuer whose tokens we believe, as the operator writes it.

use crate::tokens::{KeySource, Trust};
use jsonwebtoken::Algorithm;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// `[[auth.issuers]]` in `evenhand.toml`; a JSON list in `EVENHAND_AUTH__ISSUERS`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerConfig {
    pub issuer: String,
    pub audience: String,
    /// Where its public keys are; exactly one of the two.
    #[serde(default)]
    pub jwks_url: Option<String>,
    #[serde(default)]
    pub jwks_file: Option<PathBuf>,
    /// The only algorithms it signs with.
    #[serde(default = "rs256")]
    pub algorithms: Vec<SignedWith>,
    /// The claim with the username of the officer, as registered here.
    #[serde(default = "sub")]
    pub username_claim: String,
    /// A claim with role ids: then a role counts only where the token gives it and the officer holds it here.
    #[serde(default)]
    pub roles_claim: Option<String>,
}

/// Algorithms that need no shared secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignedWith {
    #[serde(rename = "RS256")]
    Rs256,
    #[serde(rename = "ES256")]
    Es256,
    #[serde(rename = "EdDSA")]
    EdDsa,
}

fn rs256() -> Vec<SignedWith> {
    vec![SignedWith::Rs256]
}

fn sub() -> String {
    "sub".to_owned()
}

impl IssuerConfig {
    /// # Errors
    /// When it does not say, or says twice, where the keys are, or names no algorithm.
    pub fn trust(&self) -> Result<Trust, String> {
        let keys = match (&self.jwks_url, &self.jwks_file) {
            (Some(url), None) => KeySource::Url(url.clone()),
            (None, Some(file)) => KeySource::File(file.clone()),
            (None, None) | (Some(_), Some(_)) => return Err("give either jwks_url or jwks_file".to_owned()),
        };
        if self.algorithms.is_empty() {
            return Err("name at least one algorithm: RS256, ES256, EdDSA".to_owned());
        }
        let algorithms = self.algorithms.iter().map(|algorithm| match algorithm {
            SignedWith::Rs256 => Algorithm::RS256,
            SignedWith::Es256 => Algorithm::ES256,
            SignedWith::EdDsa => Algorithm::EdDSA,
        });
        Ok(Trust {
            issuer: self.issuer.clone(),
            audience: self.audience.clone(),
            algorithms: algorithms.collect(),
            username_claim: self.username_claim.clone(),
            roles_claim: self.roles_claim.clone(),
            keys,
        })
    }
}
