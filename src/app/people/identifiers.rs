//! Ways to recognise a person are added, and end. None is ever rewritten.

use super::create_person::{MAY_KEEP_PEOPLE, happened};
use super::hidden::may_act_on;
use super::view::IdentifierView;
use crate::app::callers::{CALLS, adopt_calls_of_number};
use crate::app::outbox::lift_mark;
use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::case::Refusal;
use crate::domain::ids::{IdentifierId, PersonId};
use crate::domain::person::{Confidence, HolderRole, IdentifierKind, normalise};
use crate::store::identifiers::{self, Identifier};
use crate::store::{Tx, people, without_nul};
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
    let (inner, actor) = (app.clone(), actor.clone());
    let added = app.store.write(async move |tx| {
        let identifier = match add_in(&inner, tx, &actor, (person, new)).await? {
            Added::New(identifier) | Added::MailGoesThereAgain(identifier) => identifier,
            Added::Known => {
                return Err(Refusal::conflict("already-recorded", "This person has this identifier already.").into());
            }
        };
        Ok::<_, AppError>(IdentifierView::load(tx, identifier, inner.now()).await?)
    });
    Ok(added.await?)
}

/// Adds a way to recognise a person as a part of something larger. `None` where they have it already.
///
/// # Errors
/// As alone, but for `already-recorded`.
pub(crate) async fn recognise_in(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (person, new): (PersonId, NewIdentifier),
) -> Result<Option<IdentifierId>, AppError> {
    rights::officer_with(actor, &MAY_KEEP_PEOPLE)?;
    Ok(match add_in(app, tx, actor, (person, new)).await? {
        Added::New(identifier) => Some(identifier.id),
        Added::MailGoesThereAgain(_) | Added::Known => None,
    })
}

enum Added {
    New(Identifier),
    /// It was there, and mail could not be delivered to it.
    MailGoesThereAgain(Identifier),
    Known,
}

async fn add_in(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (person, new): (PersonId, NewIdentifier),
) -> Result<Added, AppError> {
    let fault = |fault: crate::domain::person::NotAnIdentifier| {
        AppError::invalid("/value", format!("As a {}, {fault}.", new.kind))
    };
    let identifier = Identifier {
        id: app.new_id(),
        person,
        kind: new.kind,
        value: normalise(new.kind, &new.value).map_err(fault)?,
        presented: without_nul(new.value),
        role: new.role,
        confidence: new.confidence,
        source: without_nul(new.source),
        recorded_by: Some(actor.reference()),
        recorded_at: app.now(),
        ended_at: None,
    };
    if identifier.kind == IdentifierKind::Telephone {
        // A file that comes in meanwhile would not see that the number is on file, nor we its calls.
        crate::store::hold(tx, &[CALLS]).await?;
    }
    may_act_on(tx, actor, Some(person)).await?;
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
            return Ok(Added::Known);
        }
        let told = json!({ "identifier": known.id, "source": identifier.source, "mailGoesThereAgain": true });
        happened(app, tx, actor, person, ("identifier_confirmed", told)).await?;
        return Ok(Added::MailGoesThereAgain(known));
    }
    identifiers::insert_many(tx, std::slice::from_ref(&identifier)).await?;
    people::touch(tx, &[person]).await?;
    let told = json!({
        "identifier": identifier.id, "kind": identifier.kind, "role": identifier.role,
        "confidence": identifier.confidence, "source": identifier.source, "mailGoesThereAgain": lifted,
    });
    happened(app, tx, actor, person, ("identifier_added", told)).await?;
    if identifier.kind == IdentifierKind::Telephone {
        Box::pin(adopt_calls_of_number(app, tx, actor, &identifier.value)).await?;
    }
    Ok(Added::New(identifier))
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
        let ended = end_identifier_in(&inner, tx, &actor, (person, id), &reason).await?;
        let ended = ended.ok_or_else(|| Refusal::conflict("already-ended", "This identifier ended before."))?;
        Ok::<_, AppError>(IdentifierView::load(tx, ended, inner.now()).await?)
    });
    Ok(ended.await?)
}

/// The same as a part of something larger. `None` where it ended before.
///
/// # Errors
/// As alone, but for `already-ended`.
pub(crate) async fn end_identifier_in(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (person, id): (PersonId, IdentifierId),
    reason: &str,
) -> Result<Option<Identifier>, AppError> {
    rights::officer_with(actor, &MAY_KEEP_PEOPLE)?;
    may_act_on(tx, actor, Some(person)).await?;
    let found = identifiers::find(tx, id).await?.filter(|found| found.person == person);
    let found = found.ok_or(AppError::NotFound)?;
    let now = app.now();
    if !identifiers::end(tx, id, now).await? {
        return Ok(None);
    }
    people::touch(tx, &[person]).await?;
    happened(app, tx, actor, person, ("identifier_ended", json!({ "identifier": id, "reason": reason }))).await?;
    Ok(Some(Identifier { ended_at: Some(now), ..found }))
}
