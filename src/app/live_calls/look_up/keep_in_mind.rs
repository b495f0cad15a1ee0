//! Once a minute: what live calls may need while the database is away is read anew, and looks that wait are written down.

use super::callers::caller_found;
use super::clues::OneOnFile;
use super::memory::{LOOKED_UP_WITHIN, is_a_clue};
use super::persons::{OnLine, describe};
use super::unlogged;
use crate::app::live_calls::{orders, plan};
use crate::app::{App, AppError};
use crate::domain::ids::{CallerId, PersonId};
use crate::store::cases::{self, CaseFilter};
use crate::store::{StoreError, caller_markers, case_facts, people, strategies};
use chrono::{DateTime, Duration, Utc};
use std::collections::BTreeMap;

const EVERY: Duration = Duration::minutes(1);
/// People, and numbers, read anew in one go; the longest not looked at first.
const MOST_AT_ONCE: usize = 500;

/// # Errors
/// When the database cannot be read; what is kept in mind stays as it is.
pub async fn keep_in_mind(app: &App) -> Result<(), AppError> {
    let now = app.now();
    unlogged::settle_looks(app).await;
    if !app.in_mind.refresh_is_due(now, EVERY) {
        return Ok(());
    }
    for officer in app.in_mind.officers() {
        let hidden = case_facts::people_complaining_about(app.store.reader(), officer).await?;
        app.in_mind.remember_hidden(officer, hidden);
    }
    let (looked_up, numbers) = app.in_mind.needed_since(now - LOOKED_UP_WITHIN);
    let wanted = wanted(app, now).await?;
    let needed: BTreeMap<PersonId, DateTime<Utc>> = wanted
        .people
        .iter()
        .map(|person| (*person, now - LOOKED_UP_WITHIN))
        .chain(looked_up.iter().map(|(person, (needed_at, _))| (*person, *needed_at)))
        .collect();
    let callers: BTreeMap<CallerId, DateTime<Utc>> = wanted
        .callers
        .iter()
        .map(|caller| (*caller, now - LOOKED_UP_WITHIN))
        .chain(numbers.iter().map(|(caller, (needed_at, _))| (*caller, *needed_at)))
        .collect();
    app.in_mind.retain(|person| needed.contains_key(person), |caller| callers.contains_key(caller));
    Box::pin(refresh_people(app, needed)).await?;
    refresh_callers(app, callers).await?;
    app.in_mind.note_there();
    Ok(())
}

/// Whom a call taker must not miss.
struct Wanted {
    people: Vec<PersonId>,
    callers: Vec<CallerId>,
}

/// People with a marker, a strategy, an order or a plan; numbers with a marker.
async fn wanted(app: &App, now: DateTime<Utc>) -> Result<Wanted, StoreError> {
    let db = app.store.reader();
    let most = u64::try_from(app.settings.look_up.remembered).unwrap_or(u64::MAX >> 1);
    let (marked, callers) = caller_markers::marked(db, most).await?;
    let bound = strategies::binding(db, now).await?.into_iter().map(|(person, _)| person);
    let workflows = vec![orders::WORKFLOW.to_owned(), plan::WORKFLOW.to_owned()];
    let of_cases = cases::list(db, &CaseFilter { workflows, ..CaseFilter::default() }, None, most).await?;
    let of_cases = of_cases.into_iter().filter_map(|row| row.person_id).map(PersonId::from_uuid);
    let mut all: Vec<PersonId> = marked.into_iter().chain(bound).chain(of_cases).collect();
    all.sort_unstable();
    all.dedup();
    let mut roots: Vec<PersonId> = people::roots(db, &all).await?.into_values().collect();
    roots.sort_unstable();
    roots.dedup();
    roots.truncate(app.settings.look_up.remembered);
    Ok(Wanted { people: roots, callers })
}

async fn refresh_people(app: &App, needed: BTreeMap<PersonId, DateTime<Utc>>) -> Result<(), StoreError> {
    let db = app.store.reader();
    let mut order: Vec<(Option<DateTime<Utc>>, PersonId, DateTime<Utc>)> =
        needed.into_iter().map(|(person, at)| (app.in_mind.known_at(person), person, at)).collect();
    order.sort_unstable();
    for (_, id, needed_at) in order.into_iter().take(MOST_AT_ONCE) {
        let Some(person) = OneOnFile::of(people::members(db, &[id]).await?).remove(&id) else { continue };
        let mut described = describe(app, app.store.reader(), person, (&OnLine::default(), Vec::new())).await?;
        described.held.retain(|(kind, _)| is_a_clue(*kind));
        app.in_mind.keep_person(described, needed_at, app.settings.look_up.remembered);
    }
    Ok(())
}

async fn refresh_callers(app: &App, needed: BTreeMap<CallerId, DateTime<Utc>>) -> Result<(), StoreError> {
    for (id, needed_at) in needed.into_iter().take(MOST_AT_ONCE) {
        if let Some(caller) = caller_found(app, id).await? {
            app.in_mind.remember_caller(caller, needed_at, app.settings.look_up.remembered);
        }
    }
    Ok(())
}
