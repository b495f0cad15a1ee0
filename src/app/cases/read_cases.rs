//! Cases as an officer may see them: one, many, a history, what may be done now. Each reading is logged.

use super::other_process::linked_processes;
use super::seeing::{self, Glimpse, Onlooker, Seen, SeenBy, Sight};
use super::view::{CaseView, ChildView, Clocks, EventView, SentMail};
use super::{facts, pinned};
use crate::app::{App, AppError, Shown, ShownWith, log_list, log_reading, rights};
use crate::domain::access::{Actor, Officer, Role};
use crate::domain::case::{self, Case, Offer};
use crate::domain::ids::{CaseId, OutgoingId, PersonId};
use crate::domain::marking::Marking;
use crate::store::cases::{self, CaseFilter, CaseRow};
use crate::store::{delivery_reports, disposal, outgoing, outgoing_attempts, people};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// One case.
///
/// # Errors
/// `NotFound` where the officer may not know it; `named-person-required` for a system.
pub async fn find_case(app: &App, actor: &Actor, id: CaseId) -> Result<CaseView, AppError> {
    let officer = rights::liaison(actor)?;
    let db = app.store.reader();
    if let Some(row) = cases::find_row(db, id).await?.filter(|row| disposal::is_gravestone(&row.data)) {
        return disposed(app, actor, row).await;
    }
    let Seen { case, sight, .. } = seeing::visible(app, db, officer, id).await?;
    let workflow = pinned::workflow(app, db, &case.content_hash).await?;
    let mut view = CaseView::new(&workflow, &case, Clocks::of(app, &workflow, &case), sight);
    if sight == Sight::Full {
        complete(db, &mut view).await?;
        if let Some(person) = case.person.filter(|_| !officer.is_confined_to_liaison()) {
            view.other_process = linked_processes(app, actor, person).await?.beside(&case.workflow);
        }
    }
    let view = shown_with(app, db, vec![view]).await?.pop().ok_or(AppError::NotFound)?;
    log_reading(app, actor, "case", Some(id.as_uuid())).await?;
    Ok(view)
}

/// What is left of a case that was disposed of: that there was one, when it was disposed of, and under which review.
async fn disposed(app: &App, actor: &Actor, row: CaseRow) -> Result<CaseView, AppError> {
    let officer = rights::named_person(actor)?;
    let (id, hidden) = (row.id, seeing::hidden_people(app.store.reader(), actor).await?);
    if row.person_id.is_some_and(|person| hidden.contains(&PersonId::from_uuid(person))) {
        return Err(AppError::NotFound);
    }
    let view = shown(app, officer, vec![row]).await?.pop().ok_or(AppError::NotFound)?;
    log_reading(app, actor, "case", Some(id)).await?;
    Ok(view)
}

/// What only who sees the whole case is shown beside it: child cases, and what became of our mails.
async fn complete(db: &impl ConnectionTrait, view: &mut CaseView) -> Result<(), AppError> {
    for child in cases::children(db, view.id).await? {
        let marking = cases::read_marking(&child.marking)?;
        view.children.push(ChildView::new(child, marking));
    }
    let mails = outgoing::of_case(db, view.id).await?;
    let ids: Vec<OutgoingId> = mails.iter().map(|mail| OutgoingId::from_uuid(mail.id)).collect();
    let reports = delivery_reports::of(db, &ids).await?;
    let ids: Vec<Uuid> = mails.iter().map(|mail| mail.id).collect();
    let tries = outgoing_attempts::of(db, &ids).await?;
    view.mails = mails.into_iter().map(|mail| SentMail::new(mail, &reports, &tries)).collect();
    Ok(())
}

async fn shown_with(app: &App, db: &impl ConnectionTrait, views: Vec<CaseView>) -> Result<Vec<CaseView>, AppError> {
    let cases: Vec<CaseId> = views.iter().map(|view| view.id).collect();
    let people: Vec<PersonId> = views.iter().filter_map(|view| view.person_id).collect();
    let with = ShownWith::load(app, db, &cases, &people).await?;
    Ok(views.into_iter().map(|view| view.shown_with(&with)).collect())
}

