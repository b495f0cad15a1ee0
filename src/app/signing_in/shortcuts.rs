//! Whether single keys do things for an officer: off until they turn it on (WCAG 2.1.4).

use crate::app::{App, AppError};
use crate::domain::access::Officer;
use crate::store::credentials;

/// # Errors
/// When the database cannot be reached.
pub async fn choose_shortcuts(app: &App, officer: &Officer, on: bool) -> Result<(), AppError> {
    let id = officer.id;
    let chosen = app.store.write(async move |tx| {
        let kept = credentials::find(tx, id).await?;
        credentials::save(tx, credentials::Credentials { shortcuts: on, ..kept }).await?;
        Ok::<_, AppError>(())
    });
    Ok(chosen.await?)
}
