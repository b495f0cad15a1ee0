//! The built-in issuer: EdDSA tokens for officers and systems, with keys kept in the database.
//!
//! A token of ours carries an id and nothing that grants: roles and scopes are read from the database each time, so
//! that taking them away takes effect at once.

use super::{TokenFault, Verified, check_times, validation};
use crate::domain::ids::{ClientId, OfficerId};
use chrono::{DateTime, Duration, Utc};
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{EncodePrivateKey, EncodePublicKey};
use jsonwebtoken::jwk::{Jwk, JwkSet, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

/// A key pair as the database keeps it.
#[derive(Clone)]
pub struct OwnKey {
    /// Names the key in tokens: the start of the SHA-256 of the public key.
    pub kid: String,
    pub private_pem: String,
    pub public_pem: String,
}

impl OwnKey {
    /// The pair that 32 random bytes make.
    ///
    /// # Errors
    /// When the pair cannot be written as PEM.
    pub fn from_seed(seed: &[u8; 32]) -> Result<Self, ed25519_dalek::pkcs8::Error> {
        let key = SigningKey::from_bytes(seed);
        let private_pem = key.to_pkcs8_pem(LineEnding::LF)?.to_string();
        let public_pem = key.verifying_key().to_public_key_pem(LineEnding::LF)?;
        let hash = Sha256::digest(key.verifying_key().as_bytes());
        let kid = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { kid, private_pem, public_pem })
    }
}

/// Ready for use, newest first.
struct ReadyKey {
    kid: String,
    sign: EncodingKey,
    verify: DecodingKey,
}

pub struct OwnIssuer {
    issuer: String,
    audience: String,
    keys: RwLock<Arc<Keys>>,
}

/// Tokens whose signature is known to be good, at most; one more, and all are forgotten and computed anew.
const MOST_KNOWN: usize = 2_000;

#[derive(Default)]
struct Keys {
    ready: Vec<ReadyKey>,
    /// Tokens that these keys were found to have signed. Who comes with one is asked of the database as ever.
    known: Mutex<HashMap<String, Claims>>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    #[serde(rename = "evenhand:kind")]
    kind: Subject,
    /// The officer a system speaks for (RFC 8693).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    act: Option<Act>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Subject {
    Officer,
    System,
}

#[derive(Clone, Serialize, Deserialize)]
struct Act {
    sub: String,
}

impl OwnIssuer {
    /// Without keys until [`OwnIssuer::use_keys`].
    pub fn new(issuer: String, audience: String) -> Self {
        Self { issuer, audience, keys: RwLock::default() }
    }

    pub fn name(&self) -> &str {
        &self.issuer
    }

