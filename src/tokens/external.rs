//! Tokens of another issuer: the force's own OpenID provider.

use super::jwks::KeyCache;
use super::{TokenFault, Verified, check_times, validation};
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;
use std::path::PathBuf;

/// Where an issuer's public keys are read.
#[derive(Clone, Debug)]
pub enum KeySource {
    Url(String),
    File(PathBuf),
}

/// One trusted issuer. Its tokens name persons only.
pub struct ExternalIssuer {
    pub issuer: String,
    audience: String,
    /// The only algorithms it signs with: RS256, ES256 or EdDSA.
    algorithms: Vec<Algorithm>,
    /// The claim that holds the username; `sub` unless the operator names another.
    username_claim: String,
    /// The claim with a list of role ids, if roles count only where the issuer gives them too.
    roles_claim: Option<String>,
    keys: KeyCache,
}

/// What an operator says about an issuer, already checked for sense.
#[derive(Clone, Debug)]
pub struct Trust {
    pub issuer: String,
    pub audience: String,
    pub algorithms: Vec<Algorithm>,
    pub username_claim: String,
    pub roles_claim: Option<String>,
    pub keys: KeySource,
}

#[derive(Deserialize)]
struct Claims {
    exp: i64,
    nbf: Option<i64>,
    #[serde(flatten)]
    rest: serde_json::Map<String, Value>,
}

impl ExternalIssuer {
    pub fn new(trust: Trust) -> Self {
        Self {
            issuer: trust.issuer,
            audience: trust.audience,
            algorithms: trust.algorithms,
            username_claim: trust.username_claim,
            roles_claim: trust.roles_claim,
            keys: KeyCache::new(trust.keys),
        }
    }

    pub(super) async fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Verified, TokenFault> {
        let header = jsonwebtoken::decode_header(token)?;
        if !self.algorithms.contains(&header.alg) {
            return Err(TokenFault::WrongAlgorithm);
        }
        let kid = header.kid.ok_or(TokenFault::UnknownKey)?;
        let jwk = self.keys.find(&kid, now).await.ok_or(TokenFault::UnknownKey)?;
        let key = DecodingKey::from_jwk(&jwk).map_err(TokenFault::from)?;
        let validation = validation(header.alg, &self.issuer, &self.audience);
        let claims = jsonwebtoken::decode::<Claims>(token, &key, &validation)?.claims;
        check_times(claims.exp, claims.nbf, now)?;
        let username = claims.rest.get(&self.username_claim).and_then(Value::as_str);
        let username = username.filter(|name| !name.is_empty()).ok_or(TokenFault::MissingClaim)?.to_owned();
        let roles = self.roles_claim.as_ref().map(|claim| texts(claims.rest.get(claim)));
        Ok(Verified::Person { username, roles })
    }
}

/// A claim that is one text or a list of texts; nothing where it is absent.
fn texts(claim: Option<&Value>) -> Vec<String> {
    match claim {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) | None => Vec::new(),
    }
}
