//! The record of one call, and what stands beside it for whoever goes on with it.

use super::look_up::{CallerFound, CallerMatch, PlaceFound, caller_found, match_of, place_of, places_found};
use super::{CallRecordView, MAY_READ, theirs};
use crate::app::{App, AppError, log_reading, rights};
use crate::domain::access::Actor;
use crate::domain::ids::{CallId, PersonId};
use crate::store::{call_records, calls, case_facts};

/// # Errors
/// `named-person-required`, `wrong-role`; `NotFound` where there is none, or none the reader may know of.
pub async fn read_call(app: &App, actor: &Actor, id: CallId) -> Result<CallRecordView, AppError> {
    rights::officer_with(actor, &MAY_READ)?;
    let db = app.store.reader();
    let record = call_records::load(db, id).await?.ok_or(AppError::NotFound)?;
    theirs::reader(db, actor, &record).await?;
    let view = CallRecordView::load(app, actor, &record).await?;
    log_reading(app, actor, "call", Some(id.as_uuid())).await?;
    Ok(view)
}

/// Who is on the line, as a look-up shows them: the person, and the number or name they call under.
#[derive(Clone, Debug, Default)]
pub struct BesideCall {
    pub person: Option<CallerMatch>,
    pub caller: Option<CallerFound>,
    /// The place the call came from, where that is marked.
    pub places: Vec<PlaceFound>,
}

/// # Errors
/// As for reading the record.
pub async fn beside_call(app: &App, actor: &Actor, view: &CallRecordView) -> Result<BesideCall, AppError> {
    let place = place_of(view.place.as_deref());
    let person = match view.person_id {
        Some(person) => Box::pin(match_of(app, actor, person, (view.caller_id, &place))).await?,
        None => None,
    };
    let caller = match view.caller_id {
        Some(caller) => caller_found(app, caller).await?,
        None => None,
    };
    // What came before is without the call itself, under whichever row it stands now.
    let stands = calls::find(app.store.reader(), view.id).await?.map(|row| row.call);
    let rows: Vec<CallId> = stands.into_iter().chain([view.id]).collect();
    let person = person.map(|found| found.before(&rows, app.now()));
    let mut caller = caller.map(|found| found.before(&rows, app.now()));
    if let Some(found) = &mut caller {
        let complained = is_hidden(app, actor, found.person_id).await?;
        if complained || person.as_ref().is_some_and(|person| person.shortened) {
            found.shorten();
        }
    }
    Ok(BesideCall { person, caller, places: places_found(app, &place).await? })
}

async fn is_hidden(app: &App, actor: &Actor, person: Option<PersonId>) -> Result<bool, AppError> {
    let (Some(officer), Some(person)) = (actor.officer(), person) else { return Ok(false) };
    Ok(case_facts::people_complaining_about(app.store.reader(), officer.id).await?.contains(&person))
}
