//! What each effect of a step does. The list is closed: `EffectName`; each runs in the step's own transaction.

mod children;
mod dispose;
mod ended;
mod hand_over;
mod letter;
mod limits;
mod log_sharing;
mod notice;
mod parent;
mod send_letter;
mod victim;

pub(super) use notice::preview as preview_notice;

use super::tell;
use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::domain::case::Case;
use crate::domain::ids::EventId;
use crate::domain::workflow::{Ask, EffectName, Workflow};
use crate::store::Tx;
use futures_util::future::BoxFuture;
use serde_json::Value;

/// The step whose effects are brought about.
#[derive(Clone, Copy)]
pub(super) struct Step<'a> {
    pub(super) app: &'a App,
    pub(super) actor: &'a Actor,
    pub(super) workflow: &'a Workflow,
    /// After the step.
    pub(super) case: &'a Case,
    /// The event that says the step was taken: what everything that follows is keyed by.
    pub(super) event: EventId,
    pub(super) input: &'a Value,
    /// What was done; empty where a case was opened or a clock struck.
    pub(super) action: &'a str,
    /// The state it was done in.
    pub(super) from: &'a str,
}

impl<'a> Step<'a> {
    /// A step that nobody takes: to see what a letter would say.
    pub(super) fn not_taken(app: &'a App, actor: &'a Actor, (workflow, case): (&'a Workflow, &'a Case)) -> Self {
        Self { app, actor, workflow, case, event: app.new_id(), input: &Value::Null, action: "", from: &case.state }
    }

    /// Whom the action asks to do what, where it says so.
    pub(super) fn ask(&self) -> Option<&'a Ask> {
        self.workflow.action(self.from, self.action)?.ask.as_ref()
    }
}

pub(super) fn bring_about<'a>(step: Step<'a>, tx: &'a Tx, effect: EffectName) -> BoxFuture<'a, Result<(), AppError>> {
    Box::pin(async move {
        match effect {
            EffectName::OpenStrategy => children::open_strategy(step, tx).await,
            EffectName::OpenConsultation => children::open_consultation(step, tx).await,
            EffectName::LiftStrategy => children::lift_strategy(step, tx).await,
            EffectName::HandOver => hand_over::hand_over(step, tx).await,
            EffectName::ComposeNotice => notice::compose(step, tx).await,
            EffectName::SendNotice => notice::send(step, tx).await,
            EffectName::PutLimitsInForce => limits::put_in_force(step, tx).await,
            EffectName::LiftLimits => limits::lift(step, tx).await,
            EffectName::ActivateParent
            | EffectName::ReleaseParent
            | EffectName::QuashParent
            | EffectName::VaryParent => parent::act(step, tx, effect).await,
            EffectName::SendLetter => send_letter::send_letter(step, tx).await,
            EffectName::TellParties => ended::tell_parties(step, tx).await,
            EffectName::TellRole => tell::whoever_acts_next(step, tx).await,
            EffectName::Dispose => dispose::dispose(step, tx).await,
            EffectName::LogSharing => log_sharing::log_sharing(step).await,
            EffectName::MarkTargetedVictim => victim::mark(step, tx).await,
            EffectName::ListOnAgenda => crate::app::meetings::plan_next(step.app, tx).await,
        }
    })
}
