//! Two records are found to be one person, or found not to be after all. Nothing is lost either way: whose each contact
//! was found to be stays with the contact, and everybody touched is counted anew.

use super::complaints_about::hand_over;
use super::create_person::{happened, required};
use super::hidden::may_act_on;
use crate::app::cases::follow_people;
use crate::app::contacts::remeasure_regrouped;
use crate::app::nominations::nominate_regrouped;
use crate::app::{App, AppError, rights};
use crate::domain::access::{Actor, Role};
use crate::domain::case::Refusal;
use crate::domain::ids::{CaseId, MergeId, OfficerId, PersonId};
use crate::domain::person::roots;
use crate::store::people::{self, Merge};
use crate::store::{Tx, complaints_about, contacts, hold, strategies};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::json;

pub(super) const MAY_MERGE: [Role; 4] = [Role::PsdStaff, Role::PsdSupervisor, Role::Spoc, Role::Chair];

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Merge)]
pub struct MergeView {
    pub id: MergeId,
    /// The record that stands for the person.
    pub kept_id: PersonId,
    pub merged_id: PersonId,
    pub reason: String,
    pub merged_by: OfficerId,
    pub merged_at: DateTime<Utc>,
    pub reversed_at: Option<DateTime<Utc>>,
    /// Several open cases of one kind that are now about one person: the meeting decides which goes on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub open_cases: Vec<CaseId>,
}

impl From<Merge> for MergeView {
    fn from(merge: Merge) -> Self {
        Self {
            id: merge.id,
            kept_id: merge.kept,
            merged_id: merge.merged,
            reason: merge.reason,
            merged_by: merge.merged_by,
            merged_at: merge.merged_at,
            reversed_at: merge.reversed_at,
            open_cases: Vec::new(),
        }
    }
}

/// `merged` turns out to be the same person as `kept`.
///
/// # Errors
/// `Refused`: roles, `already-merged`, `two-strategies-in-force` (a person has at most one: one is lifted first);
/// `Invalid` for one record twice or without a reason; `NotFound`.
pub async fn merge_people(
    app: &App,
    actor: &Actor,
    (kept, merged): (PersonId, PersonId),
    reason: String,
) -> Result<MergeView, AppError> {
    let officer = rights::officer_with(actor, &MAY_MERGE)?.id;
    let reason = required("/reason", &reason)?;
    let (inner, actor) = (app.clone(), actor.clone());
    let done = app.store.write(async move |tx| {
        may_act_on(tx, &actor, Some(kept)).await?;
        may_act_on(tx, &actor, Some(merged)).await?;
        let (kept, merged) = standing(tx, kept, merged).await?;
        let now = inner.now();
        let merge =
            Merge { id: inner.new_id(), kept, merged, reason, merged_by: officer, merged_at: now, reversed_at: None };
        people::insert_merge(tx, &merge).await?;
        let told = json!({ "merge": merge.id, "kept": kept, "merged": merged, "reason": merge.reason });
        for person in [kept, merged] {
            happened(&inner, tx, &actor, person, ("merged", told.clone())).await?;
        }
        let reason = format!("Records merged: {}", merge.reason);
        let open_cases = regroup(&inner, tx, &actor, (&[kept, merged], &reason)).await?;
        Ok::<_, AppError>(MergeView { open_cases, ..MergeView::from(merge) })
    });
    Ok(done.await?)
}

/// The two records, each standing for itself, of which at most one has a strategy in force.
async fn standing(tx: &Tx, kept: PersonId, merged: PersonId) -> Result<(PersonId, PersonId), AppError> {
    if kept == merged {
        return Err(AppError::invalid("/mergedId", "A record is not merged with itself."));
    }
    let both = people::with_ids(tx, &[kept, merged], 2).await?;
    if both.len() != 2 {
        return Err(AppError::NotFound);
    }
    if both.iter().any(|person| person.merged_into.is_some()) {
        let message = "One of these records is merged already: name the records that stand for the people.";
        return Err(Refusal::conflict("already-merged", message).into());
    }
    if strategies::live(tx, kept).await?.is_some() && strategies::live(tx, merged).await?.is_some() {
        let message = "Both have a strategy in force, and a person has at most one: one is lifted first.";
        return Err(Refusal::conflict("two-strategies-in-force", message).under(Some("7.5")).into());
    }
    Ok((kept, merged))
}

/// The two turn out to be two people. Each contact goes back to the record it was found to be from.
///
/// # Errors
/// `Refused`: roles, `already-reversed`; `Invalid` without a reason; `NotFound`.
pub async fn reverse_merge(app: &App, actor: &Actor, id: MergeId, reason: String) -> Result<MergeView, AppError> {
    let officer = rights::officer_with(actor, &MAY_MERGE)?.id;
    let reason = required("/reason", &reason)?;
    let (inner, actor) = (app.clone(), actor.clone());
    let done = app.store.write(async move |tx| {
        let merge = people::find_merge(tx, id).await?.ok_or(AppError::NotFound)?;
        may_act_on(tx, &actor, Some(merge.kept)).await?;
        may_act_on(tx, &actor, Some(merge.merged)).await?;
        let now = inner.now();
        if !people::reverse_merge(tx, id, officer, now, &reason).await? {
            return Err(Refusal::conflict("already-reversed", "This merge was reversed before.").into());
        }
        let told = json!({ "merge": id, "kept": merge.kept, "merged": merge.merged, "reason": reason });
        for person in [merge.kept, merge.merged] {
            happened(&inner, tx, &actor, person, ("merge_reversed", told.clone())).await?;
        }
        let why = format!("Merge reversed: {reason}");
        regroup(&inner, tx, &actor, (&[merge.kept, merge.merged], &why)).await?;
        Ok(MergeView::from(Merge { reversed_at: Some(now), ..merge }))
    });
    Ok(done.await?)
}

/// Finds out from the merges that stand which record stands for each of everybody ever grouped with these, moves their
/// contacts and open cases, and measures them all anew. Answers open cases that there are several of.
async fn regroup(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (touched, reason): (&[PersonId], &str),
) -> Result<Vec<CaseId>, AppError> {
    hold(tx, &touched.iter().map(|person| person.as_uuid()).collect::<Vec<_>>()).await?;
    let before: Vec<PersonId> = people::roots(tx, touched).await?.into_values().collect();
    let group: Vec<PersonId> = people::members(tx, &before).await?.iter().map(|member| member.id).collect();
    let kept = roots(&people::live_merges(tx, &group).await?);
    let mut stand: Vec<PersonId> = Vec::new();
    for person in &group {
        let root = kept.get(person).copied();
        people::set_root(tx, &[*person], root).await?;
        contacts::count_for(tx, *person, root.unwrap_or(*person)).await?;
        stand.push(root.unwrap_or(*person));
    }
    people::touch(tx, &group).await?;
    for complaint in complaints_about::of_people(tx, &group).await? {
        hand_over(tx, complaint.person, complaint.officer).await?;
    }
    remeasure_regrouped(app, tx, &stand).await?;
    let open_cases = Box::pin(follow_people(app, tx, actor, (&group, reason))).await?;
    stand.sort();
    stand.dedup();
    for person in stand {
        Box::pin(nominate_regrouped(app, tx, person)).await?;
    }
    Ok(open_cases)
}
