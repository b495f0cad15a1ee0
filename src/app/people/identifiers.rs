//! Ways to recognise a person are added, and end. None is ever rewritten.

use super::create_person::{MAY_KEEP_PEOPLE, happened};
use super::hidden::may_act_on;
use super::view::IdentifierView;
use crate::app::outbox::lift_mark;
use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::case::Refusal;
use crate::domain::ids::{IdentifierId, PersonId};
use crate::domain::person::{Confidence, HolderRole, IdentifierKind, normalise};
use crate::store::identifiers::{self, Identifier};
use crate::store::{people, without_nul};
use serde_json::json;

#[derive(Clone, Debug)]
pub struct NewIdentifier {
    pub kind: IdentifierKind,
    /// As written.
    pub value: String,
    pub role: HolderRole,
    pub confidence: Confidence,
    /// How we know.
    pub source: String,
}

/// Adds a way to recognise a person. Confirming a mail address, also one that the person has already, lets mail go there
/// again where it could not be reached before.
///
/// # Errors
/// `Refused`; `NotFound`; `Invalid` for what cannot be an identifier of its kind; `already-recorded` where the person
/// has it already and nothing stood in the way of mail to it.
pub async fn add_identifier(
    app: &App,
    actor: &Actor,
    person: PersonId,
    new: NewIdentifier,
) -> Result<IdentifierView, AppError> {
    rights::officer_with(actor, &MAY_KEEP_PEOPLE)?;
    let fault = |fault: crate::domain::person::NotAnIdentifier| {
        AppError::invalid("/value", format!("As a {}, {fault}.", new.kind))
    };
    let value = normalise(new.kind, &new.value).map_err(fault)?;
    let identifier = Identifier {
        id: app.new_id(),
        person,
        kind: new.kind,
        value,
        presented: without_nul(new.value),
        role: new.role,
        confidence: new.confidence,
        source: without_nul(new.source),
        recorded_by: Some(actor.reference()),
        recorded_at: app.now(),
        ended_at: None,
    };
    let (inner, actor) = (app.clone(), actor.clone());
    let added = app.store.write(async move |tx| {
        may_act_on(tx, &actor, Some(person)).await?;
        people::find(tx, person).await?.ok_or(AppError::NotFound)?;
        let same = |known: &Identifier| {
            known.ended_at.is_none()
                && (known.kind, &known.value, known.role) == (identifier.kind, &identifier.value, identifier.role)
        };
        let lifted = confirms_address(&identifier) && lift_mark(tx, &identifier.value).await?;
        let recorded = identifiers::of_people(tx, &[person]).await?;
        let known = recorded.into_iter().find(|known| same(known) && known.confidence <= identifier.confidence);
        if let Some(known) = known {
            if !lifted {
                return Err(Refusal::conflict("already-recorded", "This person has this identifier already.").into());
            }
            let told = json!({ "identifier": known.id, "source": identifier.source, "mailGoesThereAgain": true });
            happened(&inner, tx, &actor, person, ("identifier_confirmed", told)).await?;
            return Ok(IdentifierView::from(known));
        }
        identifiers::insert_many(tx, std::slice::from_ref(&identifier)).await?;
        people::touch(tx, &[person]).await?;
        let told = json!({
            "identifier": identifier.id, "kind": identifier.kind, "role": identifier.role,
            "confidence": identifier.confidence, "source": identifier.source, "mailGoesThereAgain": lifted,
        });
        happened(&inner, tx, &actor, person, ("identifier_added", told)).await?;
        Ok(IdentifierView::from(identifier))
    });
    Ok(added.await?)
}

fn confirms_address(new: &Identifier) -> bool {
    (new.kind, new.confidence) == (IdentifierKind::Email, Confidence::Confirmed)
}

/// From now on the person is no longer recognised by it. What it proved before stays.
///
/// # Errors
/// `Refused`; `NotFound`; `already-ended`.
pub async fn end_identifier(
    app: &App,
    actor: &Actor,
    (person, id): (PersonId, IdentifierId),
    reason: String,
) -> Result<IdentifierView, AppError> {
    rights::officer_with(actor, &MAY_KEEP_PEOPLE)?;
    let (inner, actor) = (app.clone(), actor.clone());
    let ended = app.store.write(async move |tx| {
        may_act_on(tx, &actor, Some(person)).await?;
        let found = identifiers::find(tx, id).await?.filter(|found| found.person == person);
        let found = found.ok_or(AppError::NotFound)?;
        let now = inner.now();
        if !identifiers::end(tx, id, now).await? {
            return Err(Refusal::conflict("already-ended", "This identifier ended before.").into());
        }
        people::touch(tx, &[person]).await?;
        happened(&inner, tx, &actor, person, ("identifier_ended", json!({ "identifier": id, "reason": reason })))
            .await?;
        Ok(IdentifierView::from(Identifier { ended_at: Some(now), ..found }))
    });
    Ok(ended.await?)
}
