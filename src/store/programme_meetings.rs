//! Meetings of the programme: agenda as it was planned, who came, what was shared with whom, minutes.

use super::{StoreError, json_without_nul, without_nul};
use crate::domain::ids::{Id, OfficerId, ProgrammeMeetingId};
use chrono::{DateTime, NaiveDate, Utc};
use entities::programme_meetings::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};

#[derive(Clone, Debug, PartialEq)]
pub struct ProgrammeMeeting {
    pub id: ProgrammeMeetingId,
    /// A key of the register of the programme.
    pub kind: String,
    pub held_on: NaiveDate,
    /// The points, and what there was to look at when it was planned.
    pub agenda: Value,
    pub planned: (OfficerId, DateTime<Utc>),
    pub closed: Option<Closed>,
}

/// How a meeting went.
#[derive(Clone, Debug, PartialEq)]
pub struct Closed {
    /// A list of `{name, organisation}`.
    pub attendees: Value,
    /// A list of `{what, with, lawfulBasis, necessary, caseId}`.
    pub shared: Value,
    pub minutes: String,
    pub by: OfficerId,
    pub at: DateTime<Utc>,
}

pub async fn insert(db: &impl ConnectionTrait, meeting: &ProgrammeMeeting) -> Result<(), StoreError> {
    let row = ActiveModel {
        id: Set(meeting.id.as_uuid()),
        kind: Set(meeting.kind.clone()),
        held_on: Set(meeting.held_on),
        agenda: Set(json_without_nul(meeting.agenda.clone())),
        attendees: Set(json!([])),
        shared: Set(json!([])),
        minutes: Set(None),
        planned_by: Set(meeting.planned.0.as_uuid()),
        planned_at: Set(meeting.planned.1),
        closed_by: Set(None),
        closed_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

pub async fn find(db: &impl ConnectionTrait, id: ProgrammeMeetingId) -> Result<Option<ProgrammeMeeting>, StoreError> {
    Ok(Entity::find_by_id(id.as_uuid()).one(db).await?.map(read))
}

/// The latest day first.
pub async fn list(db: &impl ConnectionTrait, most: u64) -> Result<Vec<ProgrammeMeeting>, StoreError> {
    let found = Entity::find().order_by_desc(Column::HeldOn).order_by_desc(Column::Id).limit(most);
    Ok(found.all(db).await?.into_iter().map(read).collect())
}

/// Closes a meeting once. `false` where somebody had closed it.
pub async fn close(db: &impl ConnectionTrait, id: ProgrammeMeetingId, closed: &Closed) -> Result<bool, StoreError> {
    let change = ActiveModel {
        attendees: Set(json_without_nul(closed.attendees.clone())),
        shared: Set(json_without_nul(closed.shared.clone())),
        minutes: Set(Some(without_nul(closed.minutes.clone()))),
        closed_by: Set(Some(closed.by.as_uuid())),
        closed_at: Set(Some(closed.at)),
        ..Default::default()
    };
    let open = Entity::update_many().filter(Column::Id.eq(id.as_uuid())).filter(Column::ClosedAt.is_null());
    Ok(open.set(change).exec(db).await?.rows_affected == 1)
}

fn read(row: Model) -> ProgrammeMeeting {
    let closed = row.closed_by.zip(row.closed_at).map(|(by, at)| Closed {
        attendees: row.attendees,
        shared: row.shared,
        minutes: row.minutes.unwrap_or_default(),
        by: Id::from_uuid(by),
        at,
    });
    ProgrammeMeeting {
        id: Id::from_uuid(row.id),
        kind: row.kind,
        held_on: row.held_on,
        agenda: row.agenda,
        planned: (Id::from_uuid(row.planned_by), row.planned_at),
        closed,
    }
}
