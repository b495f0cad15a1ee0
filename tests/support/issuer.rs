//! Another issuer of tokens, whose keys the test holds and can change.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer, SigningKey};
use evenhand::config::{IssuerConfig, SignedWith};
use serde_json::{Value, json};
use std::path::PathBuf;
use tempfile::TempDir;

pub struct TestIssuer {
    folder: TempDir,
}

impl TestIssuer {
    pub const NAME: &str = "https://login.example.police.uk";

    /// With one key, `first`.
    pub fn new() -> Self {
        let issuer = Self { folder: tempfile::tempdir().unwrap() };
        issuer.publish(&["first"]);
        issuer
    }

    pub fn config(&self) -> IssuerConfig {
        IssuerConfig {
            issuer: Self::NAME.to_owned(),
            audience: "evenhand".to_owned(),
            jwks_url: None,
            jwks_file: Some(self.path()),
            algorithms: vec![SignedWith::EdDsa],
            username_claim: "sub".to_owned(),
            roles_claim: Some("roles".to_owned()),
        }
    }

    /// Publishes the public halves of these keys, and no others.
    pub fn publish(&self, kids: &[&str]) {
        let keys = kids.iter().map(|kid| {
            let x = URL_SAFE_NO_PAD.encode(key(kid).verifying_key().as_bytes());
            json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": kid, "x": x })
        });
        std::fs::write(self.path(), json!({ "keys": keys.collect::<Vec<_>>() }).to_string()).unwrap();
    }

    /// What anybody but the issuer would see in place of its keys.
    pub fn break_down(&self) {
        std::fs::write(self.path(), "<html>out of order</html>").unwrap();
    }

    /// A token signed with the key of this name.
    pub fn sign(&self, kid: &str, claims: &Value) -> String {
        signed(&json!({ "alg": "EdDSA", "typ": "JWT", "kid": kid }), claims, kid)
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("jwks.json")
    }
}

/// A token with any header, signed with a key that the name makes.
pub fn signed(header: &Value, claims: &Value, kid: &str) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let signature = key(kid).sign(message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

fn key(name: &str) -> SigningKey {
    let mut seed = [0; 32];
    for (byte, letter) in seed.iter_mut().zip(name.bytes().cycle()) {
        *byte = letter;
    }
    SigningKey::from_bytes(&seed)
}
