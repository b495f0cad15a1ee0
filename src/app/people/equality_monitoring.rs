//! Recording what is known of a person's characteristics. Reports count it; nothing else looks at it.

use super::create_person::happened;
use super::hidden::{may_act_on, may_see};
use crate::app::{App, AppError, FieldFault, log_reading, rights};
use crate::domain::access::{Actor, Role};
use crate::domain::ids::PersonId;
use crate::domain::marking::Marking;
use crate::domain::person::equality::Answers;
use crate::store::equality_monitoring::{self, Monitored};
use crate::store::people;
use serde_json::json;

pub(super) const MAY_KEEP: [Role; 3] = [Role::PsdStaff, Role::PsdSupervisor, Role::Records];

/// What characteristics bear when they are shown: they are for an enforced need to know.
pub fn marking_of_monitoring(app: &App) -> Marking {
    app.shown_with(Marking::OfficialSensitive)
}

/// What was recorded last; `None` where nothing was. The reading is logged.
///
/// # Errors
/// `Refused`; `NotFound`.
pub async fn read_equality_monitoring(
    app: &App,
    actor: &Actor,
    person: PersonId,
) -> Result<Option<Monitored>, AppError> {
    rights::officer_with(actor, &MAY_KEEP)?;
    let db = app.store.reader();
    people::find(db, person).await?.ok_or(AppError::NotFound)?;
    may_see(db, actor, Some(person)).await?;
    let found = equality_monitoring::find(db, person).await?;
    log_reading(app, actor, "equality-monitoring", Some(person.as_uuid())).await?;
    Ok(found)
}

/// Takes the place of what was recorded of the person before. The history keeps who and when, and not the answers.
///
/// # Errors
/// `Refused`; `NotFound`; `StaleVersion` where it was recorded again since `version`; `Invalid` for what is no answer.
pub async fn record_equality_monitoring(
    app: &App,
    actor: &Actor,
    (person, version): (PersonId, i64),
    answers: Answers,
) -> Result<Monitored, AppError> {
    let recorded_by = rights::officer_with(actor, &MAY_KEEP)?.id;
    let fault =
        |(characteristic, detail): (&str, String)| FieldFault { pointer: format!("/answers/{characteristic}"), detail };
    let faulty = answers.iter().filter_map(|(what, answer)| Some((what.as_str(), answer.fault(*what)?)));
    let faults: Vec<FieldFault> = faulty.map(fault).collect();
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let (inner, actor) = (app.clone(), actor.clone());
    let recorded = app.store.write(async move |tx| {
        may_act_on(tx, &actor, Some(person)).await?;
        people::find(tx, person).await?.ok_or(AppError::NotFound)?;
        crate::store::hold(tx, &[person.as_uuid()]).await?;
        let found = equality_monitoring::find(tx, person).await?.map_or(0, |before| before.version);
        if found != version {
            return Err(AppError::StaleVersion { expected: version, found });
        }
        let recorded_at = inner.now();
        let monitored = Monitored { person, answers, version: version + 1, recorded_by, recorded_at };
        equality_monitoring::keep(tx, &monitored).await?;
        happened(&inner, tx, &actor, person, ("equality_monitoring_recorded", json!({}))).await?;
        Ok(monitored)
    });
    Ok(recorded.await?)
}
