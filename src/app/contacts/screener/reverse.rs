//! A decision about a sender is taken back: their mail is asked about again.

use super::PERSON;
use super::list::DecisionView;
use crate::app::contacts::attribute_contact::{Decision, MAY_TRIAGE, attribute_together, happened};
use crate::app::people::{end_identifier_in, may_act_on};
use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::attribution::Certainty;
use crate::domain::case::Refusal;
use crate::domain::ids::{Id, PersonId};
use crate::store::contacts::{self, Contact};
use crate::store::screener::{self, DecisionRow};
use crate::store::{Tx, people};
use serde_json::json;
use uuid::Uuid;

/// Takes a decision back. What it attributed, and nobody attributed otherwise since, is nobody's again, and the address
/// it put on file is the person's no longer. What was filed as a list's meanwhile stays filed: each can be corrected.
///
/// # Errors
/// `named-person-required`, `wrong-role`, `complained-about`; `NotFound`; `Invalid` without a reason;
/// `already-reversed`.
pub async fn reverse_decision(app: &App, actor: &Actor, id: Uuid, reason: String) -> Result<DecisionView, AppError> {
    rights::officer_with(actor, &MAY_TRIAGE)?;
    if reason.trim().is_empty() {
        return Err(AppError::invalid("/reason", "Say why."));
    }
    let (inner, actor) = (app.clone(), actor.clone());
    let reversed = app.store.write(async move |tx| Box::pin(reverse_in(&inner, tx, &actor, (id, reason))).await);
    Ok(reversed.await?.into())
}

async fn reverse_in(app: &App, tx: &Tx, actor: &Actor, (id, reason): (Uuid, String)) -> Result<DecisionRow, AppError> {
    let officer = rights::named_person(actor)?.id;
    let row = screener::find(tx, id).await?.ok_or(AppError::NotFound)?;
    let person: Option<PersonId> = row.person_id.map(Id::from_uuid);
    may_act_on(tx, actor, person).await?;
    if row.reversed_at.is_some() {
        return Err(Refusal::conflict("already-reversed", "This decision was reversed before.").into());
    }
    let about = contacts::with_ids(tx, &screener::contacts_of(&row)).await?;
    if let (PERSON, Some(person)) = (row.decision.as_str(), person) {
        let root = people::root(tx, person).await?;
        let still = |contact: &Contact| {
            contact.certainty == Certainty::Confirmed && (contact.person == Some(person) || contact.person == root)
        };
        let back: Vec<Contact> = about.iter().filter(|contact| still(contact)).cloned().collect();
        attribute_together(app, tx, actor, (back, Decision::Nobody), &reason).await?;
        if let Some(identifier) = row.identifier_id {
            end_identifier_in(app, tx, actor, (person, Id::from_uuid(identifier)), &reason).await?;
        }
    }
    let now = app.now();
    screener::reverse(tx, id, (officer.as_uuid(), now), &reason).await?;
    for contact in &about {
        let told = json!({ "screening": id, "was": row.decision, "reason": reason });
        happened(app, tx, actor, contact.id, ("screening_reversed", told)).await?;
    }
    Ok(DecisionRow {
        reversed_by: Some(officer.as_uuid()),
        reversed_at: Some(now),
        reversal_reason: Some(reason),
        ..row
    })
}
