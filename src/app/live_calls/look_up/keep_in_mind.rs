//! Once a minute: what live calls may need while the database is away is read anew, and looks that wait are written down.

use super::callers::caller_known;
use super::clues::OneOnFile;
use super::described::describe;
use super::memory::{LOOKED_UP_WITHIN, is_a_clue};
use super::{signed_in, unlogged};
use crate::app::live_calls::{orders, plan};
use crate::app::{App, AppError};
use crate::domain::ids::{CallerId, CaseId, PersonId};
use crate::store::caller_markers::Marker;
use crate::store::cases::{self, CaseFilter};
use crate::store::{StoreError, caller_markers, case_facts, nominated_callers, people, strategies};
use chrono::{DateTime, Duration, Utc};
use std::collections::BTreeMap;

const EVERY: Duration = Duration::minutes(1);
/// People, and numbers, read anew in one go; the longest not looked at first.
const MOST_AT_ONCE: usize = 500;
/// SQLite binds at most 32,766 values a statement.
const IDS_A_STATEMENT: usize = 1_000;

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
    signed_in::look_again(app).await?;
    let (looked_up, numbers) = app.in_mind.needed_since(now - LOOKED_UP_WITHIN);
    let wanted = wanted(app, now).await?;
    let long_ago = now - LOOKED_UP_WITHIN;
    let people = wanted.people.iter().map(|person| (*person, long_ago)).chain(looked_up);
    let people = as_they_stand(app, people.collect()).await?;
    let callers: BTreeMap<CallerId, DateTime<Utc>> =
        wanted.callers.iter().map(|caller| (*caller, long_ago)).chain(numbers).collect();
    app.in_mind.retain(|person| people.contains_key(person), |caller| callers.contains_key(caller), now);
    app.in_mind.remember_places(wanted.on_places, now);
    Box::pin(refresh_people(app, people)).await?;
    Box::pin(refresh_callers(app, callers)).await?;
    app.in_mind.note_there();
    Ok(())
}

/// These people by the record that stands for each now; without those whose records are gone.
async fn as_they_stand(
    app: &App,
    needed: Vec<(PersonId, DateTime<Utc>)>,
) -> Result<BTreeMap<PersonId, DateTime<Utc>>, StoreError> {
    let ids: Vec<PersonId> = needed.iter().map(|(person, _)| *person).collect();
    let roots = roots(app, &ids).await?;
    let mut people: BTreeMap<PersonId, DateTime<Utc>> = BTreeMap::new();
    for (person, at) in needed {
        let Some(root) = roots.get(&person) else { continue };
        let needed_at = people.entry(*root).or_insert(at);
        *needed_at = at.max(*needed_at);
    }
    Ok(people)
}

async fn roots(app: &App, ids: &[PersonId]) -> Result<BTreeMap<PersonId, PersonId>, StoreError> {
    let mut roots = BTreeMap::new();
    for some in ids.chunks(IDS_A_STATEMENT) {
        roots.extend(people::roots(app.store.reader(), some).await?);
    }
    Ok(roots)
}

/// Whom a call taker must not miss.
struct Wanted {
    people: Vec<PersonId>,
    callers: Vec<CallerId>,
    on_places: Vec<Marker>,
}

/// People with a marker, a strategy, an order or a plan; numbers with a marker, or a case about nobody on file; markers on
/// places.
async fn wanted(app: &App, now: DateTime<Utc>) -> Result<Wanted, StoreError> {
    let db = app.store.reader();
    let most = u64::try_from(app.settings.look_up.remembered).unwrap_or(u64::MAX >> 1);
    let (marked, callers) = caller_markers::marked(db, most).await?;
    let on_places = caller_markers::on_places(db, most).await?;
    let bound = strategies::binding(db, now).await?.into_iter().map(|(person, _)| person);
    let workflows = vec![orders::WORKFLOW.to_owned(), plan::WORKFLOW.to_owned()];
    let of_cases = cases::list(db, &CaseFilter { workflows, ..CaseFilter::default() }, None, most).await?;
    let of_nobody = of_cases.iter().filter(|row| row.person_id.is_none()).map(|row| CaseId::from_uuid(row.id));
    let taken_up = nominated_callers::callers_of(db, &of_nobody.collect::<Vec<_>>()).await?;
    let callers = callers.into_iter().chain(taken_up).collect();
    let of_cases = of_cases.into_iter().filter_map(|row| row.person_id).map(PersonId::from_uuid);
    let mut all: Vec<PersonId> = marked.into_iter().chain(bound).chain(of_cases).collect();
    all.sort_unstable();
    all.dedup();
    let mut roots: Vec<PersonId> = roots(app, &all).await?.into_values().collect();
    roots.sort_unstable();
    roots.dedup();
    roots.truncate(app.settings.look_up.remembered);
    Ok(Wanted { people: roots, callers, on_places })
}

async fn refresh_people(app: &App, needed: BTreeMap<PersonId, DateTime<Utc>>) -> Result<(), StoreError> {
    let db = app.store.reader();
    let mut order: Vec<(Option<DateTime<Utc>>, PersonId, DateTime<Utc>)> =
        needed.into_iter().map(|(person, at)| (app.in_mind.known_at(person), person, at)).collect();
    order.sort_unstable();
    for (_, id, needed_at) in order.into_iter().take(MOST_AT_ONCE) {
        let Some(person) = OneOnFile::of(people::members(db, &[id]).await?).remove(&id) else {
            app.in_mind.forget_person(id);
            continue;
        };
        let mut described = describe(app, db, person).await?;
        described.held.retain(|(kind, _)| is_a_clue(*kind));
        app.in_mind.keep_person(described, needed_at, app.settings.look_up.remembered);
    }
    Ok(())
}

async fn refresh_callers(app: &App, needed: BTreeMap<CallerId, DateTime<Utc>>) -> Result<(), StoreError> {
    let mut order: Vec<(Option<DateTime<Utc>>, CallerId, DateTime<Utc>)> =
        needed.into_iter().map(|(caller, at)| (app.in_mind.caller_known_at(caller), caller, at)).collect();
    order.sort_unstable();
    for (_, id, needed_at) in order.into_iter().take(MOST_AT_ONCE) {
        match caller_known(app, id).await? {
            Some(caller) => app.in_mind.remember_caller(caller, needed_at, app.settings.look_up.remembered),
            None => app.in_mind.forget_caller(id),
        }
    }
    Ok(())
}
