//! What is found of stored rows when calls are told apart anew is written: which rows stand for them, and one contact
//! each for calls of people on file.

use super::become_contacts::{Known, keep_contacts};
use super::match_calls::Matched;
use crate::app::contacts::{bring_back, withdraw};
use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::domain::ids::{CallId, CallerId, ContactId};
use crate::store::Tx;
use crate::store::calls::{self, Call};
use chrono::{DateTime, Utc};
use std::collections::HashSet;

/// Calls that were not counted before.
#[derive(Debug, Default)]
pub(super) struct Regrouped {
    /// Whose, and when they began.
    pub(super) counted: Vec<(CallerId, DateTime<Utc>)>,
    /// Those of people on file, and those whose contact counts again.
    pub(super) contacts: usize,
}

/// Writes it, but for the fresh rows. `because`: what is said of contacts that no call is left for.
pub(super) async fn regroup(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (matched, fresh): (&Matched, &[Call]),
    because: &str,
) -> Result<Regrouped, AppError> {
    matched.write(tx).await?;
    let shared = &matched.contacts;
    Box::pin(withdraw(app, tx, actor, (&shared.surplus, because))).await?;
    Box::pin(bring_back(app, tx, actor, &shared.back)).await?;
    let mut regrouped = Regrouped { contacts: shared.back.len(), ..Regrouped::default() };
    let fresh: HashSet<CallId> = fresh.iter().map(|call| call.id).collect();
    let stored: Vec<CallId> = matched.new.difference(&fresh).copied().collect();
    if stored.is_empty() {
        return Ok(regrouped);
    }
    let stored = calls::with_ids(tx, &stored).await?;
    regrouped.counted = stored.iter().filter_map(|call| Some((call.caller?, call.started_at))).collect();
    let unrecorded: Vec<&Call> = stored.iter().filter(|call| call.contact.is_none()).collect();
    let taken: HashSet<ContactId> = shared.of.values().copied().collect();
    regrouped.contacts += keep_contacts(app, tx, actor, (&unrecorded, Known { person: None, taken: &taken })).await?;
    Ok(regrouped)
}
