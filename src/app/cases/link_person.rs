//! Which person a case is about: linked by a named person where it was opened about nobody on file, and carried along
//! when records turn out to be one person, or not to be.

use super::act_on_case::append;
use super::open_case::{is_many_a_person, open_cases, root_of};
use super::{pinned, seeing};
use crate::app::callers::{Named, on_file};
use crate::app::people::keep_as_victim;
use crate::app::{App, AppError, rights};
use crate::domain::access::{Actor, Officer, Role};
use crate::domain::case::{Case, CaseEvent, Decision, Happening, Refusal};
use crate::domain::ids::{CaseId, PersonId};
use crate::domain::workflow::StateKind;
use crate::store::cases::{self, CaseFilter};
use crate::store::tasks::{self, NewTask};
use crate::store::{Tx, nominations, people};
use std::collections::BTreeMap;

const MAY_LINK: [Role; 3] = [Role::PsdStaff, Role::PsdSupervisor, Role::Coordinator];

/// A coordinator links the cases of repeat callers and no others.
const OF_THE_DEPARTMENT: [Role; 2] = [Role::PsdStaff, Role::PsdSupervisor];

/// The task of whoever decides which of two cases goes on.
const TWO_OPEN_CASES: &str = "two_open_cases";

/// More than anybody has.
const MOST_CASES: u64 = 500;

#[derive(Clone, Debug)]
pub struct Linking {
    pub case: CaseId,
    /// The version the officer read; `None`: whatever it is.
    pub expected_version: Option<i64>,
    pub person: Named,
    pub reason: String,
}

/// Links a case that is about nobody on file yet, and every case below it, to a person.
///
/// # Errors
/// `wrong-role`; `NotFound`; `StaleVersion`; `already-linked`; `case-already-open` where the person has one of this kind;
/// `Invalid` without a reason or for an unknown person.
pub async fn link_person(app: &App, actor: &Actor, asked: Linking) -> Result<Case, AppError> {
    rights::officer_with(actor, &MAY_LINK)?;
    if asked.reason.trim().is_empty() {
        return Err(AppError::invalid("/reason", "Say how it is known whom the case is about."));
    }
    let (inner, actor) = (app.clone(), actor.clone());
    Ok(app.store.write(async move |tx| Box::pin(link_in(&inner, tx, &actor, asked)).await).await?)
}

/// Whether this officer may say whom a case of this type is about.
pub fn may_link(officer: &Officer, workflow: &str) -> bool {
    let whose = if workflow == seeing::REPEAT_CALLER { &MAY_LINK[..] } else { &OF_THE_DEPARTMENT[..] };
    officer.has_any(whose)
}

async fn link_in(app: &App, tx: &Tx, actor: &Actor, asked: Linking) -> Result<Case, AppError> {
    let case = seeing::visible_to_act(app, tx, actor, asked.case).await?;
    if case.workflow != seeing::REPEAT_CALLER {
        rights::officer_with(actor, &OF_THE_DEPARTMENT)?;
    }
    if let Some(expected) = asked.expected_version
        && expected != case.version
    {
        return Err(AppError::StaleVersion { expected, found: case.version });
    }
    if case.person.is_some() {
        let message = "This case is about somebody already; where the record is wrong, merge or split the people.";
        return Err(Refusal::conflict("already-linked", message).into());
    }
    let person = root_of(tx, actor, on_file(tx, &asked.person).await?).await?;
    let workflow = pinned::workflow(app, tx, &case.content_hash).await?;
    super::open_case::one_open_case(tx, &workflow, Some(person), &case.data).await?;
    link_with_all_below(app, tx, actor, case, (person, &asked.reason)).await
}

async fn link_with_all_below(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    case: Case,
    (person, reason): (PersonId, &str),
) -> Result<Case, AppError> {
    link_below(app, tx, actor, &case, (person, reason)).await?;
    nominations::set_person(tx, case.id, person).await?;
    let linked = link(app, tx, actor, case, (person, reason)).await?;
    if linked.workflow == seeing::REPEAT_CALLER && linked.state == seeing::DIVERTED {
        keep_as_victim(app, tx, actor, (person, linked.id)).await?;
    }
    Ok(linked)
}

/// The case of a caller is about whoever an officer said the caller is. Where that person has an open case of this kind
/// already, an open one stays about nobody: which goes on is for people to say.
///
/// # Errors
/// What the store says.
pub(crate) async fn is_about(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (id, person, reason): (CaseId, PersonId, &str),
) -> Result<(), AppError> {
    let Some(case) = cases::load(tx, id).await?.filter(|case| case.person.is_none()) else { return Ok(()) };
    let workflow = pinned::workflow(app, tx, &case.content_hash).await?;
    if !workflow.is_final(&case.state) && !open_cases(tx, &workflow, person).await?.is_empty() {
        return Ok(());
    }
    link_with_all_below(app, tx, actor, case, (person, reason)).await.map(drop)
}

