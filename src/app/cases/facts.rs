//! Gathers what a decision may look at.

use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::domain::calendar::london::date_of;
use crate::domain::case::{Case, Facts};
use crate::domain::ids::{CaseId, OfficerId};
use crate::domain::workflow::scope::{ChildFacts, ParentFacts};
use crate::store::{case_facts, cases, covers};
use chrono::NaiveDate;
use sea_orm::ConnectionTrait;
use std::collections::BTreeSet;

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
    let (delegations, covers) = match actor.officer() {
        Some(officer) => (case_facts::delegations(db, officer.id).await?, covers::given_by(db, officer.id).await?),
        None => (Vec::new(), Vec::new()),
    };
    Ok(Facts {
        person: person.unwrap_or_default(),
        children: children(app, db, case.id).await?,
        parent: parent(app, db, case).await?,
        delegations,
        covers,
        policy: app.catalog.policy().clone(),
        calendar: app.catalog.calendar().clone(),
        legislation: app.catalog.legislation().clone(),
        areas: app.catalog.registers().areas.clone(),
        contacts: Vec::new(),
        review: super::retention::facts(app, db, case).await?,
    })
}

/// The case this one belongs to, with everybody who took part in what this one is about.
async fn parent(app: &App, db: &impl ConnectionTrait, case: &Case) -> Result<Option<ParentFacts>, AppError> {
    let Some(parent) = case.parent else { return Ok(None) };
    let Some(parent) = cases::load(db, parent).await? else { return Ok(None) };
    let workflow = super::pinned::workflow(app, db, &parent.content_hash).await?;
    let own = super::pinned::workflow(app, db, &case.content_hash).await?;
    let family = if own.asks_for_family() { family(db, case, parent.id).await? } else { BTreeSet::new() };
    let is_final = workflow.is_final(&parent.state);
    let Case { id, workflow, state, data, .. } = parent;
    Ok(Some(ParentFacts { id, workflow, state, is_final, data, family }))
}

/// Whoever acted on anything that belongs together with this case: all that stands under the topmost case, but not the
/// case itself or what stands under it.
async fn family(db: &impl ConnectionTrait, case: &Case, parent: CaseId) -> Result<BTreeSet<OfficerId>, AppError> {
    let top = cases::topmost(db, parent).await?;
    let mut own = BTreeSet::from([case.id.as_uuid()]);
    let mut relatives = vec![top];
    for below in cases::below(db, top).await? {
        // A case comes after the one it stands under.
        if own.contains(&below.id) || below.parent_id.is_some_and(|parent| own.contains(&parent)) {
            own.insert(below.id);
        } else {
            relatives.push(CaseId::from_uuid(below.id));
        }
    }
    let mut officers = BTreeSet::new();
    for relative in relatives {
        if let Some(relative) = cases::load(db, relative).await? {
            officers.extend(relative.took.into_values().flatten());
        }
    }
    Ok(officers)
}

async fn children(app: &App, db: &impl ConnectionTrait, id: CaseId) -> Result<Vec<ChildFacts>, AppError> {
    let below = cases::below(db, id).await?;
    let mut with_open_below = BTreeSet::new();
    let mut final_ones = BTreeSet::new();
    // What stands under a case comes after it.
    for row in below.iter().rev() {
        let is_final = super::pinned::workflow(app, db, &row.content_hash).await?.is_final(&row.state);
        if is_final {
            final_ones.insert(row.id);
        }
        if !is_final || with_open_below.contains(&row.id) {
            with_open_below.extend(row.parent_id);
        }
    }
    let mut children = Vec::new();
    for row in below.into_iter().filter(|row| row.parent_id == Some(id.as_uuid())) {
        children.push(ChildFacts {
            is_final: final_ones.contains(&row.id),
            open_below: with_open_below.contains(&row.id),
            id: CaseId::from_uuid(row.id),
            workflow: row.workflow,
            state: row.state,
            data: row.data,
        });
    }
    Ok(children)
}
