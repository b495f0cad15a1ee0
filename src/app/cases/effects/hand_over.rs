//! Another officer answers for a case: for its strategy that has not ended, for what the units were asked, for the
//! limits in force, and for what waits on the former one's list.

use super::Step;
use crate::app::AppError;
use crate::app::cases::pinned;
use crate::app::cases::successors::FIND_SUCCESSOR;
use crate::domain::access::Role;
use crate::domain::case::{Command, Refusal};
use crate::domain::ids::CaseId;
use crate::domain::workflow::StateKind;
use crate::store::cases::CaseRow;
use crate::store::{Tx, cases, officers, strategies, tasks};

/// # Errors
/// `not-an-officer` where nobody active of this id holds the role; whatever refuses the same step on a case under this
/// one.
pub(super) async fn hand_over(step: Step<'_>, tx: &Tx) -> Result<(), AppError> {
    let allocated = step.case.spoc();
    let found = match allocated {
        Some(spoc) => officers::find(tx, spoc).await?,
        None => None,
    };
    if !found.is_some_and(|found| found.active && found.officer.has(Role::Spoc)) {
        let message = "The point of contact has to be an active officer who holds this role.";
        return Err(Refusal::conflict("not-an-officer", message).under(Some("7.3")).into());
    }
    tasks::hand_over_case(tx, step.case.id, allocated).await?;
    let answered = tasks::of_cases(&[step.case.id], FIND_SUCCESSOR);
    let by = step.actor.officer().map(|officer| officer.id);
    tasks::settle(tx, answered, by, step.app.now()).await?;
    strategies::hand_over(tx, step.case.id, allocated).await?;
    for child in cases::children(tx, step.case.id).await? {
        if goes_on(step, tx, &child).await? && child.spoc_id != allocated.map(|spoc| spoc.as_uuid()) {
            let Some(child) = cases::load(tx, CaseId::from_uuid(child.id)).await? else { continue };
            let command = Command::new("change_spoc", step.input.clone());
            crate::app::cases::act(step.app, tx, step.actor, child, command).await?;
        }
    }
    Ok(())
}

/// Whether the child has not ended and can be handed over; one that opened under an earlier definition may not know how.
async fn goes_on(step: Step<'_>, tx: &Tx, child: &CaseRow) -> Result<bool, AppError> {
    let workflow = pinned::workflow(step.app, tx, &child.content_hash).await?;
    let ended = workflow.state(&child.state).is_none_or(|state| state.kind == StateKind::Final);
    Ok(!ended && workflow.action(&child.state, "change_spoc").is_some())
}
