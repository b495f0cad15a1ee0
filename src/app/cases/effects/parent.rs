//! Effects on the parent case: its action, taken in the name of whoever acted here.

use super::Step;
use crate::app::AppError;
use crate::domain::case::{Case, Command};
use crate::domain::workflow::EffectName;
use crate::store::Tx;
use crate::store::cases::{self, CaseRow};
use serde_json::Value;

/// Makes the parent take its action. A parent that has moved on and no longer knows the action stays as it is.
pub(super) async fn act(step: Step<'_>, tx: &Tx, effect: EffectName) -> Result<(), AppError> {
    let (Some(action), Some(parent)) = (effect.acts_on_parent(), step.case.parent) else { return Ok(()) };
    let Some(parent) = cases::load(tx, parent).await? else { return Ok(()) };
    if effect == EffectName::ReleaseParent && another_binds(step, tx, &parent).await? {
        return Ok(());
    }
    let workflow = crate::app::cases::pinned::workflow(step.app, tx, &parent.content_hash).await?;
    if workflow.action(&parent.state, action).is_none() {
        return Ok(());
    }
    let command = Command { through: Some(step.case.id), ..Command::new(action, Value::Null) };
    crate::app::cases::act(step.app, tx, step.actor, parent, command).await?;
    Ok(())
}

/// A version that is given up, refused or lifted releases nobody while another version of the same case is in force.
async fn another_binds(step: Step<'_>, tx: &Tx, parent: &Case) -> Result<bool, AppError> {
    let children = cases::children(tx, parent.id).await?;
    let binds = |child: &CaseRow| child.workflow == step.case.workflow && child.state == "in_force";
    Ok(children.iter().any(|child| child.id != step.case.id.as_uuid() && binds(child)))
}
