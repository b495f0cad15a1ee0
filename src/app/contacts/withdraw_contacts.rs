//! What made a contact turned out not to have happened as it was told: it stays on the record and counts no longer; or
//! it was told again, and counts as before.

use super::attribute_contact::{happened, settle};
use crate::app::nominations::withdraw_unfounded;
use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::domain::contact::NotCounted;
use crate::domain::ids::{ContactId, PersonId};
use crate::store::{Tx, contacts};
use serde_json::json;
use std::collections::BTreeSet;

/// These contacts count for nobody any more; whoever they counted for is measured anew, and nominations that rested on
/// them are withdrawn.
///
/// # Errors
/// What the store says.
pub(crate) async fn withdraw(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (ids, reason): (&[ContactId], &str),
) -> Result<(), AppError> {
    let changed = (ids, None, Some(NotCounted::Withdrawn));
    let people = change(app, tx, actor, changed, ("withdrawn", reason)).await?;
    Box::pin(withdraw_unfounded(app, tx, &people, reason)).await
}

/// They count again.
///
/// # Errors
/// What the store says.
pub(crate) async fn bring_back(app: &App, tx: &Tx, actor: &Actor, ids: &[ContactId]) -> Result<(), AppError> {
    let changed = (ids, Some(NotCounted::Withdrawn), None);
    change(app, tx, actor, changed, ("brought_back", "It was told of again.")).await.map(drop)
}

/// Answers whom they count for.
async fn change(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (ids, from, to): (&[ContactId], Option<NotCounted>, Option<NotCounted>),
    (kind, reason): (&str, &str),
) -> Result<Vec<PersonId>, AppError> {
    let mut people = BTreeSet::new();
    for mut contact in contacts::with_ids(tx, ids).await?.into_iter().filter(|contact| contact.not_counted == from) {
        contact.not_counted = to;
        contacts::set_attribution(tx, &contact).await?;
        happened(app, tx, actor, contact.id, (kind, json!({ "reason": reason }))).await?;
        contact.version += 1;
        let counted_for = contact.counts_for;
        people.extend(counted_for);
        settle(app, tx, contact, counted_for).await?;
    }
    Ok(Vec::from_iter(people))
}
