//! Reasonable adjustments are recorded, reviewed and ended (IOPC to Durham Constabulary, June 2023).

use super::create_person::{MAY_KEEP_PEOPLE, happened, required};
use super::hidden::may_act_on;
use super::view::AdjustmentView;
use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::calendar::london;
use crate::domain::case::Refusal;
use crate::domain::ids::{AdjustmentId, PersonId};
use crate::store::adjustments::{self, Adjustment};
use crate::store::people;
use chrono::NaiveDate;
use serde_json::json;

#[derive(Clone, Debug)]
pub struct NewAdjustment {
    pub kind: String,
    pub detail: String,
    /// `None`: today.
    pub since: Option<NaiveDate>,
    pub review_on: Option<NaiveDate>,
}

/// # Errors
/// `Refused`; `NotFound`; `Invalid`.
pub async fn record_adjustment(
    app: &App,
    actor: &Actor,
    person: PersonId,
    new: NewAdjustment,
) -> Result<AdjustmentView, AppError> {
    rights::officer_with(actor, &MAY_KEEP_PEOPLE)?;
    let since = new.since.unwrap_or_else(|| london::date_of(app.now()));
    if new.review_on.is_some_and(|review| review < since) {
        return Err(AppError::invalid("/reviewOn", "An adjustment is reviewed after it begins."));
    }
    let adjustment = Adjustment {
        id: app.new_id(),
        person,
        kind: required("/kind", &new.kind)?,
        detail: required("/detail", &new.detail)?,
        since,
        review_on: new.review_on,
        ended_on: None,
        recorded_by: actor.reference(),
        recorded_at: app.now(),
    };
    let (inner, actor) = (app.clone(), actor.clone());
    let recorded = app.store.write(async move |tx| {
        may_act_on(tx, &actor, Some(person)).await?;
        people::find(tx, person).await?.ok_or(AppError::NotFound)?;
        adjustments::insert(tx, &adjustment).await?;
        people::touch(tx, &[person]).await?;
        let told = json!({ "adjustment": adjustment.id, "kind": adjustment.kind, "since": adjustment.since });
        happened(&inner, tx, &actor, person, ("adjustment_recorded", told)).await?;
        Ok::<_, AppError>(AdjustmentView::from(adjustment))
    });
    Ok(recorded.await?)
}

/// The adjustment no longer holds from `on` (`None`: today).
///
/// # Errors
/// `Refused`; `NotFound`; `already-ended`; `Invalid` without a reason.
pub async fn end_adjustment(
    app: &App,
    actor: &Actor,
    (person, id): (PersonId, AdjustmentId),
    on: Option<NaiveDate>,
    reason: String,
) -> Result<AdjustmentView, AppError> {
    rights::officer_with(actor, &MAY_KEEP_PEOPLE)?;
    let reason = required("/reason", &reason)?;
    let on = on.unwrap_or_else(|| london::date_of(app.now()));
    let (inner, actor) = (app.clone(), actor.clone());
    let ended = app.store.write(async move |tx| {
        may_act_on(tx, &actor, Some(person)).await?;
        let found = adjustments::find(tx, id).await?.filter(|found| found.person == person);
        let found = found.ok_or(AppError::NotFound)?;
        if !adjustments::end(tx, id, on).await? {
            return Err(Refusal::conflict("already-ended", "This adjustment ended before.").into());
        }
        people::touch(tx, &[person]).await?;
        let told = json!({ "adjustment": id, "on": on, "reason": reason });
        happened(&inner, tx, &actor, person, ("adjustment_ended", told)).await?;
        Ok(AdjustmentView::from(Adjustment { ended_on: Some(on), ..found }))
    });
    Ok(ended.await?)
}
