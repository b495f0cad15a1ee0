//! What changed, for systems and pages that keep up: ids and kinds, never names or contents.

use crate::app::{App, AppError, rights};
use crate::domain::access::{Actor, Role, Scope};
use crate::store::case_facts;
use crate::store::events::{self, Cursor, Event, Stream};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Who may see that something happened to which case, person or contact.
const MAY_FOLLOW: [Role; 6] =
    [Role::PsdStaff, Role::PsdSupervisor, Role::Chair, Role::AppropriateAuthority, Role::Records, Role::Auditor];

/// The next changes after a cursor.
pub struct Changes {
    /// Each with where it stands.
    pub changes: Vec<(Cursor, Event)>,
    /// Where to go on. Moves past what this caller may not see.
    pub next: Cursor,
    /// Whether there is more already.
    pub more: bool,
}

/// At most `most` changes after `after`, oldest first. Nothing is skipped and nothing comes twice; what happened to people
/// who complained about the reader, and to their contacts and cases, is not shown.
///
/// # Errors
/// `missing-scope`; `wrong-role`.
pub async fn follow_changes(app: &App, actor: &Actor, after: Cursor, most: u64) -> Result<Changes, AppError> {
    rights::system_or_officer(actor, Scope::ChangesRead, &MAY_FOLLOW)?;
    let db = app.store.reader();
    let found = events::feed(db, after, most).await?;
    let next = found.last().map_or(after, |(cursor, _)| *cursor);
    let more = u64::try_from(found.len()).is_ok_and(|count| count == most);
    let subjects: Vec<Uuid> = found.iter().map(|(_, event)| event.stream_id).collect();
    let hidden = match actor.officer() {
        Some(officer) => case_facts::hidden_subjects(db, officer.id, &subjects).await?,
        None => BTreeSet::new(),
    };
    let shown = |event: &Event| may_see(actor, event.stream) && !hidden.contains(&event.stream_id);
    let changes = found.into_iter().filter(|(_, event)| shown(event)).collect();
    Ok(Changes { changes, next, more })
}

/// Who works here and with which powers is the auditor's to follow, not every system's.
fn may_see(actor: &Actor, stream: Stream) -> bool {
    match stream {
        Stream::Officer | Stream::Client | Stream::Delegation | Stream::Cover | Stream::Programme => {
            actor.officer().is_some_and(|officer| officer.has(Role::Auditor))
        }
        Stream::Case
        | Stream::Person
        | Stream::Contact
        | Stream::Mail
        | Stream::Meeting
        | Stream::Nomination
        | Stream::Outgoing
        | Stream::Caller
        | Stream::CallerMonth
        | Stream::Call
        | Stream::Marker
        | Stream::Policy => true,
    }
}
