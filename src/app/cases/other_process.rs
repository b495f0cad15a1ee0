//! Somebody may be a repeat caller and a frequent service user: each side learns of the other's case what it needs to
//! speak to it, and nothing of what is in it.

use super::pinned;
use super::read_cases::records;
use super::seeing::{REPEAT_CALLER, area_of, hidden_people, unit_of};
use crate::app::{App, AppError, log_reading, officer_names, rights};
use crate::domain::access::{Actor, Role};
use crate::domain::ids::PersonId;
use crate::domain::marking::Marking;
use crate::store::cases::{self, CaseFilter, CaseRow};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use serde_json::Value;

const SERVICE_USER: &str = "frequent-service-user";
/// Who asks whom where no point of contact is allocated yet.
const NOBODY_YET: &str = "PSD staff";
/// More than anybody has.
const MOST_CASES: u64 = 200;

/// Who learns that the department has a case of somebody who calls again and again.
const MEETS_CALLERS: [Role; 6] = [Role::Coordinator, Role::Csu, Role::Snt, Role::Opt, Role::Records, Role::Auditor];
/// Who learns that somebody with a case in the department is a vulnerable repeat caller.
const OF_THE_DEPARTMENT: [Role; 7] = [
    Role::PsdStaff,
    Role::PsdSupervisor,
    Role::Spoc,
    Role::Chair,
    Role::AppropriateAuthority,
    Role::Records,
    Role::Auditor,
];

/// An open case of another process about the same person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OtherProcess {
    /// The case type: `frequent-service-user` or `vulnerable-repeat-caller`.
    pub workflow: String,
    pub title: String,
    /// Where it stands; absent where only its existence is said.
    pub state_title: Option<String>,
    /// The name of the unit that has it, of a repeat caller.
    pub unit: Option<String>,
    /// Whom to ask, of a case of the department.
    pub ask: Option<String>,
    pub marking: Marking,
}

/// What an officer may know of the person's open cases on the two sides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkedProcesses {
    pub service_user: Option<OtherProcess>,
    pub repeat_caller: Option<OtherProcess>,
}

impl LinkedProcesses {
    /// What is said beside a case of this type.
    pub(super) fn beside(self, workflow: &str) -> Option<OtherProcess> {
        match workflow {
            REPEAT_CALLER => self.service_user,
            SERVICE_USER => self.repeat_caller,
            _ => None,
        }
    }
}

/// That there is a case on the other side, for whoever works on one of the two. Each that is told of is a look at it, and
/// logged. Whichever of the person's records the cases name, they are found.
///
/// # Errors
/// `named-person-required`.
pub async fn linked_processes(app: &App, actor: &Actor, person: PersonId) -> Result<LinkedProcesses, AppError> {
    let officer = rights::named_person(actor)?;
    let db = app.store.reader();
    let records = records(db, Some(person)).await?;
    let hidden = hidden_people(db, actor).await?;
    if records.iter().any(|record| hidden.contains(record)) {
        return Ok(LinkedProcesses::default());
    }
    let mut linked = LinkedProcesses::default();
    if officer.has_any(&MEETS_CALLERS)
        && let Some(row) = open_case(app, db, SERVICE_USER, &records).await?
    {
        log_reading(app, actor, "case", Some(row.id)).await?;
        linked.service_user = Some(of_the_department(app, &row).await?);
    }
    if officer.has_any(&OF_THE_DEPARTMENT)
        && let Some(row) = open_case(app, db, REPEAT_CALLER, &records).await?
    {
        log_reading(app, actor, "case", Some(row.id)).await?;
        linked.repeat_caller = Some(of_a_caller(app, db, &row).await?);
    }
    Ok(linked)
}

async fn open_case(
    app: &App,
    db: &impl ConnectionTrait,
    workflow: &str,
    records: &[PersonId],
) -> Result<Option<CaseRow>, AppError> {
    let filter = CaseFilter { workflows: vec![workflow.to_owned()], people: records.to_vec(), ..CaseFilter::default() };
    for row in cases::list(db, &filter, None, MOST_CASES).await? {
        if !pinned::workflow(app, db, &row.content_hash).await?.is_final(&row.state) {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

/// That there is one, and whom to ask.
async fn of_the_department(app: &App, row: &CaseRow) -> Result<OtherProcess, AppError> {
    let spoc: Vec<_> = row.spoc_id.into_iter().collect();
    let ask = officer_names(app, &spoc).await?.into_values().next();
    Ok(OtherProcess {
        workflow: row.workflow.clone(),
        title: title_of(app, &row.workflow),
        state_title: None,
        unit: None,
        ask: Some(ask.unwrap_or_else(|| NOBODY_YET.to_owned())),
        marking: app.shown_with(cases::read_marking(&row.marking)?),
    })
}

/// That there is one, where it stands, and with which unit.
async fn of_a_caller(app: &App, db: &impl ConnectionTrait, row: &CaseRow) -> Result<OtherProcess, AppError> {
    let workflow = pinned::workflow(app, db, &row.content_hash).await?;
    Ok(OtherProcess {
        workflow: row.workflow.clone(),
        title: workflow.title.clone(),
        state_title: workflow.state(&row.state).map(|state| state.title.clone()),
        unit: unit_name(app, &row.data),
        ask: None,
        marking: app.shown_with(cases::read_marking(&row.marking)?),
    })
}

fn title_of(app: &App, workflow: &str) -> String {
    app.catalog.latest(workflow).map_or_else(|| workflow.to_owned(), |workflow| workflow.title.clone())
}

/// The name of the unit that a repeat caller was referred to last; its role where the register has no such area any more.
pub fn unit_name(app: &App, data: &Value) -> Option<String> {
    let (unit, area) = (unit_of(data)?, area_of(data)?);
    let named = app.catalog.registers().areas.find(area).and_then(|area| area.unit(unit));
    Some(named.unwrap_or(unit).to_owned())
}
