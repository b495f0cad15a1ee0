//! Whose calls a reader may read: call takers all, units those of callers on whom they work, and nobody those of somebody
//! who complained about them, but for calls they took themselves.

use super::plan::WORKFLOW as REPEAT_CALLER;
use super::{MAY_READ, MAY_TAKE, orders};
use crate::app::{AppError, rights};
use crate::domain::access::{Actor, Officer};
use crate::domain::calls::record::CallRecord;
use crate::domain::ids::PersonId;
use crate::store::cases::{self, CaseFilter};
use crate::store::{case_facts, people};
use sea_orm::ConnectionTrait;

/// The case types in which a unit works on a caller.
const WORKED_ON: [&str; 3] = [REPEAT_CALLER, orders::WORKFLOW, "joint-problem-solving"];

/// The officer who may read this record.
///
/// # Errors
/// `named-person-required`, `wrong-role`; `NotFound` where they may not know of it.
pub(super) async fn reader<'a>(
    db: &impl ConnectionTrait,
    actor: &'a Actor,
    record: &CallRecord,
) -> Result<&'a Officer, AppError> {
    let officer = rights::officer_with(actor, &MAY_READ)?;
    if record.begun_by.officer() == Some(officer.id) {
        return Ok(officer);
    }
    let Some(person) = record.about.person else {
        return if officer.has_any(&MAY_TAKE) { Ok(officer) } else { Err(AppError::NotFound) };
    };
    if case_facts::people_complaining_about(db, officer.id).await?.contains(&person) {
        return Err(AppError::NotFound);
    }
    if officer.has_any(&MAY_TAKE) || is_worked_on(db, person).await? { Ok(officer) } else { Err(AppError::NotFound) }
}

async fn is_worked_on(db: &impl ConnectionTrait, person: PersonId) -> Result<bool, AppError> {
    let root = people::root(db, person).await?.unwrap_or(person);
    let members = people::members(db, &[root]).await?.iter().map(|member| member.id).collect();
    let workflows = WORKED_ON.map(str::to_owned).to_vec();
    let filter = CaseFilter { workflows, people: members, ..CaseFilter::default() };
    Ok(!cases::list(db, &filter, None, 1).await?.is_empty())
}
