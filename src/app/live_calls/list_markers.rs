//! The markers in force, and what each is on in words.

use super::{MAY_MARK, MarkerView};
use crate::app::{App, AppError, Shown, log_list, officer_names, rights};
use crate::domain::access::{Actor, Officer};
use crate::domain::calendar::london;
use crate::domain::ids::{CallerId, MarkerId, OfficerId, PersonId};
use crate::store::{caller_markers, callers, case_facts, people};
use std::collections::HashMap;

/// A marker as a list of them shows it.
#[derive(Clone, Debug)]
pub struct ListedMarker {
    pub marker: MarkerView,
    /// The number it is on, or what the caller is called.
    pub caller: Option<String>,
    /// The reference of the person it is on.
    pub person: Option<String>,
    pub added_by: Option<String>,
    /// The day on which somebody was to look at it is over.
    pub overdue: bool,
}

/// The latest first, at most `most`, after an id; none on people who complained about the reader.
///
/// # Errors
/// `named-person-required`, `wrong-role`.
pub async fn list_markers(
    app: &App,
    actor: &Actor,
    after: Option<MarkerId>,
    most: u64,
) -> Result<Vec<MarkerView>, AppError> {
    let officer = rights::officer_with(actor, &MAY_MARK)?;
    let db = app.store.reader();
    let hidden = case_facts::people_complaining_about(db, officer.id).await?;
    let found = caller_markers::list(db, &hidden, after, most).await?;
    let views: Vec<MarkerView> = found.into_iter().map(MarkerView::from).collect();
    let shown: Vec<Shown> = views.iter().map(|view| Shown::of(view.id.as_uuid(), view.person_id)).collect();
    log_list(app, actor, "marker", &shown).await?;
    Ok(views)
}

/// The same for people: numbers, references and names of officers beside them.
///
/// # Errors
/// `named-person-required`, `wrong-role`.
pub async fn listed_markers(
    app: &App,
    actor: &Actor,
    after: Option<MarkerId>,
    most: u64,
) -> Result<Vec<ListedMarker>, AppError> {
    described(app, list_markers(app, actor, after, most).await?).await
}

/// How many markers somebody was to look at again before today; `None` for whoever may not mark.
///
/// # Errors
/// What the store says.
pub async fn overdue_markers(app: &App, officer: &Officer) -> Result<Option<u64>, AppError> {
    if !officer.has_any(&MAY_MARK) {
        return Ok(None);
    }
    let db = app.store.reader();
    let hidden = case_facts::people_complaining_about(db, officer.id).await?;
    Ok(Some(caller_markers::count_overdue(db, &hidden, london::date_of(app.now())).await?))
}

/// One marker, whether or not it is in force.
///
/// # Errors
/// `named-person-required`, `wrong-role`; `NotFound`.
pub async fn find_marker(app: &App, actor: &Actor, id: MarkerId) -> Result<ListedMarker, AppError> {
    let officer = rights::officer_with(actor, &MAY_MARK)?;
    let db = app.store.reader();
    let marker = caller_markers::find(db, id).await?.ok_or(AppError::NotFound)?;
    let view = MarkerView::from(marker);
    if let Some(person) = view.person_id
        && case_facts::people_complaining_about(db, officer.id).await?.contains(&person)
    {
        return Err(AppError::NotFound);
    }
    log_list(app, actor, "marker", &[Shown::of(view.id.as_uuid(), view.person_id)]).await?;
    described(app, vec![view]).await?.pop().ok_or(AppError::NotFound)
}

async fn described(app: &App, markers: Vec<MarkerView>) -> Result<Vec<ListedMarker>, AppError> {
    let (db, today) = (app.store.reader(), london::date_of(app.now()));
    let ids: Vec<CallerId> = markers.iter().filter_map(|marker| marker.caller_id).collect();
    let numbers: HashMap<CallerId, String> = callers::with_ids(db, &ids)
        .await?
        .into_iter()
        .filter_map(|caller| Some((caller.id, caller.number.or(caller.name)?)))
        .collect();
    let ids: Vec<PersonId> = markers.iter().filter_map(|marker| marker.person_id).collect();
    let found = people::with_ids(db, &ids, u64::try_from(ids.len()).unwrap_or(u64::MAX)).await?;
    let references: HashMap<PersonId, String> = found.into_iter().map(|person| (person.id, person.reference)).collect();
    let officer = |marker: &MarkerView| marker.added_by.officer().map(OfficerId::as_uuid);
    let names = officer_names(app, &markers.iter().filter_map(officer).collect::<Vec<_>>()).await?;
    let listed = |marker: MarkerView| ListedMarker {
        caller: marker.caller_id.and_then(|id| numbers.get(&id).cloned()),
        person: marker.person_id.and_then(|id| references.get(&id).cloned()),
        added_by: officer(&marker).and_then(|id| names.get(&id).cloned()),
        overdue: marker.review_on.is_some_and(|day| day < today),
        marker,
    };
    Ok(markers.into_iter().map(listed).collect())
}
