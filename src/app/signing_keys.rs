//! The keys of the built-in token issuer: made once, kept in the database, shared by every process on it.

use crate::app::{App, AppError, read_own_keys};
use crate::id_source;
use crate::store::keys::{self, KeyRow};
use crate::tokens::OwnKey;

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
