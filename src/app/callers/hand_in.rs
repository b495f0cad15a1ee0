//! A file that was handed in is kept until it is read: somebody looks at it first, starts it, and may go away meanwhile.

use super::MAY_IMPORT;
use super::file_rows::FileRows;
use super::import_calls::{CallFileOf, Preview, begun, carry_on, preview_rows, profile, settle};
use crate::app::{App, AppError, JobOutcome, rights};
use crate::domain::access::{Actor, Scope};
use crate::domain::case::Refusal;
use crate::domain::ids::CallImportId;
use crate::store::Tx;
use crate::store::call_imports::{self, CallImport, ImportStatus};
use crate::store::jobs::{self, Job, NewJob};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::io::Read;
use std::time::{Duration, Instant};

/// The kind of job that reads a file that was handed in.
pub const READ_CALLS: &str = "read_calls";

/// So long one turn of a job reads; then it lets others have theirs.
const A_TURN: Duration = Duration::from_secs(60);

#[derive(Serialize, Deserialize)]
struct Payload {
    import: CallImportId,
}

/// Keeps a file, to be looked at and started. Nothing of it is read as calls yet.
///
/// # Errors
/// `Refused`; `Invalid` for an unknown profile, an empty file, or one whose columns are not the profile's.
pub async fn hand_in_calls(app: &App, actor: &Actor, file: CallFileOf, bytes: Vec<u8>) -> Result<CallImport, AppError> {
    rights::system_or_officer(actor, Scope::CallsImport, &MAY_IMPORT)?;
    let mut import = begun(app, actor, file)?;
    import.status = ImportStatus::Waiting;
    opened(app, &import.profile, &bytes[..])?;
    let kept = import.clone();
    let written = app.store.write(async move |tx| {
        call_imports::insert(tx, &kept).await?;
        Ok::<_, AppError>(call_imports::keep_file(tx, kept.id, &bytes).await?)
    });
    written.await?;
    Ok(import)
}

/// The rows of a file, read by a profile.
fn opened<'a, R: Read>(app: &'a App, name: &str, bytes: R) -> Result<FileRows<'a, R>, AppError> {
    let profile = profile(app, name)?;
    let file = FileRows::open(bytes, profile, app.now(), app.settings.imports.most_bytes);
    file.map_err(|fault| AppError::invalid("/file", format!("{fault}.")))
}

/// What starting it would do; nothing is kept.
///
/// # Errors
/// `Refused`; `NotFound`, also when it was started or thrown away.
pub async fn look_at_handed_in(app: &App, actor: &Actor, id: CallImportId) -> Result<(CallImport, Preview), AppError> {
    rights::system_or_officer(actor, Scope::CallsImport, &MAY_IMPORT)?;
    let db = app.store.reader();
    let import = call_imports::find(db, id).await?.filter(|import| import.status == ImportStatus::Waiting);
    let import = import.ok_or(AppError::NotFound)?;
    let bytes = call_imports::file(db, id).await?;
    let rows = opened(app, &import.profile, &bytes[..])?;
    let preview = preview_rows(app, &import.profile, rows).await?;
    Ok((import, preview))
}

/// Starts reading it: a job does, in turns, until the file ends.
///
/// # Errors
/// `Refused`; `NotFound`; `already-started`.
pub async fn start_import(app: &App, actor: &Actor, id: CallImportId) -> Result<CallImport, AppError> {
    rights::system_or_officer(actor, Scope::CallsImport, &MAY_IMPORT)?;
    let inner = app.clone();
    let started = app.store.write(async move |tx| {
        let mut import = waiting(tx, id).await?;
        import.status = ImportStatus::Running;
        call_imports::update(tx, &import).await?;
        let read = NewJob {
            id: inner.new_id(),
            kind: READ_CALLS.to_owned(),
            payload: json!(Payload { import: id }),
            key: format!("{READ_CALLS}/{id}"),
            run_at: inner.now(),
            created_at: inner.now(),
        };
        jobs::enqueue(tx, vec![read]).await?;
        Ok::<_, AppError>(import)
    });
    Ok(started.await?)
}

