//! One caller over half a year: how often, when, about what, and what people were asked to look at.

use super::profile_view::{CallerNomination, CallerNote, CallerProfile, LinkedPerson, Sums, add_up, first_day};
use super::{MAY_READ_CALLERS, calls_from_theirs, hidden_from};
use crate::app::coordination::known_of_caller;
use crate::app::{App, AppError, Shown, log_list, officer_names, rights};
use crate::domain::access::{Actor, Role, Scope};
use crate::domain::calendar::london;
use crate::domain::ids::{CallerId, PersonId};
use crate::domain::marking::Marking;
use crate::store::calls::profile;
use crate::store::nominations::Source;
use crate::store::{callers, desk_notes, nominated_callers, people};

/// Rows that are read for one profile.
const MOST_ROWS: u64 = 50_000;
const MOST_NOTES: u64 = 100;
/// Who reads whom the file of people names.
const READ_PEOPLE: [Role; 2] = [Role::Coordinator, Role::Auditor];

/// The profile of a caller. A system sees a caller who called from one of its areas; an officer whom the person complained
/// about sees nothing.
///
/// # Errors
/// `Refused`; `NotFound`.
pub async fn caller_profile(app: &App, actor: &Actor, id: CallerId) -> Result<CallerProfile, AppError> {
    rights::system_or_officer(actor, Scope::CallersRead, &MAY_READ_CALLERS)?;
    let db = app.store.reader();
    let caller = callers::find(db, id).await?.ok_or(AppError::NotFound)?;
    let person = match caller.person {
        Some(person) => people::root(db, person).await?,
        None => None,
    };
    if hidden_from(app, actor).await?.hides(person) {
        return Err(AppError::NotFound);
    }
    let today = london::date_of(app.now());
    let first = first_day(today);
    let from = london::start_of_day(first);
    calls_from_theirs(app, actor, id).await?;
    let rows = profile::rows(db, id, from, MOST_ROWS).await?;
    let cut_short = u64::try_from(rows.len()).is_ok_and(|count| count == MOST_ROWS);
    let Sums { calls, calls_out, last_call_at, longest_gap_days, weeks, hours, subjects, channels, systems, areas } =
        add_up(&rows, today);
    let notes = if actor.officer().is_some() { notes(app, id).await? } else { Vec::new() };
    let view = CallerProfile {
        id,
        marking: app.shown_with(Marking::OfficialSensitive),
        kind: caller.kind,
        number: caller.number,
        name: caller.name,
        location: caller.location,
        person: linked(app, actor, person).await?,
        first_day: first,
        last_day: today,
        calls,
        calls_ever: profile::count(db, id).await?,
        calls_out,
        last_call_at,
        longest_gap_days,
        weeks,
        hours,
        subjects,
        channels,
        systems,
        areas,
        nominations: nominations(app, id).await?,
        notes,
        knowledge: known_of_caller(app, actor, id).await?,
        cut_short,
    };
    log_list(app, actor, "caller", &[Shown::of(id.as_uuid(), person)]).await?;
    Ok(view)
}

async fn linked(app: &App, actor: &Actor, person: Option<PersonId>) -> Result<Option<LinkedPerson>, AppError> {
    let Some(id) = person else { return Ok(None) };
    let reads = actor.officer().is_some_and(|officer| officer.has_any(&READ_PEOPLE));
    let found = if reads { people::find(app.store.reader(), id).await? } else { None };
    let (reference, full_name) = found.map(|found| (found.reference, found.full_name)).unzip();
    Ok(Some(LinkedPerson { id, reference, full_name }))
}

async fn notes(app: &App, id: CallerId) -> Result<Vec<CallerNote>, AppError> {
    let notes = desk_notes::of_caller(app.store.reader(), id, MOST_NOTES).await?;
    let by: Vec<_> = notes.iter().map(|note| note.by.as_uuid()).collect();
    let names = officer_names(app, &by).await?;
    let view = |note: desk_notes::DeskNote| CallerNote {
        id: note.id,
        words: note.words,
        by: names.get(&note.by.as_uuid()).cloned().unwrap_or_default(),
        at: note.at,
    };
    Ok(notes.into_iter().map(view).collect())
}

async fn nominations(app: &App, id: CallerId) -> Result<Vec<CallerNomination>, AppError> {
    let db = app.store.reader();
    let found = nominated_callers::of_caller(db, id).await?;
    let ids: Vec<_> = found.iter().map(|one| one.id).collect();
    let mut left = nominated_callers::left_of(db, &ids).await?;
    let view = |one: crate::store::nominations::Nomination| CallerNomination {
        id: one.id,
        rule: match one.source {
            Source::Rule { rule, .. } => Some(rule),
            Source::Manual => None,
        },
        reason: one.reason,
        detail: one.detail,
        at: one.at,
        case_id: one.case,
        left_because: left.remove(&one.id).map(|left| left.reason),
        withdrawn: one.withdrawn_at.is_some(),
    };
    Ok(found.into_iter().map(view).collect())
}
