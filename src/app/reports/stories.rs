//! Cases with the steps taken on them: what reports on decisions are made from.

use super::people;
use crate::app::AppError;
use crate::domain::ids::{CaseId, Id, OfficerId, PersonId};
use crate::store::case_steps::{self, Step};
use crate::store::cases::CaseRow;
use crate::store::disposal;
use sea_orm::ConnectionTrait;
use std::collections::BTreeMap;

/// One case that was not disposed of.
pub(super) struct Story {
    pub(super) row: CaseRow,
    pub(super) steps: Vec<Step>,
}

impl Story {
    pub(super) fn id(&self) -> CaseId {
        Id::from_uuid(self.row.id)
    }

    /// The last time this action was taken.
    pub(super) fn last(&self, action: &str) -> Option<&Step> {
        self.steps.iter().rev().find(|step| step.action == action)
    }

    /// The first step that led into this state.
    pub(super) fn first_in(&self, state: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.to == state && step.from != state)
    }

    /// Whoever took one of these actions before a step.
    pub(super) fn took(&self, actions: &[&str], before: &Step) -> Vec<OfficerId> {
        let earlier = self.steps.iter().filter(|step| actions.contains(&step.action.as_str()) && step.at <= before.at);
        earlier.filter_map(|step| step.by.officer()).collect()
    }
}

/// Every case of these kinds about none of the `hidden` people, in order of opening.
pub(super) async fn of_kinds(
    db: &impl ConnectionTrait,
    workflows: &[&str],
    hidden: &[PersonId],
) -> Result<Vec<Story>, AppError> {
    let mut steps: BTreeMap<CaseId, Vec<Step>> = BTreeMap::new();
    for step in case_steps::of_workflows(db, workflows).await? {
        steps.entry(step.case).or_default().push(step);
    }
    let rows = people::cases_of(db, workflows, hidden).await?;
    let kept = rows.into_iter().filter(|row| !disposal::is_gravestone(&row.data));
    Ok(kept.map(|row| Story { steps: steps.remove(&Id::from_uuid(row.id)).unwrap_or_default(), row }).collect())
}
