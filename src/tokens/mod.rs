//! Bearer tokens: signed by our own issuer, or by another issuer the operator trusts; passwords and one-time codes.
//!
//! Answers "who does this token name, and who says so". What that name may do is `app/sign_in`'s: no role and no scope
//! is believed because a token of ours says it.

mod external;
mod fault;
mod jwks;
pub mod one_time_code;
mod own;
pub mod password;

pub use external::{ExternalIssuer, KeySource, Trust};
pub use fault::TokenFault;
pub use own::{OwnIssuer, OwnKey};

use chrono::{DateTime, Utc};
use serde::Deserialize;

/// What a believed token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verified {
    /// One of ours, naming an officer by id.
    Officer { id: String },
    /// One of ours, naming a system by id; with the officer it speaks for, if it does.
    System { id: String, officer: Option<String> },
    /// Another issuer's, naming a person by username, with the roles it gives where it is asked for them.
    Person { username: String, roles: Option<Vec<String>> },
}

/// Our issuer and the others. Built by `boot`.
pub struct Tokens {
    pub own: OwnIssuer,
    external: Vec<ExternalIssuer>,
}

impl Tokens {
    pub fn new(own: OwnIssuer, external: Vec<ExternalIssuer>) -> Self {
        Self { own, external }
    }

    /// Believes a token or says why not.
    ///
    /// # Errors
    /// Every fault is the caller's; [`TokenFault::UnknownKey`] may also mean that our own keys should be read again.
    pub async fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Verified, TokenFault> {
        let issuer = unverified_issuer(token)?;
        if issuer == self.own.name() {
            return self.own.verify(token, now);
        }
        let known = self.external.iter().find(|external| external.issuer == issuer);
        known.ok_or(TokenFault::UnknownIssuer)?.verify(token, now).await
    }
}

/// Which issuer's keys to try. Nothing else of an unverified token is looked at.
fn unverified_issuer(token: &str) -> Result<String, TokenFault> {
    #[derive(Deserialize)]
    struct Issuer {
        iss: String,
    }
    let claims: Issuer = jsonwebtoken::dangerous::insecure_decode_claims(token)?;
    Ok(claims.iss)
}

/// Seconds by which two machines' clocks may differ.
const LEEWAY_SECONDS: i64 = 30;

/// Checks the times against the clock we were handed; the token library would ask the machine.
fn check_times(exp: i64, nbf: Option<i64>, now: DateTime<Utc>) -> Result<(), TokenFault> {
    let now = now.timestamp();
    if exp.saturating_add(LEEWAY_SECONDS) <= now {
        return Err(TokenFault::Expired);
    }
    if nbf.is_some_and(|nbf| nbf.saturating_sub(LEEWAY_SECONDS) > now) {
        return Err(TokenFault::NotYetValid);
    }
    Ok(())
}

/// What the token library checks for us: one pinned algorithm, issuer, audience, and that the claims are there.
fn validation(algorithm: jsonwebtoken::Algorithm, issuer: &str, audience: &str) -> jsonwebtoken::Validation {
    let mut validation = jsonwebtoken::Validation::new(algorithm);
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[audience]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation
}