/// What a list of cases is narrowed to by its caller.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub workflow: Option<String>,
    pub state: Option<String>,
    pub person: Option<PersonId>,
    /// Only cases past the day their state should have been left.
    pub overdue: bool,
}

/// Cases the officer may see, in order of opening.
///
/// # Errors
/// `named-person-required`.
pub async fn list_cases(
    app: &App,
    actor: &Actor,
    wanted: Wanted,
    after: Option<CaseId>,
    limit: u64,
) -> Result<Vec<CaseView>, AppError> {
    let officer = rights::named_person(actor)?;
    let db = app.store.reader();
    let filter = CaseFilter {
        workflows: wanted.workflow.into_iter().collect(),
        states: wanted.state.into_iter().collect(),
        people: records(db, wanted.person).await?,
        spocs: Onlooker::new(app, db, officer).await?.only_cases_of(),
        or_workflows: worked_on(officer),
        overdue_at: wanted.overdue.then(|| app.now()),
        hidden_people: seeing::hidden_people(db, actor).await?,
        ..CaseFilter::default()
    };
    let views = seen_of(app, officer, &filter, after, limit).await?;
    log_list(app, actor, "case", &logged(&views)).await?;
    Ok(views)
}

/// The first that the officer sees of these. What they see is decided row by row, so pages are read until one is full.
async fn seen_of(
    app: &App,
    officer: &Officer,
    filter: &CaseFilter,
    after: Option<CaseId>,
    limit: u64,
) -> Result<Vec<CaseView>, AppError> {
    let db = app.store.reader();
    let (mut seen, mut from, at_once) = (Vec::new(), after, limit.clamp(1, MOST_AT_ONCE));
    loop {
        let rows = cases::list(db, filter, from, at_once).await?;
        let Some(last) = rows.last().map(|row| CaseId::from_uuid(row.id)) else { break };
        let read = rows.len() as u64;
        seen.extend(shown(app, officer, rows).await?);
        from = Some(last);
        if seen.len() as u64 >= limit || read < at_once {
            break;
        }
    }
    seen.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(seen)
}

/// Rows that are read at a time.
const MOST_AT_ONCE: u64 = 500;

/// Every record of the person: cases that ended before a merge name the one they were about.
pub(super) async fn records(db: &impl ConnectionTrait, person: Option<PersonId>) -> Result<Vec<PersonId>, AppError> {
    let Some(person) = person else { return Ok(Vec::new()) };
    let root = people::root(db, person).await?.unwrap_or(person);
    let members: Vec<PersonId> = people::members(db, &[root]).await?.iter().map(|member| member.id).collect();
    // Nobody's records are one that no case names.
    Ok(if members.is_empty() { vec![person] } else { members })
}

/// The case types of which the officer may see cases beside their own.
fn worked_on(officer: &Officer) -> Vec<String> {
    let works = officer.has_any(&seeing::WORKING_UNITS);
    let by_units = seeing::WORKED_BY_UNITS.iter().filter(|_| works);
    let meets_callers = works || officer.has(Role::Coordinator);
    let callers = [seeing::REPEAT_CALLER].into_iter().filter(|_| meets_callers);
    by_units.copied().chain(callers).map(str::to_owned).collect()
}

/// Consultations put to the officer's own units, open ones first by opening; for a point of contact, those they asked.
///
/// # Errors
/// `named-person-required`.
pub async fn consultations(
    app: &App,
    actor: &Actor,
    after: Option<CaseId>,
    limit: u64,
) -> Result<Vec<CaseView>, AppError> {
    let officer = rights::liaison(actor)?;
    let db = app.store.reader();
    let filter = CaseFilter {
        workflows: vec!["consultation".to_owned()],
        hidden_people: seeing::hidden_people(db, actor).await?,
        ..CaseFilter::default()
    };
    let seen = seen_of(app, officer, &filter, after, limit).await?;
    log_list(app, actor, "consultation", &logged(&seen)).await?;
    Ok(seen)
}

