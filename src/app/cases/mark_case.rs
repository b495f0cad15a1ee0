//! The protective marking of a case (R2): raised by whoever works on it, with all that belongs to it; lowered only by
//! somebody who answers for it, one case at a time.

use super::act_on_case::append;
use super::{pinned, seeing};
use crate::app::{App, AppError, rights};
use crate::domain::access::{Actor, Role};
use crate::domain::case::{Case, CaseEvent, Decision, Happening, Refusal};
use crate::domain::ids::CaseId;
use crate::domain::marking::Marking;
use crate::store::{Tx, cases};

const MAY_RAISE: [Role; 6] =
    [Role::PsdStaff, Role::PsdSupervisor, Role::Spoc, Role::Chair, Role::AppropriateAuthority, Role::Records];
const MAY_LOWER: [Role; 2] = [Role::AppropriateAuthority, Role::Records];

/// A marking as a door hands it in.
#[derive(Clone, Debug)]
pub struct Remarking {
    pub case: CaseId,
    /// The version the officer read; `None`: whatever it is.
    pub expected_version: Option<i64>,
    pub marking: Marking,
    pub reason: String,
}

/// Gives a case another marking. Raising it raises the cases under it too; lowering it lowers nothing else, and what is
/// shown of several cases keeps the highest.
///
/// # Errors
/// `wrong-role`; `NotFound`; `complained-about`; `StaleVersion`; `already-marked`; `Invalid` without a reason, or below
/// what everything here bears.
pub async fn mark_case(app: &App, actor: &Actor, asked: Remarking) -> Result<Case, AppError> {
    rights::officer_with(actor, &MAY_RAISE)?;
    if asked.reason.trim().is_empty() {
        return Err(AppError::invalid("/reason", "Say why the marking changes."));
    }
    if asked.marking < app.settings.marking {
        let message = format!("Nothing here is marked lower than {}.", app.settings.marking);
        return Err(AppError::invalid("/marking", message));
    }
    let (inner, actor) = (app.clone(), actor.clone());
    Ok(app.store.write(async move |tx| Box::pin(mark_in(&inner, tx, &actor, asked)).await).await?)
}

async fn mark_in(app: &App, tx: &Tx, actor: &Actor, asked: Remarking) -> Result<Case, AppError> {
    let case = seeing::visible_to_act(app, tx, actor, asked.case).await?;
    if let Some(expected) = asked.expected_version
        && expected != case.version
    {
        return Err(AppError::StaleVersion { expected, found: case.version });
    }
    let present = app.shown_with(case.marking);
    if asked.marking == present {
        return Err(Refusal::conflict("already-marked", format!("This case is marked {present} already.")).into());
    }
    if asked.marking < present {
        rights::officer_with(actor, &MAY_LOWER)?;
    } else {
        raise_below(app, tx, actor, &asked).await?;
    }
    mark(app, tx, actor, case, &asked).await
}

/// Every case below this one that is marked lower, however deep.
async fn raise_below(app: &App, tx: &Tx, actor: &Actor, asked: &Remarking) -> Result<(), AppError> {
    for below in cases::below(tx, asked.case).await? {
        let Some(below) = cases::load(tx, CaseId::from_uuid(below.id)).await? else { continue };
        if below.marking < asked.marking {
            mark(app, tx, actor, below, asked).await?;
        }
    }
    Ok(())
}

async fn mark(app: &App, tx: &Tx, actor: &Actor, mut case: Case, asked: &Remarking) -> Result<Case, AppError> {
    let what = Happening::Marked { marking: asked.marking, reason: asked.reason.trim().to_owned() };
    let event = CaseEvent { at: app.now(), actor: actor.reference(), what };
    case.apply(&event);
    let workflow = pinned::workflow(app, tx, &case.content_hash).await?;
    let decision = Decision { events: vec![event], effects: Vec::new(), case };
    append(app, tx, &workflow, &decision).await?;
    Ok(decision.case)
}
