//! The keys of the built-in token issuer: made once, kept in the database, shared by every process on it.

use crate::app::{App, AppError, read_own_keys};
use crate::id_source;
use crate::store::keys::{self, KeyRow};
use crate::tokens::OwnKey;
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// Sees to it that there is a key, and takes the keys into use.
///
/// # Errors
/// When no key can be made or kept.
pub async fn prepare_signing_keys(app: &App) -> Result<(), AppError> {
    let seed = id_source::random_secret().map_err(|error| AppError::broken("making a signing key", error))?;
    let fresh = OwnKey::from_seed(&seed).map_err(|error| AppError::broken("making a signing key", error))?;
    let now = app.now();
    let made = app.store.write(async move |tx| {
        if keys::in_use(tx).await?.is_empty() {
            let OwnKey { kid, private_pem, public_pem } = fresh;
            keys::insert(tx, KeyRow { kid, private_pem, public_pem }, now).await?;
        }
        Ok::<_, AppError>(())
    });
    made.await?;
    read_own_keys(app).await
}

/// A secret of this database for one purpose, for operators who set none: the same in every process and after every
/// restart, and unknown to whoever has not read the keys.
///
/// # Errors
/// When the keys cannot be read.
pub async fn derived_secret(app: &App, purpose: &str) -> Result<String, AppError> {
    let first = keys::first(app.store.reader()).await?.ok_or(AppError::NotFound)?;
    let hmac = Hmac::<Sha256>::new_from_slice(first.private_pem.as_bytes());
    let mut hmac = hmac.map_err(|error| AppError::broken("deriving a secret", error))?;
    hmac.update(purpose.as_bytes());
    Ok(hex::encode(hmac.finalize().into_bytes()))
}