fn logged(views: &[CaseView]) -> Vec<Shown> {
    views.iter().map(|view| Shown::of(view.id.as_uuid(), view.person_id)).collect()
}

async fn shown(app: &App, officer: &Officer, rows: Vec<CaseRow>) -> Result<Vec<CaseView>, AppError> {
    let onlooker = Onlooker::new(app, app.store.reader(), officer).await?;
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let sight = onlooker.sight(Glimpse::of_row(&row));
        if sight == Sight::Nothing {
            continue;
        }
        let workflow = pinned::workflow(app, app.store.reader(), &row.content_hash).await?;
        views.push(CaseView::from_row(&workflow, row, facts::today(app), sight));
    }
    shown_with(app, app.store.reader(), views).await
}

/// A case's history, oldest event first: at most `most` events after the one of that number.
///
/// # Errors
/// `NotFound` where the officer does not see the whole case.
pub async fn case_events(
    app: &App,
    actor: &Actor,
    id: CaseId,
    (after, most): (Option<i64>, u64),
) -> Result<Vec<EventView>, AppError> {
    let officer = rights::named_person(actor)?;
    let db = app.store.reader();
    let seeing::Seen { case, sight, .. } = seeing::visible(app, db, officer, id).await?;
    if sight != Sight::Full {
        return Err(AppError::NotFound);
    }
    let history = cases::history_after(db, id, after.unwrap_or(0), most).await?;
    log_reading(app, actor, "case", Some(id.as_uuid())).await?;
    let marking = app.shown_with(case.marking);
    Ok(history.iter().map(|(seq, id, event)| EventView::new((*seq, *id), event, marking)).collect())
}

/// What the officer may do with a case now, from the same function that will decide it.
#[derive(Clone, Debug)]
pub struct ActionsNow {
    pub marking: Marking,
    pub version: i64,
    pub state: String,
    pub offers: Vec<Offer>,
}

/// Every action of the case's present state: allowed, or refused with code, words and paragraph. None for who broke the
/// glass: they only read; none for who only sees that there is a case.
///
/// # Errors
/// `NotFound` where the officer may not know the case.
pub async fn actions_now(app: &App, actor: &Actor, id: CaseId) -> Result<ActionsNow, AppError> {
    let officer = rights::liaison(actor)?;
    let db = app.store.reader();
    let Seen { case, by, sight } = seeing::visible(app, db, officer, id).await?;
    let workflow = pinned::workflow(app, db, &case.content_hash).await?;
    let facts = facts::gather(app, db, &case, actor).await?;
    let offers = match by {
        SeenBy::Role if sight == Sight::Existence => Vec::new(),
        SeenBy::Role => case::offers(&workflow, &case, &facts, (actor, app.now())),
        SeenBy::BrokenGlass => Vec::new(),
    };
    log_reading(app, actor, "case", Some(id.as_uuid())).await?;
    let marking = app.shown_with(case.marking);
    Ok(ActionsNow { marking, version: case.version, state: case.state.clone(), offers })
}

/// A case as whoever just acted on it sees it: whole.
///
/// # Errors
/// Only where the store or the pinned definition fails.
pub async fn describe(app: &App, case: &Case) -> Result<CaseView, AppError> {
    let db = app.store.reader();
    let workflow = pinned::workflow(app, db, &case.content_hash).await?;
    let mut view = CaseView::new(&workflow, case, Clocks::of(app, &workflow, case), Sight::Full);
    complete(db, &mut view).await?;
    shown_with(app, db, vec![view]).await?.pop().ok_or(AppError::NotFound)
}
