//! Callers who were nominated: those nobody has looked at yet, and what came of the others.

use super::{CASE, MAY_READ_CALLERS, MAY_WORK_ON_CALLERS, calls_from_theirs, hidden_from, months, sees_area};
use crate::app::cases::is_open;
use crate::app::{App, AppError, Shown, log_list, officer_names, rights};
use crate::domain::access::{Actor, Scope};
use crate::domain::calls::CallerKind;
use crate::domain::case::Refusal;
use crate::domain::ids::{CallerId, CaseId, Id, NominationId, PersonId};
use crate::domain::marking::Marking;
use crate::store::callers::{self, Caller};
use crate::store::calls::profile;
use crate::store::events::{self, NewEvent, Stream};
use crate::store::nominated_callers::{self, Left, Which};
use crate::store::nominations::{Nomination, Source};
use chrono::{DateTime, Duration, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use utoipa::ToSchema;
use uuid::Uuid;

/// Whose nominations are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Nominated {
    /// Neither taken up nor left.
    #[default]
    Waiting,
    All,
}

/// A nomination of a caller. It labels nobody: it asks people to look.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NominatedCaller {
    pub nomination_id: NominationId,
    pub caller_id: CallerId,
    pub marking: Marking,
    pub kind: CallerKind,
    pub number: Option<String>,
    pub name: Option<String>,
    pub location: Option<String>,
    /// Where they called from in the last half year; keys of the register of areas.
    pub areas: BTreeSet<String>,
    /// The person on file that an officer said it is.
    pub person_id: Option<PersonId>,
    /// The rule; absent where a person nominated.
    pub rule: Option<String>,
    pub reason: String,
    #[schema(value_type = Object)]
    pub detail: Value,
    pub at: DateTime<Utc>,
    /// The case that it was taken up with.
    pub case_id: Option<CaseId>,
    /// What the caller's cases came to, the open one first; of those that nominations of them were taken up with. Shown to
    /// whoever looks at nominations.
    pub cases: Vec<CaseOfCaller>,
    pub left_because: Option<String>,
    pub left_by: Option<String>,
    pub left_at: Option<DateTime<Utc>>,
}

/// A case that a nomination of the caller was taken up with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CaseOfCaller {
    pub case_id: CaseId,
    pub state: String,
    #[schema(example = "Diverted to help")]
    pub state_title: String,
    pub is_open: bool,
}

/// Newest first, after `after`. None of somebody who complained about the reader; a system sees those who called from its
/// areas.
///
/// # Errors
/// `Refused`.
pub async fn nominated_callers(
    app: &App,
    actor: &Actor,
    wanted: Nominated,
    after: Option<NominationId>,
    most: u64,
) -> Result<Vec<NominatedCaller>, AppError> {
    rights::system_or_officer(actor, Scope::CallersRead, &MAY_READ_CALLERS)?;
    let hidden = hidden_from(app, actor).await?.people();
    let which = match wanted {
        Nominated::Waiting => Which::Waiting,
        Nominated::All => Which::All,
    };
    let (mut seen, mut from) = (Vec::new(), after);
    // Which areas somebody called from is asked page by page, so pages are read until one is full.
    loop {
        let found = nominated_callers::list(app.store.reader(), which, &hidden, from, 200).await?;
        let (read, last) = (found.len(), found.last().map(|one| one.id));
        seen.extend(views(app, actor, found).await?);
        from = last;
        if seen.len() as u64 >= most || read < 200 {
            break;
        }
    }
    seen.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    let shown: Vec<Shown> = seen.iter().map(|one| Shown::of(one.caller_id.as_uuid(), one.person_id)).collect();
    log_list(app, actor, "caller", &shown).await?;
    Ok(seen)
}

async fn views(app: &App, actor: &Actor, found: Vec<Nomination>) -> Result<Vec<NominatedCaller>, AppError> {
    let db = app.store.reader();
    let ids: Vec<CallerId> = found.iter().filter_map(|one| one.caller).collect();
    let people: BTreeMap<CallerId, Caller> =
        callers::with_ids(db, &ids).await?.into_iter().map(|caller| (caller.id, caller)).collect();
    let mut areas: BTreeMap<CallerId, BTreeSet<String>> = BTreeMap::new();
    for (caller, area) in profile::areas_of(db, &ids, app.now() - Duration::weeks(26)).await? {
        areas.entry(caller).or_default().insert(area);
    }
    let cases = cases_of(app, actor, &ids).await?;
    let left = nominated_callers::left_of(db, &found.iter().map(|one| one.id).collect::<Vec<_>>()).await?;
    let names = officer_names(app, &left.values().map(|left| left.by.as_uuid()).collect::<Vec<_>>()).await?;
    let marking = app.shown_with(Marking::OfficialSensitive);
    let view = |one: Nomination| {
        let caller = people.get(&one.caller?)?;
        let areas = areas.get(&caller.id).cloned().unwrap_or_default();
        let theirs = sees_area(actor, None) || areas.iter().any(|area| sees_area(actor, Some(area)));
        let cases = cases.get(&caller.id).cloned().unwrap_or_default();
        theirs.then(|| shown(one, caller, (areas, cases), marking))
    };
    let mut seen: Vec<NominatedCaller> = found.into_iter().filter_map(view).collect();
    seen.iter_mut().for_each(|one| with_left(one, &left, &names));
    Ok(seen)
}

