//! Calls as other systems recorded them, one row a system; the row that `counts` stands for the call.

mod change;
mod history;
pub mod months;
pub mod profile;

pub use change::{hand_over, insert_many, set_contacts, set_heads, tell_again, withdraw};
pub use history::{
    Counted, Said, Seen, contacts_held, counted_times, of_caller, of_callers_between, said_of, seen_of,
    standing_of_import, without_contact,
};

use super::StoreError;
use super::people::uuids;
use crate::domain::calls::{CallerKind, Direction, SystemKind};
use crate::domain::contact::Channel;
use crate::domain::ids::{CallId, CallImportId, CallerId, ContactId, Id};
use chrono::{DateTime, Utc};
use entities::calls::{Column, Entity, Model};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// One call as one system recorded it.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    pub id: CallId,
    /// Which system, and its own name for the row.
    pub system: SystemKind,
    pub source_ref: String,
    /// Whose time and words stand for a call that several systems recorded: 1 first.
    pub precedence: u8,
    pub import: Option<CallImportId>,
    /// `None`: nobody can be told from it.
    pub caller: Option<CallerId>,
    pub caller_kind: CallerKind,
    pub direction: Direction,
    pub channel: Channel,
    pub started_at: DateTime<Utc>,
    pub seconds: Option<i32>,
    /// As +44…; `None`: withheld, or not readable.
    pub number: Option<String>,
    pub withheld: bool,
    pub words: CallWords,
    /// A key of the register of areas; `None`: the place names none.
    pub area: Option<String>,
    pub cad_ref: Option<String>,
    /// The row that stands for the call: this one, or another system's.
    pub call: CallId,
    /// Whether it is that row, of a call that came in and was not withdrawn.
    pub counts: bool,
    /// The contact of a person on file that it is.
    pub contact: Option<ContactId>,
    pub recorded_at: DateTime<Utc>,
    /// Since when its import is undone, or its record taken back.
    pub withdrawn_at: Option<DateTime<Utc>>,
}

/// What a system wrote of a call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallWords {
    pub caller_name: Option<String>,
    pub location: Option<String>,
    pub subject: Option<String>,
    pub details: Option<String>,
    pub actions: Option<String>,
    pub result: Option<String>,
    /// Who took it, or which queue it went through.
    pub route: Option<String>,
}

pub async fn find(db: &impl ConnectionTrait, id: CallId) -> Result<Option<Call>, StoreError> {
    Entity::find_by_id(id.as_uuid()).one(db).await?.map(read).transpose()
}

/// Every system's row of these calls, named by the rows that stand for them.
pub async fn with_ids(db: &impl ConnectionTrait, ids: &[CallId]) -> Result<Vec<Call>, StoreError> {
    let rows = Entity::find().filter(Column::Id.is_in(uuids(ids))).all(db).await?;
    rows.into_iter().map(read).collect()
}

/// What is kept of a row that a system names again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub id: CallId,
    pub import: Option<CallImportId>,
    pub started_at: DateTime<Utc>,
    pub number: Option<String>,
    pub direction: Direction,
    pub contact: Option<ContactId>,
    pub withdrawn: bool,
}

/// Which of a system's rows are here, by its own names for them, and what is kept of them.
pub async fn known(
    db: &impl ConnectionTrait,
    system: SystemKind,
    source_refs: &[String],
) -> Result<HashMap<String, Kept>, StoreError> {
    type Row = (String, Uuid, Option<Uuid>, DateTime<Utc>, Option<String>, String, Option<Uuid>, Option<DateTime<Utc>>);
    if source_refs.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<Row> = Entity::find()
        .select_only()
        .columns([Column::SourceRef, Column::Id, Column::ImportId, Column::StartedAt, Column::Number])
        .columns([Column::Direction, Column::ContactId, Column::WithdrawnAt])
        .filter(Column::System.eq(system.as_str()))
        .filter(Column::SourceRef.is_in(source_refs.to_vec()))
        .into_tuple()
        .all(db)
        .await?;
    let known = |(name, id, import, started_at, number, direction, contact, withdrawn): Row| {
        let direction = direction.parse().map_err(|_unreadable| StoreError::Corrupt { what: "a call" })?;
        let (id, import, contact) = (Id::from_uuid(id), import.map(Id::from_uuid), contact.map(Id::from_uuid));
        Ok((name, Kept { id, import, started_at, number, direction, contact, withdrawn: withdrawn.is_some() }))
    };
    rows.into_iter().map(known).collect()
}

pub(super) fn read(row: Model) -> Result<Call, StoreError> {
    let corrupt = StoreError::Corrupt { what: "a call" };
    let words = (row.system.parse(), row.caller_kind.parse(), row.direction.parse(), row.channel.parse());
    let (Ok(system), Ok(caller_kind), Ok(direction), Ok(channel)) = words else {
        return Err(corrupt);
    };
    Ok(Call {
        id: Id::from_uuid(row.id),
        system,
        source_ref: row.source_ref,
        precedence: u8::try_from(row.precedence).map_err(|_out_of_range| StoreError::Corrupt { what: "a call" })?,
        import: row.import_id.map(Id::from_uuid),
        caller: row.caller_id.map(Id::from_uuid),
        caller_kind,
        direction,
        channel,
        started_at: row.started_at,
        seconds: row.seconds,
        number: row.number,
        withheld: row.withheld,
        words: CallWords {
            caller_name: row.caller_name,
            location: row.location,
            subject: row.subject,
            details: row.details,
            actions: row.actions,
            result: row.result,
            route: row.route,
        },
        area: row.area,
        cad_ref: row.cad_ref,
        call: Id::from_uuid(row.call_id),
        counts: row.counts,
        contact: row.contact_id.map(Id::from_uuid),
        recorded_at: row.recorded_at,
        withdrawn_at: row.withdrawn_at,
    })
}
