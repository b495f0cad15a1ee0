//! An import is undone: its rows stay and count for nobody, calls that other systems recorded too stay calls, contacts
//! and nominations that rested on it alone are withdrawn.

use super::match_calls::{Moved, match_again, seen};
use super::{CALLS, MAY_IMPORT};
use crate::app::contacts::withdraw;
use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::case::Refusal;
use crate::domain::ids::{CallId, CallImportId, CallerId, ContactId};
use crate::domain::nomination::Hit;
use crate::store::call_imports::{self, CallImport, ImportStatus, Undone};
use crate::store::calls::{self, Call};
use crate::store::{Tx, nominations};
use std::collections::{BTreeSet, HashMap};

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
                import.status = ImportStatus::Undone;
                import.undone = Some(Undone { by, at: inner.now(), because: reason });
                call_imports::update(tx, &import).await?;
            }
            ImportStatus::Undone => {}
        }
        Ok::<_, AppError>(import)
    });
    let import = begun.await?;
    let mut after = None;
    loop {
        let (inner, actor, because) = (app.clone(), actor.clone(), because.clone());
        let portion = (id, after);
        let done =
            app.store.write(async move |tx| Box::pin(withdraw_some(&inner, tx, &actor, portion, &because)).await);
        after = match done.await? {
            None => return Ok(import),
            last => last,
        };
    }
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
    calls::withdraw(tx, &rows.iter().map(|row| row.id).collect::<Vec<_>>(), app.now()).await?;
    let around: Vec<_> = rows.iter().filter(|row| row.number.is_some()).filter_map(seen).collect();
    let again = match_again(tx, app.catalog.registers().same_call, &around).await?;
    again.write(tx).await?;
    let orphaned = hand_on(tx, &rows, &again.moved).await?;
    Box::pin(withdraw(app, tx, actor, (&orphaned, because))).await?;
    let callers: BTreeSet<CallerId> = rows.iter().filter_map(|row| row.caller).collect();
    withdraw_nominations(app, tx, &Vec::from_iter(callers)).await?;
    Ok(rows.last().map(|row| row.id))
}

/// A contact goes on to the row that stands for its call now. Answers the contacts whose call no other system recorded.
async fn hand_on(tx: &Tx, withdrawn: &[Call], moved: &[Moved]) -> Result<Vec<ContactId>, AppError> {
    let mut contacts: HashMap<CallId, ContactId> =
        withdrawn.iter().filter_map(|row| Some((row.id, row.contact?))).collect();
    let mut on = Vec::new();
    for moved in moved.iter().filter(|moved| moved.counts) {
        if let Some(contact) = contacts.remove(&moved.was) {
            on.extend([(moved.row, Some(contact)), (moved.was, None)]);
        }
    }
    calls::set_contacts(tx, &on).await?;
    Ok(contacts.into_values().collect())
}

/// Nominations whose window no longer holds enough calls.
async fn withdraw_nominations(app: &App, tx: &Tx, callers: &[CallerId]) -> Result<(), AppError> {
    let hits = nominations::hits_of_callers(tx, callers).await?;
    let all = hits.values().flatten().map(|(_, hit)| hit);
    let (Some(from), Some(until)) =
        (all.clone().map(|hit| hit.window_start).min(), all.map(|hit| hit.reached_at).max())
    else {
        return Ok(());
    };
    let times = calls::counted_times(tx, callers, (from, until)).await?;
    let mut gone = Vec::new();
    for ((caller, name), hits) in hits {
        let Some(rule) = app.catalog.nomination_rules().iter().find(|rule| rule.rule == name) else { continue };
        let history = times.get(&caller).map_or(&[][..], Vec::as_slice);
        let holds = |hit: &Hit| {
            let opening = rule.window.opening(hit.reached_at);
            let within = history
                .iter()
                .filter(|(at, channel)| rule.counts(*channel) && opening.admits(*at) && *at <= hit.reached_at);
            within.count() >= usize::try_from(rule.at_least).unwrap_or(usize::MAX)
        };
        gone.extend(hits.iter().filter(|(_, hit)| !holds(hit)).map(|(id, _)| *id));
    }
    Ok(nominations::withdraw(tx, &gone, app.now()).await?)
}
