//! The case under review is erased with all that was opened under it; its person too, where nothing else about them is kept.
//!
//! What was disposed of is named, event by event, at the end of the review's own history: nothing else may be missing.

use super::Step;
use crate::app::AppError;
use crate::app::cases::act_on_case::{append, due};
use crate::app::cases::{pinned, retention};
use crate::domain::access::Actor;
use crate::domain::case::{Case, CaseEvent, Decision, Happening, Refusal};
use crate::domain::ids::{CaseId, EventId};
use crate::store::{Tx, cases, disposal, people};

/// # Errors
/// `named-person-required`; `no-case-to-review` where the case is not there any more.
pub(super) async fn dispose(step: Step<'_>, tx: &Tx) -> Result<(), AppError> {
    if step.actor.officer().is_none() {
        return Err(Refusal::named_person_required().into());
    }
    let row = match retention::reviewed(&step.case.data) {
        Some(id) => cases::find_row(tx, id).await?.filter(|row| !disposal::is_gravestone(&row.data)),
        None => None,
    };
    let Some(row) = row else {
        return Err(Refusal::conflict("no-case-to-review", "The case is not on file any more.").into());
    };
    let reviewed = CaseId::from_uuid(row.id);
    let on_file = retention::OnFile::of(tx, row).await?;
    let ids: Vec<CaseId> = on_file.reviewed.iter().map(|row| CaseId::from_uuid(row.id)).collect();
    let mut streams = disposal::erase_cases(tx, &ids, step.app.now(), step.case.id).await?.streams;
    if on_file.others.is_empty() && !on_file.members.is_empty() {
        for review in &on_file.reviews {
            forget_person(step, tx, CaseId::from_uuid(review.id)).await?;
        }
        streams.extend(disposal::erase_people(tx, &on_file.members).await?.streams);
    } else {
        people::touch(tx, &on_file.members).await?;
    }
    let event: EventId = step.app.new_id();
    let streams = disposal::blank(tx, &streams, event).await?;
    keep(step, tx, (event, Happening::Disposed { case: reviewed, streams })).await
}

/// A review of somebody who is not on file any more is about nobody.
async fn forget_person(step: Step<'_>, tx: &Tx, review: CaseId) -> Result<(), AppError> {
    let Some(mut case) = cases::load(tx, review).await? else { return Ok(()) };
    let what =
        Happening::PersonLinked { person: None, reason: "Nothing is kept about the person any more.".to_owned() };
    let event = CaseEvent { at: step.app.now(), actor: Actor::Software.reference(), what };
    case.apply(&event);
    let workflow = pinned::workflow(step.app, tx, &case.content_hash).await?;
    append(step.app, tx, &workflow, &Decision { events: vec![event], effects: Vec::new(), case }).await?;
    Ok(())
}

/// Under the id that every marker names.
async fn keep(step: Step<'_>, tx: &Tx, (id, what): (EventId, Happening)) -> Result<(), AppError> {
    let mut case: Case = cases::load(tx, step.case.id).await?.ok_or(AppError::NotFound)?;
    let event = CaseEvent { at: step.app.now(), actor: step.actor.reference(), what };
    case.apply(&event);
    let due = due(step.app, step.workflow, &case);
    Ok(cases::append(tx, &case, vec![(id, event)], due).await?)
}
