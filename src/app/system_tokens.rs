//! Tokens for systems, against their credentials.

use crate::app::{App, AppError, sign_in};
use crate::domain::access::{Actor, Scope};
use crate::domain::case::Refusal;
use crate::domain::ids::{ClientId, OfficerId};
use crate::store::clients;
use chrono::Duration;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// What a system shows to be let in.
pub struct Credentials {
    /// Its id or name.
    pub client: String,
    pub secret: String,
    /// A token of the officer it speaks for.
    pub actor_token: Option<String>,
}

pub struct Granted {
    pub token: String,
    pub life: Duration,
    pub scopes: BTreeSet<String>,
}

/// A token that names the system and, for a liaison system, the verified officer it speaks for.
///
/// # Errors
/// Not signed in when there is no such client or the secret is wrong, without saying which; refused when the system
/// may not speak for officers or the officer's token is not believed.
pub async fn issue_system_token(app: &App, credentials: Credentials) -> Result<Granted, AppError> {
    let found = match credentials.client.parse::<ClientId>() {
        Ok(id) => clients::find(app.store.reader(), id).await?,
        Err(_) => clients::find_by_name(app.store.reader(), &credentials.client).await?,
    };
    let given = secret_hash(&credentials.secret);
    let client = found.filter(|client| client.active && same(&client.secret_sha256, &given));
    let system = client.ok_or_else(|| AppError::NotSignedIn("unknown client".to_owned()))?.system;
    let officer = match credentials.actor_token {
        None => None,
        Some(_) if ![Scope::OfficersAct, Scope::OfficersActInFull].into_iter().any(|scope| system.may(scope)) => {
            return Err(not_for_officers());
        }
        Some(token) => Some(officer_of(app, &token).await?),
    };
    let life = Duration::minutes(i64::from(app.settings.token_minutes));
    let token = app.tokens.own.for_system(system.id, officer, app.now(), life);
    let token = token.map_err(|fault| AppError::broken("signing a token", fault))?;
    Ok(Granted { token, life, scopes: system.scopes })
}

/// How a secret is kept. Secrets are 32 random bytes, so a plain hash is enough.
pub(super) fn secret_hash(secret: &str) -> String {
    Sha256::digest(secret.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Compares in a time that does not depend on where two hashes differ.
fn same(left: &str, right: &str) -> bool {
    left.len() == right.len() && left.bytes().zip(right.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

async fn officer_of(app: &App, token: &str) -> Result<OfficerId, AppError> {
    match sign_in(app, token).await {
        Ok(caller) => match caller.actor {
            Actor::Officer(officer) if officer.through.is_none() => Ok(officer.id),
            // Nobody speaks for an officer on the word of another system.
            Actor::Officer(_) | Actor::System(_) | Actor::Clock | Actor::Software => Err(not_for_officers()),
        },
        Err(AppError::NotSignedIn(_)) => Err(not_for_officers()),
        Err(other) => Err(other),
    }
}

fn not_for_officers() -> AppError {
    AppError::Refused(Refusal::forbidden("officer-not-accepted", "This system may not speak for that officer."))
}
