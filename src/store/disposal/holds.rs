//! What still has to be done about a person, and so keeps their record.

use crate::domain::ids::{CaseId, PersonId};
use crate::store::StoreError;
use crate::store::people::uuids;
use entities::{contacts, outgoing, tasks};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter};

/// Whether somebody has a contact of these records to read, to answer or to deal with; one that was only suggested to be
/// theirs too.
pub async fn waits_for_somebody(db: &impl ConnectionTrait, members: &[PersonId]) -> Result<bool, StoreError> {
    let about = tasks::Column::PersonId.is_in(uuids(members));
    let open = tasks::Entity::find()
        .filter(about)
        .filter(tasks::Column::ContactId.is_not_null())
        .filter(tasks::Column::DoneAt.is_null());
    if open.one(db).await?.is_some() {
        return Ok(true);
    }
    let theirs = Condition::any()
        .add(contacts::Column::PersonId.is_in(uuids(members)))
        .add(contacts::Column::CountsForId.is_in(uuids(members)));
    let unread = Condition::any().add(contacts::Column::Handling.eq("open")).add(contacts::Column::TicksOwed.eq(true));
    Ok(contacts::Entity::find().filter(theirs).filter(unread).one(db).await?.is_some())
}

/// Whether a mail of ours to these people, or of these cases, has neither arrived nor been given up.
pub async fn mails_on_their_way(
    db: &impl ConnectionTrait,
    members: &[PersonId],
    cases: &[CaseId],
) -> Result<bool, StoreError> {
    let theirs = Condition::any()
        .add(outgoing::Column::PersonId.is_in(uuids(members)))
        .add(outgoing::Column::CaseId.is_in(cases.iter().map(|case| case.as_uuid())));
    let waiting = outgoing::Column::State.is_in(["queued", "sending", "failed", "uncertain"]);
    Ok(outgoing::Entity::find().filter(theirs).filter(waiting).one(db).await?.is_some())
}