/// Every case below this one that is about nobody, however deep.
async fn link_below(app: &App, tx: &Tx, actor: &Actor, case: &Case, about: (PersonId, &str)) -> Result<(), AppError> {
    for below in cases::below(tx, case.id).await? {
        let below = cases::load(tx, CaseId::from_uuid(below.id)).await?;
        if let Some(below) = below.filter(|below| below.person.is_none()) {
            nominations::set_person(tx, below.id, about.0).await?;
            link(app, tx, actor, below, about).await?;
        }
    }
    Ok(())
}

/// The case and its open tasks are about this person from now on.
async fn link(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    mut case: Case,
    (person, reason): (PersonId, &str),
) -> Result<Case, AppError> {
    let what = Happening::PersonLinked { person: Some(person), reason: reason.to_owned() };
    let event = CaseEvent { at: app.now(), actor: actor.reference(), what };
    case.apply(&event);
    let workflow = pinned::workflow(app, tx, &case.content_hash).await?;
    let decision = Decision { events: vec![event], effects: Vec::new(), case };
    append(app, tx, &workflow, &decision).await?;
    tasks::follow_case(tx, decision.case.id, person).await?;
    Ok(decision.case)
}

/// Carries the open cases of these records along to the records that stand for their people now, and back what a merge
/// had carried and ended meanwhile. Answers the cases of
/// people who have several of one kind open, for the meeting to decide which goes on.
///
/// # Errors
/// What the store says.
pub(crate) async fn follow_people(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (group, reason): (&[PersonId], &str),
) -> Result<Vec<CaseId>, AppError> {
    let filter = CaseFilter { people: group.to_vec(), ..CaseFilter::default() };
    let stand = people::roots(tx, group).await?;
    let mut kinds: BTreeMap<(PersonId, String), Vec<CaseId>> = BTreeMap::new();
    let mut alone = Vec::new();
    for row in cases::list(tx, &filter, None, MOST_CASES).await? {
        let workflow = pinned::workflow(app, tx, &row.content_hash).await?;
        let ended = workflow.state(&row.state).is_none_or(|state| state.kind == StateKind::Final);
        let id = CaseId::from_uuid(row.id);
        let Some(case) = cases::load(tx, id).await? else { continue };
        let Some(own) = own_record(tx, id).await? else { continue };
        let person = stand.get(&own).copied().unwrap_or(own);
        // What ended stays with the record it was about; what ended elsewhere comes back with its person.
        if case.person != Some(person) && !(ended && case.person == Some(own)) {
            link(app, tx, actor, case, (person, reason)).await?;
        }
        if workflow.open.is_some() && !ended && !is_many_a_person(&workflow) {
            kinds.entry((person, row.workflow)).or_default().push(id);
        }
    }
    let mut several = Vec::new();
    for open in kinds.into_values() {
        let side = if open.len() > 1 { &mut several } else { &mut alone };
        side.extend(open);
    }
    tasks::settle(tx, tasks::of_cases(&alone, TWO_OPEN_CASES), None, app.now()).await?;
    mark(app, tx, &several).await?;
    Ok(several)
}

/// The record the case, or the one it was opened under, was about first: merges move a case, and what moved comes back
/// when they are reversed. A case opened under another while records were merged comes back with it.
pub(super) async fn own_record(tx: &Tx, case: CaseId) -> Result<Option<PersonId>, AppError> {
    let top = cases::topmost(tx, case).await?;
    let named = |event: &CaseEvent| match &event.what {
        Happening::Opened { person, .. } | Happening::PersonLinked { person, .. } => *person,
        Happening::Acted { .. }
        | Happening::Struck { .. }
        | Happening::GuardFailed { .. }
        | Happening::Migrated { .. }
        | Happening::Marked { .. }
        | Happening::LookedInto { .. }
        | Happening::Disposed { .. } => None,
    };
    Ok(cases::history(tx, top).await?.iter().find_map(|(_, event)| named(event)))
}

async fn mark(app: &App, tx: &Tx, several: &[CaseId]) -> Result<(), AppError> {
    let mut marks = Vec::with_capacity(several.len());
    for case in several {
        let person = cases::find_row(tx, *case).await?.and_then(|row| row.person_id).map(PersonId::from_uuid);
        marks.push(NewTask {
            id: app.new_id::<crate::domain::ids::of::Event>().as_uuid(),
            kind: TWO_OPEN_CASES,
            title: "This person has more than one open case since records were merged: decide which goes on".to_owned(),
            role: Some(Role::Chair.as_str().to_owned()),
            officer: None,
            case: Some(*case),
            contact: None,
            person,
            due_at: Some(app.now()),
            created_at: app.now(),
            cause: format!("{TWO_OPEN_CASES}:{case}"),
        });
    }
    Ok(tasks::ask(tx, marks).await?)
}

/// The open cases of a kind about a person, whichever of their records they name.
pub(crate) async fn open_case_of(
    app: &App,
    tx: &Tx,
    workflow: &str,
    person: PersonId,
) -> Result<Option<Case>, AppError> {
    let newest = pinned::newest(app, tx, workflow).await?;
    match open_cases(tx, &newest, person).await?.first() {
        Some(row) => Ok(cases::load(tx, CaseId::from_uuid(row.id)).await?),
        None => Ok(None),
    }
}
