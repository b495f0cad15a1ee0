//! A program that reads a file may be killed: its import says that it is being read, and nobody reads. Once all that it
//! kept was read again to the end of a file, the import of that file keeps it, and the other is over.

use super::CALLS;
use crate::app::{App, AppError};
use crate::domain::ids::CallImportId;
use crate::store::call_imports::{self, CallImport, ImportStatus};
use crate::store::calls;
use chrono::Duration;
use std::collections::HashMap;

/// A reader that kept nothing of a file for so long is taken for killed.
const NOTHING_FOR: Duration = Duration::hours(1);

/// `known_of`: how many rows of the file that was read are kept by which import.
pub(super) async fn take_over(
    app: &App,
    read: CallImport,
    known_of: &HashMap<CallImportId, u64>,
) -> Result<CallImport, AppError> {
    if read.status != ImportStatus::Done {
        return Ok(read);
    }
    let now = app.now();
    let broken_off = |left: &CallImport| match left.counts.kept {
        0 => left.file_name == read.file_name && left.counts.read == 0 && now - left.began_at > NOTHING_FOR,
        kept => known_of.get(&left.id) == Some(&kept),
    };
    let reading = call_imports::reading(app.store.reader(), &read.profile).await?;
    let left: Vec<CallImportId> = reading.iter().filter(|left| broken_off(left)).map(|left| left.id).collect();
    if left.is_empty() {
        return Ok(read);
    }
    let (id, profile) = (read.id, read.profile.clone());
    let known_of = known_of.clone();
    let taken = app.store.write(async move |tx| {
        crate::store::hold(tx, &[CALLS]).await?;
        let mut import = call_imports::find(tx, id).await?.ok_or(AppError::NotFound)?;
        if import.status != ImportStatus::Done {
            return Ok(import);
        }
        let reading = call_imports::reading(tx, &profile).await?;
        for mut broken in reading.into_iter().filter(|one| left.contains(&one.id)) {
            let kept = broken.counts.kept;
            if kept != known_of.get(&broken.id).copied().unwrap_or(0) {
                // Somebody reads it after all.
                continue;
            }
            calls::hand_over(tx, (broken.id, id)).await?;
            broken.counts.kept = 0;
            broken.counts.known += kept;
            import.counts.kept += kept;
            import.counts.known -= kept.min(import.counts.known);
            import.first_call_at = import.first_call_at.into_iter().chain(broken.first_call_at).min();
            import.last_call_at = import.last_call_at.into_iter().chain(broken.last_call_at).max();
            broken.status = ImportStatus::Failed;
            broken.ended_at = Some(now);
            broken.trouble =
                Some(format!("it broke off; what it had kept was read again and belongs to import {id} now"));
            call_imports::update(tx, &broken).await?;
        }
        call_imports::update(tx, &import).await?;
        Ok::<_, AppError>(import)
    });
    Ok(taken.await?)
}
