//! Officers a person complained about: from then on they neither see nor decide anything about the person.

use super::create_person::{MAY_KEEP_PEOPLE, happened};
use super::hidden::may_act_on;
use crate::app::{App, AppError, rights};
use crate::domain::access::{Actor, Role};
use crate::domain::ids::{OfficerId, PersonId};
use crate::store::complaints_about::{self, ComplaintAbout};
use crate::store::{Tx, officers, people, tasks};
use serde_json::json;

/// What the officer was to read of the person, the department reads now.
pub(super) async fn hand_over(tx: &Tx, person: PersonId, officer: OfficerId) -> Result<(), AppError> {
    let root = people::root(tx, person).await?.unwrap_or(person);
    let members: Vec<PersonId> = people::members(tx, &[root]).await?.iter().map(|member| member.id).collect();
    Ok(tasks::hand_over_contacts(tx, officer, Some(&members), Role::PsdStaff.as_str()).await?)
}

/// # Errors
/// `Refused`; `NotFound`; `Invalid` for an unknown officer.
pub async fn record_complaint_about(
    app: &App,
    actor: &Actor,
    person: PersonId,
    (officer, reference): (OfficerId, Option<String>),
) -> Result<ComplaintAbout, AppError> {
    rights::officer_with(actor, &MAY_KEEP_PEOPLE)?;
    let complaint = ComplaintAbout { person, officer, reference, recorded_at: app.now() };
    let (inner, actor) = (app.clone(), actor.clone());
    let recorded = app.store.write(async move |tx| {
        may_act_on(tx, &actor, Some(person)).await?;
        people::find(tx, person).await?.ok_or(AppError::NotFound)?;
        if officers::find(tx, officer).await?.is_none() {
            return Err(AppError::invalid("/officerId", "There is no such officer."));
        }
        complaints_about::insert(tx, &complaint).await?;
        people::touch(tx, &[person]).await?;
        hand_over(tx, person, officer).await?;
        let told = json!({ "officer": officer, "reference": complaint.reference });
        happened(&inner, tx, &actor, person, ("complained_about", told)).await?;
        Ok(complaint)
    });
    Ok(recorded.await?)
}
