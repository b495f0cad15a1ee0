//! Gathers what a decision may look at.

use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::domain::calendar::london::date_of;
use crate::domain::case::{Case, Facts};
use crate::domain::ids::CaseId;
use crate::domain::workflow::StateKind;
use crate::domain::workflow::scope::ChildFacts;
use crate::store::{case_facts, cases};
use chrono::NaiveDate;
use sea_orm::ConnectionTrait;

/// The day it is in London.
pub(crate) fn today(app: &App) -> NaiveDate {
    date_of(app.now())
}

pub(super) async fn gather(
    app: &App,
    db: &impl ConnectionTrait,
    case: &Case,
    actor: &Actor,
) -> Result<Facts, AppError> {
    let person = match case.person {
        Some(person) => case_facts::person(db, person, today(app)).await?,
        None => None,
    };
    let delegations = match actor.officer() {
        Some(officer) => case_facts::delegations(db, officer.id).await?,
        None => Vec::new(),
    };
    Ok(Facts {
        person: person.unwrap_or_default(),
        children: children(app, db, case.id).await?,
        delegations,
        policy: app.catalog.policy().clone(),
        calendar: app.catalog.calendar().clone(),
        contacts: Vec::new(),
    })
}

async fn children(app: &App, db: &impl ConnectionTrait, id: CaseId) -> Result<Vec<ChildFacts>, AppError> {
    let mut children = Vec::new();
    for row in cases::children(db, id).await? {
        let workflow = super::pinned::workflow(app, db, &row.content_hash).await?;
        let is_final = workflow.state(&row.state).is_some_and(|state| state.kind == StateKind::Final);
        children.push(ChildFacts {
            id: CaseId::from_uuid(row.id),
            workflow: row.workflow,
            state: row.state,
            is_final,
            data: row.data,
        });
    }
    Ok(children)
}