/// The cases of these callers, the open ones first; none for who does not look at nominations.
async fn cases_of(
    app: &App,
    actor: &Actor,
    callers: &[CallerId],
) -> Result<BTreeMap<CallerId, Vec<CaseOfCaller>>, AppError> {
    let mut cases: BTreeMap<CallerId, Vec<CaseOfCaller>> = BTreeMap::new();
    if actor.officer().is_none_or(|officer| !officer.has_any(&MAY_WORK_ON_CALLERS)) {
        return Ok(cases);
    }
    for (caller, row) in nominated_callers::cases_of(app.store.reader(), callers).await? {
        let workflow = app.catalog.latest(CASE).filter(|_| row.workflow == CASE);
        let Some(state) = workflow.and_then(|workflow| workflow.state(&row.state)) else { continue };
        let (case_id, state_title, is_open) = (Id::from_uuid(row.id), state.title.clone(), is_open(app, &row));
        cases.entry(caller).or_default().push(CaseOfCaller { case_id, state: row.state, state_title, is_open });
    }
    cases.values_mut().for_each(|theirs| theirs.sort_by_key(|one| !one.is_open));
    Ok(cases)
}

fn shown(
    one: Nomination,
    caller: &Caller,
    (areas, cases): (BTreeSet<String>, Vec<CaseOfCaller>),
    marking: Marking,
) -> NominatedCaller {
    NominatedCaller {
        nomination_id: one.id,
        caller_id: caller.id,
        marking,
        kind: caller.kind,
        number: caller.number.clone(),
        name: caller.name.clone(),
        location: caller.location.clone(),
        areas,
        person_id: caller.person,
        rule: match one.source {
            Source::Rule { rule, .. } => Some(rule),
            Source::Manual => None,
        },
        reason: one.reason,
        detail: one.detail,
        at: one.at,
        case_id: one.case,
        cases,
        left_because: None,
        left_by: None,
        left_at: None,
    }
}

fn with_left(one: &mut NominatedCaller, left: &HashMap<NominationId, Left>, names: &BTreeMap<Uuid, String>) {
    if let Some(left) = left.get(&one.nomination_id) {
        one.left_because = Some(left.reason.clone());
        one.left_by = names.get(&left.by.as_uuid()).cloned();
        one.left_at = Some(left.at);
    }
}

/// Somebody looked and leaves it there. A later nomination of the same caller is a new one.
///
/// # Errors
/// `wrong-role`; `NotFound`; `Invalid` without a reason; `nomination-looked-at` where it was taken up or left before.
pub async fn leave_nomination(app: &App, actor: &Actor, id: NominationId, reason: &str) -> Result<(), AppError> {
    let officer = rights::officer_with(actor, &MAY_WORK_ON_CALLERS)?.id;
    let left = Left { reason: months::words("/reason", reason, 2000)?, by: officer, at: app.now() };
    waiting(app, actor, id).await?;
    let data = json!({ "reason": left.reason });
    let kind = "left".to_owned();
    let event = NewEvent { id: app.new_id(), at: left.at, actor: actor.reference(), kind, data };
    let written = app.store.write(async move |tx| {
        if !nominated_callers::is_waiting(tx, id).await? {
            return Err(looked_at());
        }
        nominated_callers::leave(tx, id, &left).await?;
        events::append_next(tx, vec![(Stream::Nomination, id.as_uuid(), vec![event])]).await?;
        Ok::<_, AppError>(())
    });
    Ok(written.await?)
}

/// A nomination of a caller that nobody has looked at, and the caller; of those who called from an area of the reader's.
///
/// # Errors
/// `NotFound`; `nomination-looked-at`.
pub(super) async fn waiting(app: &App, actor: &Actor, id: NominationId) -> Result<(Nomination, Caller), AppError> {
    let db = app.store.reader();
    let nomination = nominated_callers::find(db, id).await?.ok_or(AppError::NotFound)?;
    let caller = nomination.caller.ok_or(AppError::NotFound)?;
    let caller = callers::find(db, caller).await?.ok_or(AppError::NotFound)?;
    let hidden = hidden_from(app, actor).await?;
    if hidden.hides(caller.person) || hidden.hides(nomination.person) {
        return Err(AppError::NotFound);
    }
    calls_from_theirs(app, actor, caller.id).await?;
    if !nominated_callers::is_waiting(db, id).await? {
        return Err(looked_at());
    }
    Ok((nomination, caller))
}

pub(super) fn looked_at() -> AppError {
    Refusal::conflict("nomination-looked-at", "Somebody has looked at this nomination already, or it was withdrawn.")
        .into()
}
