//! An import is undone, or a call that was recorded by mistake is taken back: its rows stay and count for nobody, calls that other systems recorded too stay calls, contacts
//! and nominations that rested on it alone are withdrawn.

use super::acquaint::forget;
use super::match_calls::match_again;
use super::reconsider::reconsider;
use super::regroup::regroup;
use super::{CALLS, MAY_IMPORT};
use crate::app::contacts::withdraw;
use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::case::Refusal;
use crate::domain::ids::{CallId, CallImportId, CallerId, ContactId};
use crate::store::Tx;
use crate::store::call_imports::{self, CallImport, ImportStatus, Undone};
use crate::store::calls::{self, Call};
use std::collections::BTreeSet;

/// So many rows are withdrawn in one transaction.
const ROWS_A_TRANSACTION: u64 = 1_000;

/// Undoes an import; one that is still being read stops. An undoing that was stopped on the way is finished by asking
/// again.
///
/// # Errors
/// `Refused`; `NotFound`; `Invalid` without a reason; `not-started`; `nothing-imported`.
pub async fn undo_import(app: &App, actor: &Actor, id: CallImportId, because: String) -> Result<CallImport, AppError> {
    rights::software_or_officer(actor, &MAY_IMPORT)?;
    if because.trim().is_empty() {
        return Err(AppError::invalid("/reason", "Say why."));
    }
    let (inner, by) = (app.clone(), actor.reference());
    let reason = because.clone();
    let begun = app.store.write(async move |tx| {
        crate::store::hold(tx, &[CALLS]).await?;
        let mut import = call_imports::find(tx, id).await?.ok_or(AppError::NotFound)?;
        match import.status {
            ImportStatus::Dropped => {
                return Err(Refusal::conflict("nothing-imported", "It was thrown away before it was read.").into());
            }
            ImportStatus::Waiting => {
                return Err(Refusal::conflict("not-started", "It was not started; throw it away instead.").into());
            }
            // Whoever still reads it finds it undone at the next portion, and stops.
            ImportStatus::Running | ImportStatus::Done | ImportStatus::Failed => {
                import.status = ImportStatus::Undoing;
                import.undone = Some(Undone { by, at: inner.now(), because: reason });
                call_imports::update(tx, &import).await?;
            }
            ImportStatus::Undoing | ImportStatus::Undone => {}
        }
        Ok::<_, AppError>(import)
    });
    begun.await?;
    let mut after = None;
    loop {
        let (inner, actor, because) = (app.clone(), actor.clone(), because.clone());
        let portion = (id, after);
        let done =
            app.store.write(async move |tx| Box::pin(withdraw_some(&inner, tx, &actor, portion, &because)).await);
        after = match done.await? {
            None => return finish(app, id).await,
            last => last,
        };
    }
}

/// No row of it stands any more.
async fn finish(app: &App, id: CallImportId) -> Result<CallImport, AppError> {
    let finished = app.store.write(async move |tx| {
        crate::store::hold(tx, &[CALLS]).await?;
        let mut import = call_imports::find(tx, id).await?.ok_or(AppError::NotFound)?;
        if import.status == ImportStatus::Undoing {
            import.status = ImportStatus::Undone;
            call_imports::update(tx, &import).await?;
        }
        Ok::<_, AppError>(import)
    });
    Ok(finished.await?)
}

/// Withdraws the next rows. Answers the last of them.
async fn withdraw_some(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (import, after): (CallImportId, Option<CallId>),
    because: &str,
) -> Result<Option<CallId>, AppError> {
    crate::store::hold(tx, &[CALLS]).await?;
    let rows = calls::standing_of_import(tx, import, after, ROWS_A_TRANSACTION).await?;
    withdraw_rows(app, tx, actor, (&rows, because)).await?;
    Ok(rows.last().map(|row| row.id))
}

/// A call that no other system recorded was recorded by mistake while somebody was on the line. Whoever asks holds
/// [`CALLS`].
///
/// # Errors
/// What the store says.
pub(crate) async fn take_back_call(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (call, because): (CallId, &str),
) -> Result<(), AppError> {
    let Some(row) = calls::find(tx, call).await?.filter(|row| row.withdrawn_at.is_none()) else { return Ok(()) };
    // Its contact is no other call's: it is not left to one that began within the same seconds.
    let contact: Vec<ContactId> = row.contact.into_iter().collect();
    Box::pin(withdraw(app, tx, actor, (&contact, because))).await?;
    withdraw_rows(app, tx, actor, (&[Call { contact: None, ..row }], because)).await
}

/// These rows count for nobody any more, and what rested on them is told anew.
async fn withdraw_rows(app: &App, tx: &Tx, actor: &Actor, (rows, because): (&[Call], &str)) -> Result<(), AppError> {
    calls::withdraw(tx, &rows.iter().map(|row| row.id).collect::<Vec<_>>(), app.now()).await?;
    let matched = match_again(tx, app.catalog.registers().same_call, rows).await?;
    let regrouped = regroup(app, tx, actor, (&matched, &[]), because).await?;
    let callers: BTreeSet<CallerId> = rows.iter().filter_map(|row| row.caller).collect();
    let callers = Vec::from_iter(callers);
    let other_kind = forget(tx, &callers).await?;
    reconsider(app, tx, &callers, (regrouped.counted, &other_kind)).await
}
