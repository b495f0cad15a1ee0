//! Officers a person complained about: from then on they neither see nor decide anything about the person.

use super::create_person::{MAY_KEEP_PEOPLE, happened};
use super::hidden::may_act_on;
use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::ids::{OfficerId, PersonId};
use crate::store::complaints_about::{self, ComplaintAbout};
use crate::store::{officers, people};
use serde_json::json;

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
        let told = json!({ "officer": officer, "reference": complaint.reference });
        happened(&inner, tx, &actor, person, ("complained_about", told)).await?;
        Ok(complaint)
    });
    Ok(recorded.await?)
}
