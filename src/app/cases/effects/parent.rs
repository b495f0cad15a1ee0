//! Effects on the parent case: its action, taken in the name of whoever acted here.

use super::Step;
use crate::app::AppError;
use crate::domain::case::{Case, Command, Refusal};
use crate::domain::workflow::{EffectName, Workflow};
use crate::store::Tx;
use crate::store::cases::{self, CaseRow};
use serde_json::Value;

/// Makes the parent take its action. A parent that was to be released and has moved on stays as it is.
///
/// # Errors
/// `parent-not-ready` where limits would come into force under a case that is not in a state for it.
pub(super) async fn act(step: Step<'_>, tx: &Tx, effect: EffectName) -> Result<(), AppError> {
    let (Some(action), Some(parent)) = (effect.acts_on_parent(), step.case.parent) else { return Ok(()) };
    let Some(parent) = cases::load(tx, parent).await? else { return Ok(()) };
    let parent = if on_appeal(effect) { answers_now(step, tx, parent, action).await? } else { parent };
    if effect == EffectName::ReleaseParent && another_binds(step, tx, &parent).await? {
        return Ok(());
    }
    let workflow = crate::app::cases::pinned::workflow(step.app, tx, &parent.content_hash).await?;
    if workflow.action(&parent.state, action).is_none() {
        let restricts = effect == EffectName::ActivateParent;
        return if restricts { Err(not_ready(&workflow, &parent).into()) } else { Ok(()) };
    }
    let command = Command { through: Some(step.case.id), ..Command::new(action, Value::Null) };
    crate::app::cases::act(step.app, tx, step.actor, parent, command).await?;
    Ok(())
}

fn on_appeal(effect: EffectName) -> bool {
    matches!(effect, EffectName::QuashParent | EffectName::VaryParent)
}

/// The version that what was decided on an appeal happens to: the one appealed against or, where another has taken over
/// from it meanwhile, that one.
async fn answers_now(step: Step<'_>, tx: &Tx, appealed: Case, action: &str) -> Result<Case, AppError> {
    let takes = async |case: &Case| {
        let workflow = crate::app::cases::pinned::workflow(step.app, tx, &case.content_hash).await?;
        Ok::<_, AppError>(workflow.action(&case.state, action).is_some())
    };
    let (false, Some(above)) = (takes(&appealed).await?, appealed.parent) else { return Ok(appealed) };
    for row in cases::children(tx, above).await?.into_iter().rev().filter(|row| row.workflow == appealed.workflow) {
        if let Some(other) = cases::load(tx, crate::domain::ids::CaseId::from_uuid(row.id)).await?
            && takes(&other).await?
        {
            return Ok(other);
        }
    }
    Ok(appealed)
}

fn not_ready(workflow: &Workflow, parent: &Case) -> Refusal {
    let state = workflow.state(&parent.state).map(|state| state.title.as_str()).unwrap_or_default();
    let message = format!("The case this belongs to is not waiting for a strategy to come into force: {state}.");
    Refusal::conflict("parent-not-ready", message).under(Some("7.5"))
}

/// A version that is given up, refused or lifted releases nobody while another version of the same case is in force.
async fn another_binds(step: Step<'_>, tx: &Tx, parent: &Case) -> Result<bool, AppError> {
    let children = cases::children(tx, parent.id).await?;
    let binds = |child: &CaseRow| child.workflow == step.case.workflow && child.state == "in_force";
    Ok(children.iter().any(|child| child.id != step.case.id.as_uuid() && binds(child)))
}
