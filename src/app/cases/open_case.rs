//! Opens a case on request: a nomination, by staff or by a rule.

use super::act_on_case::conclude;
use super::{facts, pinned, retention, seeing};
use crate::app::nominations::keep_opening;
use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::case::{self, About, Case, Refusal};
use crate::domain::ids::{CaseId, PersonId};
use crate::domain::workflow::{StateKind, Workflow};
use crate::store::cases::{self, CaseFilter, CaseRow};
use crate::store::{Tx, people};
use serde_json::Value;
use uuid::Uuid;

#[derive(Clone, Debug)]
pub struct NewCase {
    pub workflow: String,
    /// `None` where the person is not resolved yet.
    pub person: Option<PersonId>,
    /// The case it is opened under; it is then about the same person.
    pub parent: Option<CaseId>,
    pub input: Value,
}

/// Opens the case in the actor's name.
///
/// # Errors
/// `Invalid` for a case type or person that does not exist; `NotFound` for a parent the actor does not see; `Refused` as
/// `domain::case::open` says, or `case-already-open` where the person has an open case of this type. What opens a service
/// user's case is kept as a nomination too.
pub async fn open_case(app: &App, actor: &Actor, new: NewCase) -> Result<Case, AppError> {
    if actor.officer().is_some() && new.input.get("source").and_then(Value::as_str) == Some("rule") {
        return Err(AppError::invalid(
            "/input/source",
            "A rule nominates by itself; what you open is yours: `manual`.",
        ));
    }
    let (app, actor) = (app.clone(), actor.clone());
    let store = app.store.clone();
    let opened = store.write(async move |tx| {
        let input = new.input.clone();
        let case = Box::pin(open_in(&app, tx, &actor, new)).await?;
        keep_opening(&app, tx, &actor, (&case, &input)).await?;
        Ok::<_, AppError>(case)
    });
    Ok(opened.await?)
}

/// The same inside a transaction that is already open.
pub(crate) async fn open_in(app: &App, tx: &Tx, actor: &Actor, new: NewCase) -> Result<Case, AppError> {
    rights::not_confined(actor)?;
    let workflow = pinned::newest(app, tx, &new.workflow).await?;
    if let Some(parent) = new.parent {
        retention::hold_not_disposed(tx, parent).await?;
    }
    let person = match (new.parent, new.person) {
        (Some(parent), _) => seeing::visible_to_act(app, tx, actor, parent).await?.person,
        (None, Some(person)) => Some(root_of(tx, actor, person).await?),
        (None, None) => None,
    };
    let about = About { id: app.new_id::<crate::domain::ids::of::Case>(), person, parent: new.parent };
    if workflow.key == retention::RETENTION_REVIEW {
        one_open_review(tx, &workflow, person, retention::reviewed(&new.input)).await?;
    } else if new.parent.is_none() {
        one_open_case(tx, &workflow, person, &new.input).await?;
    }
    let blank = case::open_child(&workflow, about, (actor, app.now()), new.input.clone()).case;
    let facts = facts::gather(app, tx, &blank, actor).await?;
    let decision = case::open(&workflow, about, &facts, (actor, app.now()), &new.input)?;
    Ok(conclude(app, tx, actor, &workflow, decision).await?.case)
}

/// The person the case will be about, after merges; hidden from officers the person complained about.
pub(super) async fn root_of(tx: &Tx, actor: &Actor, person: PersonId) -> Result<PersonId, AppError> {
    let unknown = || AppError::invalid("/personId", "There is no such person on file.");
    let root = people::root(tx, person).await?.ok_or_else(unknown)?;
    if seeing::hidden_people(tx, actor).await?.contains(&root) {
        return Err(unknown());
    }
    Ok(root)
}

/// One case of a type about a person is open at a time, and one order of a kind.
pub(super) async fn one_open_case(
    tx: &Tx,
    workflow: &Workflow,
    person: Option<PersonId>,
    input: &Value,
) -> Result<(), AppError> {
    let Some(person) = person.filter(|_| workflow.key != retention::RETENTION_REVIEW) else { return Ok(()) };
    // No row stands for "no open case": two requests at once would each find none.
    crate::store::hold(tx, &[person.as_uuid()]).await?;
    let stands_in_the_way = |row: &&CaseRow| !is_many_a_person(workflow) || row.data.get("kind") == input.get("kind");
    match open_cases(tx, workflow, person).await?.iter().find(stands_in_the_way) {
        Some(row) => {
            let case = CaseId::from_uuid(row.id);
            Err(Refusal::conflict("case-already-open", format!("This person has an open case already: {case}.")).into())
        }
        None => Ok(()),
    }
}

/// One retention review of a case is open at a time, whomever it says it is about.
async fn one_open_review(
    tx: &Tx,
    workflow: &Workflow,
    person: Option<PersonId>,
    reviewed: Option<CaseId>,
) -> Result<(), AppError> {
    let Some(reviewed) = reviewed else { return Ok(()) };
    let held: Vec<Uuid> = person.map(PersonId::as_uuid).into_iter().chain([reviewed.as_uuid()]).collect();
    crate::store::hold(tx, &held).await?;
    let filter = open_of_kind(workflow);
    let mut after = None;
    loop {
        let page = cases::list(tx, &filter, after, 500).await?;
        if let Some(row) = page.iter().find(|row| retention::reviewed(&row.data) == Some(reviewed)) {
            let message = format!("This case is under review already: {}.", row.id);
            return Err(Refusal::conflict("case-already-open", message).into());
        }
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(CaseId::from_uuid(last.id));
    }
}

fn open_of_kind(workflow: &Workflow) -> CaseFilter {
    let open = workflow.states.iter().filter(|state| state.kind != StateKind::Final);
    CaseFilter {
        workflows: vec![workflow.key.clone()],
        states: open.map(|state| state.id.clone()).collect(),
        ..CaseFilter::default()
    }
}

/// Whether several cases of this kind about one person may be open: retention reviews, one for each case; orders, of
/// which a later one may follow while an earlier is in force.
pub(super) fn is_many_a_person(workflow: &Workflow) -> bool {
    workflow.key == retention::RETENTION_REVIEW || workflow.key == "enforcement-order"
}

/// The person's open cases of this kind, whichever of their records they name.
pub(super) async fn open_cases(tx: &Tx, workflow: &Workflow, person: PersonId) -> Result<Vec<CaseRow>, AppError> {
    let root = people::root(tx, person).await?.unwrap_or(person);
    let filter = CaseFilter {
        people: people::members(tx, &[root]).await?.iter().map(|member| member.id).collect(),
        ..open_of_kind(workflow)
    };
    Ok(cases::list(tx, &filter, None, 200).await?)
}