    /// Replaces the keys: the first signs, all verify.
    ///
    /// # Errors
    /// When one is not a PEM of ours.
    pub fn use_keys(&self, keys: &[OwnKey]) -> Result<(), TokenFault> {
        let ready = keys.iter().map(|key| {
            Ok(ReadyKey {
                kid: key.kid.clone(),
                sign: EncodingKey::from_ed_pem(key.private_pem.as_bytes())?,
                verify: DecodingKey::from_ed_pem(key.public_pem.as_bytes())?,
            })
        });
        let ready: Vec<ReadyKey> = ready.collect::<Result<_, jsonwebtoken::errors::Error>>()?;
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Keys { ready, known: Mutex::default() });
        Ok(())
    }

    /// A token that names an officer.
    ///
    /// # Errors
    /// When there is no key to sign with.
    pub fn for_officer(&self, id: OfficerId, now: DateTime<Utc>, life: Duration) -> Result<String, TokenFault> {
        self.sign(id.to_string(), Subject::Officer, None, (now, life))
    }

    /// A token that names a system; with the officer it speaks for, if it does.
    ///
    /// # Errors
    /// When there is no key to sign with.
    pub fn for_system(
        &self,
        id: ClientId,
        officer: Option<OfficerId>,
        now: DateTime<Utc>,
        life: Duration,
    ) -> Result<String, TokenFault> {
        let act = officer.map(|officer| Act { sub: officer.to_string() });
        self.sign(id.to_string(), Subject::System, act, (now, life))
    }

    fn sign(
        &self,
        sub: String,
        kind: Subject,
        act: Option<Act>,
        (now, life): (DateTime<Utc>, Duration),
    ) -> Result<String, TokenFault> {
        let keys = self.keys();
        let key = keys.ready.first().ok_or(TokenFault::UnknownKey)?;
        let (iss, aud, iat) = (self.issuer.clone(), self.audience.clone(), now.timestamp());
        let claims = Claims { iss, aud, sub, iat, nbf: iat, exp: iat + life.num_seconds(), kind, act };
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(key.kid.clone());
        Ok(jsonwebtoken::encode(&header, &claims, &key.sign)?)
    }

    pub(super) fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Verified, TokenFault> {
        let keys = self.keys();
        let known = keys.known().get(token).cloned();
        let claims = match known {
            Some(claims) => claims,
            None => self.read(token, &keys)?,
        };
        check_times(claims.exp, Some(claims.nbf), now)?;
        Ok(match claims.kind {
            Subject::Officer => Verified::Officer { id: claims.sub },
            Subject::System => Verified::System { id: claims.sub, officer: claims.act.map(|act| act.sub) },
        })
    }

    /// What a token of one of these keys says, at whatever time.
    fn read(&self, token: &str, keys: &Keys) -> Result<Claims, TokenFault> {
        let header = jsonwebtoken::decode_header(token)?;
        let kid = header.kid.ok_or(TokenFault::UnknownKey)?;
        let key = keys.ready.iter().find(|key| key.kid == kid).ok_or(TokenFault::UnknownKey)?;
        let validation = validation(Algorithm::EdDSA, &self.issuer, &self.audience);
        let claims = jsonwebtoken::decode::<Claims>(token, &key.verify, &validation)?.claims;
        let mut known = keys.known();
        if known.len() >= MOST_KNOWN {
            known.clear();
        }
        known.insert(token.to_owned(), claims.clone());
        Ok(claims)
    }

    /// The public keys, for whoever wants to check our tokens (RFC 7517).
    ///
    /// # Errors
    /// When a key cannot be written as a JWK.
    pub fn jwks(&self) -> Result<JwkSet, TokenFault> {
        let keys = self.keys();
        let published = keys.ready.iter().map(|key| {
            let mut jwk = Jwk::from_decoding_key(&key.verify, None)?;
            jwk.common.key_id = Some(key.kid.clone());
            jwk.common.key_algorithm = Some(KeyAlgorithm::EdDSA);
            jwk.common.public_key_use = Some(PublicKeyUse::Signature);
            Ok(jwk)
        });
        let keys = published.collect::<Result<_, jsonwebtoken::errors::Error>>()?;
        Ok(JwkSet { keys })
    }

    fn keys(&self) -> Arc<Keys> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Keys {
    fn known(&self) -> MutexGuard<'_, HashMap<String, Claims>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_was_believed_is_not_once_its_key_is_withdrawn_or_a_letter_is_changed() {
        let issuer = OwnIssuer::new("us".to_owned(), "us".to_owned());
        let [one, other] = [1, 2].map(|n| OwnKey::from_seed(&[n; 32]).unwrap());
        issuer.use_keys(std::slice::from_ref(&one)).unwrap();
        let now = "2026-03-02T12:00:00Z".parse().unwrap();
        let token = issuer.for_officer(OfficerId::from_uuid(uuid::Uuid::nil()), now, Duration::minutes(5)).unwrap();
        for _ in 0..2 {
            assert!(matches!(issuer.verify(&token, now), Ok(Verified::Officer { .. })));
        }
        let changed = token.replace('.', ".e");
        assert!(issuer.verify(&changed, now).is_err());
        issuer.use_keys(&[other, one]).unwrap();
        assert!(issuer.verify(&token, now).is_ok());
        let later = now + Duration::minutes(6);
        assert!(matches!(issuer.verify(&token, later), Err(TokenFault::Expired)));
        issuer.use_keys(&[OwnKey::from_seed(&[3; 32]).unwrap()]).unwrap();
        assert!(matches!(issuer.verify(&token, now), Err(TokenFault::UnknownKey)));
    }
}
