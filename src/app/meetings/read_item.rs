//! One person on the agenda, as the meeting discusses them: everything that stands on one screen.

use super::meeting::READERS;
use super::read_meetings::{AgendaItem, MeetingView, agenda_items, entries};
use crate::app::cases::{self, CaseView, EventView};
use crate::app::people::{PersonView, find_person};
use crate::app::{App, AppError, log_reading, rights};
use crate::domain::access::Actor;
use crate::domain::ids::{CaseId, MeetingId};
use crate::domain::workflow::Workflow;
use crate::store::meetings;
use std::sync::Arc;

/// More than any history.
const MOST_EVENTS: u64 = 1000;

/// One item of a meeting, with its case and the person it is about.
#[derive(Clone, Debug)]
pub struct MeetingItem {
    pub meeting: MeetingView,
    pub item: AgendaItem,
    /// The whole agenda in order: where one is in it, and who is next.
    pub on_agenda: Vec<Place>,
    /// Absent for who has an interest in it.
    pub discussed: Option<Discussed>,
}

/// What an item that may be seen is about.
#[derive(Clone, Debug)]
pub struct Discussed {
    pub case: CaseView,
    pub workflow: Arc<Workflow>,
    pub person: Option<PersonView>,
    /// The last things that happened in the case, oldest first.
    pub events: Vec<EventView>,
}

/// One place on the agenda.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub n: i32,
    pub decided: bool,
}

/// # Errors
/// `wrong-role`; `NotFound`.
pub async fn find_item(app: &App, actor: &Actor, id: MeetingId, n: i32) -> Result<MeetingItem, AppError> {
    let officer = rights::officer_with(actor, &READERS)?;
    let db = app.store.reader();
    let meeting = meetings::find(db, id).await?.ok_or(AppError::NotFound)?;
    let entries = entries(db, &meeting).await?;
    let on_agenda = entries.iter().map(|(item, _)| Place { n: item.n, decided: item.outcome.is_some() }).collect();
    let wanted: Vec<_> = entries.into_iter().filter(|(item, _)| item.n == n).collect();
    let item = agenda_items(app, (officer, id), wanted).await?.pop().ok_or(AppError::NotFound)?;
    let meeting = MeetingView { marking: item.marking, ..MeetingView::new(app, meeting) };
    log_reading(app, actor, "meeting", Some(id.as_uuid())).await?;
    let discussed = match item.case_id.map(CaseId::from_uuid) {
        Some(case) => Some(discussed(app, actor, case).await?),
        None => None,
    };
    Ok(MeetingItem { meeting, item, on_agenda, discussed })
}

async fn discussed(app: &App, actor: &Actor, id: CaseId) -> Result<Discussed, AppError> {
    let case = cases::find_case(app, actor, id).await?;
    let workflow = cases::workflow_of_case(app, actor, id).await?;
    let events = cases::case_events(app, actor, id, (None, MOST_EVENTS)).await?;
    let person = match case.person_id {
        Some(person) => Some(find_person(app, actor, person).await?),
        None => None,
    };
    Ok(Discussed { case, workflow, person, events })
}
