//! Who may see which case (rights of §3e), in one place: what a caller may not know of answers "not found".

use crate::app::{AppError, rights};
use crate::domain::access::{Actor, Officer, Role};
use crate::domain::case::{Case, Refusal};
use crate::domain::ids::{CaseId, PersonId};
use crate::store::{case_facts, cases};
use sea_orm::ConnectionTrait;

/// How much of a case an officer sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Everything.
    Full,
    /// Only the question put to their unit and their answer.
    Consultation,
    /// That there is a case and its state: for whoever nominated it.
    Nothing,
}

const ALL_CASES: [Role; 6] =
    [Role::PsdStaff, Role::PsdSupervisor, Role::Chair, Role::AppropriateAuthority, Role::Records, Role::Auditor];
/// What an officer may answer through a system that only liaises.
const CONSULTATION: &str = "consultation";
const UNITS: [Role; 3] = [Role::Snt, Role::Opt, Role::Mash];
/// What the local units work on themselves: they see these cases whole (§3e, "create order record").
pub(super) const WORKED_BY_UNITS: [&str; 3] = ["enforcement-order", "joint-problem-solving", "out-of-county-referral"];
pub(super) const WORKING_UNITS: [Role; 3] = [Role::Opt, Role::Snt, Role::Csu];

impl Sight {
    /// How much of the case this officer sees, conflicts of interest apart.
    pub fn of(
        officer: &Officer,
        workflow: &str,
        spoc: Option<crate::domain::ids::OfficerId>,
        unit: Option<&str>,
    ) -> Self {
        if officer.has_any(&ALL_CASES) || (officer.has(Role::Spoc) && spoc == Some(officer.id)) {
            return Sight::Full;
        }
        if WORKED_BY_UNITS.contains(&workflow) && officer.has_any(&WORKING_UNITS) {
            return Sight::Full;
        }
        let theirs = |role: &Role| officer.has(*role) && unit == Some(role.as_str());
        if workflow == CONSULTATION && UNITS.iter().any(theirs) { Sight::Consultation } else { Sight::Nothing }
    }
}

/// How much of this case the officer sees.
pub(super) fn sight_of(officer: &Officer, case: &Case) -> Sight {
    Sight::of(officer, &case.workflow, case.spoc(), unit_of(&case.data))
}

/// The unit a consultation was put to.
pub(super) fn unit_of(data: &serde_json::Value) -> Option<&str> {
    data.get("unit").and_then(serde_json::Value::as_str)
}

/// The case, for reading.
///
/// # Errors
/// `NotFound` where there is none, where the actor's role does not show it, or where its person complained about them.
pub(super) async fn visible(db: &impl ConnectionTrait, officer: &Officer, id: CaseId) -> Result<Case, AppError> {
    let case = shown_by_role(db, officer, id).await?;
    if is_hidden(db, officer, &case).await? { Err(AppError::NotFound) } else { Ok(case) }
}

/// The case, for acting on it. An officer whom the person complained about is told that this is why: that a complaint
/// about them exists they know, and nothing else is said.
///
/// # Errors
/// `named-person-required`; `NotFound` as for reading; `complained-about`.
pub(super) async fn visible_to_act(db: &impl ConnectionTrait, actor: &Actor, id: CaseId) -> Result<Case, AppError> {
    // A system is told that it never may before it is told whether there is such a case.
    let officer = rights::liaison(actor)?;
    let case = shown_by_role(db, officer, id).await?;
    if is_hidden(db, officer, &case).await? {
        let message = "This person has complained about you, so you neither see nor decide this.";
        return Err(Refusal::forbidden("complained-about", message).under(Some("7.5")).into());
    }
    Ok(case)
}

async fn shown_by_role(db: &impl ConnectionTrait, officer: &Officer, id: CaseId) -> Result<Case, AppError> {
    let case = cases::load(db, id).await?.ok_or(AppError::NotFound)?;
    match sight_of(officer, &case) {
        Sight::Full | Sight::Consultation if officer.is_confined_to_liaison() && case.workflow != CONSULTATION => {
            Err(rights::only_liaison())
        }
        Sight::Full | Sight::Consultation => Ok(case),
        Sight::Nothing => Err(AppError::NotFound),
    }
}

async fn is_hidden(db: &impl ConnectionTrait, officer: &Officer, case: &Case) -> Result<bool, AppError> {
    let Some(person) = case.person else { return Ok(false) };
    Ok(case_facts::people_complaining_about(db, officer.id).await?.contains(&person))
}

/// The people whose cases this actor does not see, because they complained about them.
pub(super) async fn hidden_people(db: &impl ConnectionTrait, actor: &Actor) -> Result<Vec<PersonId>, AppError> {
    match actor.officer() {
        Some(officer) => Ok(case_facts::people_complaining_about(db, officer.id).await?),
        None => Ok(Vec::new()),
    }
}
