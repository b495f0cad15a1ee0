//! A seal over the whole history, once a day: see `store::seals` for what it proves.

use crate::app::{App, AppError};
use crate::store::StoreError;
use crate::store::seals;
use chrono::Duration;
use uuid::Uuid;

/// Seals what has happened since the last seal, when that was a day ago or more. Several workers may do it at the same
/// time; one of them seals.
pub async fn seal_history(app: &App) -> Result<(), AppError> {
    let now = app.now();
    let last = seals::latest(app.store.reader()).await?;
    if last.is_some_and(|seal| now < seal.at + Duration::days(1)) {
        return Ok(());
    }
    let id: Uuid = app.new_id::<()>().as_uuid();
    match seals::seal(&app.store, id, now).await {
        Ok(Some(seal)) => {
            tracing::info!(seal.root, seal.streams, seal.up_to_position, "the history was sealed");
            Ok(())
        }
        // Nothing has happened, or somebody else was quicker.
        Ok(None) | Err(StoreError::StaleVersion) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