/// Throws it away before it is read.
///
/// # Errors
/// `Refused`; `NotFound`; `already-started`.
pub async fn drop_import(app: &App, actor: &Actor, id: CallImportId) -> Result<CallImport, AppError> {
    rights::system_or_officer(actor, Scope::CallsImport, &MAY_IMPORT)?;
    let inner = app.clone();
    let dropped = app.store.write(async move |tx| {
        let mut import = waiting(tx, id).await?;
        import.status = ImportStatus::Dropped;
        import.ended_at = Some(inner.now());
        call_imports::update(tx, &import).await?;
        call_imports::forget_file(tx, id).await?;
        Ok::<_, AppError>(import)
    });
    Ok(dropped.await?)
}

async fn waiting(tx: &Tx, id: CallImportId) -> Result<CallImport, AppError> {
    let import = call_imports::find(tx, id).await?.ok_or(AppError::NotFound)?;
    if import.status == ImportStatus::Waiting {
        return Ok(import);
    }
    Err(Refusal::conflict("already-started", "It was started, or thrown away, before.").into())
}

/// Reads files that were started, a turn each.
pub async fn read_handed_in(app: &App, jobs: &[Job]) -> Vec<JobOutcome> {
    let mut outcomes = Vec::with_capacity(jobs.len());
    for job in jobs {
        outcomes.push(match serde_json::from_value::<Payload>(job.payload.clone()) {
            Ok(Payload { import }) => a_turn(app, import).await.unwrap_or_else(|error| Err(error).into()),
            Err(error) => JobOutcome::GiveUp(format!("the payload is unreadable: {error}")),
        });
    }
    outcomes
}

async fn a_turn(app: &App, id: CallImportId) -> Result<JobOutcome, AppError> {
    let import = call_imports::find(app.store.reader(), id).await?.ok_or(AppError::NotFound)?;
    if matches!(import.status, ImportStatus::Undoing | ImportStatus::Undone) {
        return forget(app, id).await;
    }
    if import.status != ImportStatus::Running {
        return Ok(JobOutcome::Done);
    }
    let bytes = call_imports::file(app.store.reader(), id).await?;
    let import = match opened(app, &import.profile, &bytes[..]) {
        Err(AppError::Invalid(_)) => {
            settle(app, import, Some("the file cannot be read by this profile any more")).await?
        }
        Err(other) => return Err(other),
        Ok(mut rows) => {
            let until = Instant::now() + A_TURN;
            Box::pin(carry_on(app, &Actor::Software, import, &mut rows, (Some(until), |_: &_| {}))).await?
        }
    };
    if import.status == ImportStatus::Running {
        return Ok(JobOutcome::NotBefore(app.now()));
    }
    forget(app, id).await
}

/// Nobody reads the file any more.
async fn forget(app: &App, id: CallImportId) -> Result<JobOutcome, AppError> {
    app.store.write(async move |tx| Ok::<_, AppError>(call_imports::forget_file(tx, id).await?)).await?;
    Ok(JobOutcome::Done)
}

/// A file that could not be read goes back on the desk of who handed it in.
pub async fn give_up_reading(app: &App, tx: &Tx, job: &Job) -> Result<(), AppError> {
    let Ok(Payload { import }) = serde_json::from_value::<Payload>(job.payload.clone()) else { return Ok(()) };
    let running = call_imports::find(tx, import).await?.filter(|import| import.status == ImportStatus::Running);
    let Some(mut import) = running else { return Ok(()) };
    import.status = ImportStatus::Failed;
    import.trouble = Some("it was given up after many attempts; a job lies dead".to_owned());
    import.ended_at = Some(app.now());
    Ok(call_imports::update(tx, &import).await?)
}
