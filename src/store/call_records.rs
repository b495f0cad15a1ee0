//! Records of calls by whoever took them: their histories are the truth, one row each is what lists read.

use super::events::{self, Event, NewEvent, Stream};
use super::people::uuids;
use super::{StoreError, Tx, disposal, json_without_nul, without_nul};
use crate::domain::calls::SystemKind;
use crate::domain::calls::record::{CallEvent, CallRecord, RecordState};
use crate::domain::ids::{CallId, CallerId, CaseId, EventId, Id, OfficerId, PersonId};
use crate::domain::person::{IdentifierKind, normalise};
use chrono::{DateTime, Utc};
use entities::call_records::{ActiveModel, Column, Entity, Model};
use entities::calls;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde_json::json;
use std::collections::HashMap;

pub use entities::call_records::Model as CallRecordRow;

/// The system under which a live call stands that no other system has recorded yet, and whose words stand last.
pub const SYSTEM: SystemKind = SystemKind::CallTaker;
pub const PRECEDENCE: u8 = 9;

/// The state of a record that says nothing of whose a call was.
const TAKEN_BACK: &str = RecordState::TakenBack.as_str();

/// The record its events amount to; `None` where there is none, or where it was disposed of.
///
/// # Errors
/// `Corrupt` where an event cannot be read.
pub async fn load(db: &impl ConnectionTrait, id: CallId) -> Result<Option<CallRecord>, StoreError> {
    let history = events::load(db, id.as_uuid()).await?;
    if history.first().is_some_and(|event| disposal::is_disposed(&event.data).is_some()) {
        return Ok(None);
    }
    let events: Vec<CallEvent> = history.into_iter().map(read_event).collect::<Result<_, _>>()?;
    Ok(CallRecord::replay(id, &events))
}

fn read_event(event: Event) -> Result<CallEvent, StoreError> {
    let what = serde_json::from_value(event.data)
        .map_err(|_unreadable| StoreError::Corrupt { what: "an event of the record of a call" })?;
    Ok(CallEvent { at: event.at, actor: event.actor, what })
}

/// Appends the last events of a record and writes its row. Each event with its id and the words it is kept in.
///
/// # Errors
/// `StaleVersion` where somebody else wrote first; `Duplicate` where another record names the same CAD.
pub async fn append(
    tx: &Tx,
    record: &CallRecord,
    new: Vec<(EventId, CallEvent, serde_json::Value)>,
) -> Result<(), StoreError> {
    let count = i64::try_from(new.len()).unwrap_or(i64::MAX);
    let event = |(id, event, data): (EventId, CallEvent, serde_json::Value)| NewEvent {
        id,
        at: event.at,
        actor: event.actor,
        kind: event.what.kind().to_owned(),
        data,
    };
    let new = new.into_iter().map(event).collect();
    events::append(tx, Stream::Call, record.id.as_uuid(), record.version - count, new).await?;
    let row = write(record);
    let changing = [
        Column::State,
        Column::Version,
        Column::PersonId,
        Column::Purpose,
        Column::Category,
        Column::Grade,
        Column::Genuine,
        Column::Crime,
        Column::Overridden,
        Column::NeedsGrading,
        Column::CadRef,
        Column::OrderCaseId,
        Column::CompletedAt,
        Column::Data,
    ];
    let or_update = OnConflict::column(Column::Id).update_columns(changing).to_owned();
    Entity::insert(row).on_conflict(or_update).exec_without_returning(tx).await?;
    Ok(())
}

pub async fn find_row(db: &impl ConnectionTrait, id: CallId) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find_by_id(id.as_uuid()).one(db).await?)
}

/// The record that names this CAD, however it is written.
pub async fn with_cad(db: &impl ConnectionTrait, reference: &str) -> Result<Option<CallId>, StoreError> {
    let found = Entity::find().filter(Column::CadRef.eq(folded(reference))).one(db).await?;
    Ok(found.map(|row| Id::from_uuid(row.id)))
}

/// Records to be listed.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Begun by this officer.
    pub officer: Option<OfficerId>,
    /// `open`, `complete` or `taken_back`.
    pub state: Option<&'static str>,
    pub since: Option<DateTime<Utc>>,
    /// About none of these people, unless this officer began it.
    pub hidden: Vec<PersonId>,
    pub but_of: Option<OfficerId>,
}

/// The latest begun first, at most `most`, after one begun at a time under an id.
pub async fn list(
    db: &impl ConnectionTrait,
    wanted: &Wanted,
    after: Option<(DateTime<Utc>, CallId)>,
    most: u64,
) -> Result<Vec<Model>, StoreError> {
    let mut which = Condition::all()
        .add_option(wanted.officer.map(|officer| Column::OfficerId.eq(officer.as_uuid())))
        .add_option(wanted.state.map(|state| Column::State.eq(state)))
        .add_option(wanted.since.map(|since| Column::BegunAt.gt(since)));
    if !wanted.hidden.is_empty() {
        let shown = Condition::any()
            .add(Column::PersonId.is_null())
            .add(Column::PersonId.is_not_in(uuids(&wanted.hidden)))
            .add_option(wanted.but_of.map(|officer| Column::OfficerId.eq(officer.as_uuid())));
        which = which.add(shown);
    }
    if let Some((at, id)) = after {
        let same_time = Condition::all().add(Column::BegunAt.eq(at)).add(Column::Id.lt(id.as_uuid()));
        which = which.add(Condition::any().add(Column::BegunAt.lt(at)).add(same_time));
    }
    let found = Entity::find().filter(which).order_by_desc(Column::BegunAt).order_by_desc(Column::Id).limit(most);
    Ok(found.all(db).await?)
}

/// The calls that were recorded as being of these people and began since then: which call, and whose.
pub async fn of_people_since(
    db: &impl ConnectionTrait,
    people: &[PersonId],
    since: DateTime<Utc>,
) -> Result<HashMap<CallId, PersonId>, StoreError> {
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(uuid::Uuid, uuid::Uuid)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::PersonId])
        .filter(Column::PersonId.is_in(uuids(people)))
        .filter(Column::BegunAt.gte(since))
        .filter(Column::State.ne(TAKEN_BACK))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(call, person)| (Id::from_uuid(call), Id::from_uuid(person))).collect())
}

/// Whose the calls of these callers that began since then were recorded as being, each by the row that stands for it now:
/// a record hangs on the row that was there when it was begun.
pub async fn people_of_calls(
    db: &impl ConnectionTrait,
    callers: &[CallerId],
    since: DateTime<Utc>,
) -> Result<HashMap<CallId, PersonId>, StoreError> {
    if callers.is_empty() {
        return Ok(HashMap::new());
    }
    let row = Entity::belongs_to(calls::Entity).from(Column::Id).to(calls::Column::Id).into();
    let rows: Vec<(uuid::Uuid, Option<uuid::Uuid>)> = Entity::find()
        .select_only()
        .column(calls::Column::CallId)
        .column(Column::PersonId)
        .join(JoinType::InnerJoin, row)
        .filter(calls::Column::CallerId.is_in(uuids(callers)))
        .filter(calls::Column::StartedAt.gte(since))
        .filter(Column::State.ne(TAKEN_BACK))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().filter_map(|(call, person)| Some((Id::from_uuid(call), Id::from_uuid(person?)))).collect())
}

/// Whether one of these rows has a record.
pub async fn is_any(db: &impl ConnectionTrait, rows: &[CallId]) -> Result<bool, StoreError> {
    Ok(Entity::find().filter(Column::Id.is_in(uuids(rows))).limit(1).one(db).await?.is_some())
}

fn folded(reference: &str) -> String {
    // What cannot be folded is compared as it is written.
    normalise(IdentifierKind::CadReference, reference).unwrap_or_else(|_odd| reference.to_owned())
}

fn write(record: &CallRecord) -> ActiveModel {
    let graded = record.graded.as_ref();
    ActiveModel {
        id: Set(record.id.as_uuid()),
        state: Set(record.state.as_str().to_owned()),
        version: Set(record.version),
        caller_id: Set(record.about.caller.map(CallerId::as_uuid)),
        person_id: Set(record.about.person.map(PersonId::as_uuid)),
        purpose: Set(record.purpose.as_ref().map(|purpose| purpose.finding.as_str().to_owned())),
        category: Set(record.category.clone()),
        grade: Set(graded.map(|graded| graded.grade.clone())),
        genuine: Set(record.flags.genuine),
        crime: Set(record.flags.crime),
        overridden: Set(graded.is_some_and(|graded| graded.overridden.is_some())),
        needs_grading: Set(record.needs_grading()),
        cad_ref: Set(record.holds_cad().map(folded).map(without_nul)),
        order_case_id: Set(record.breach.as_ref().map(|breach| CaseId::as_uuid(breach.order_case_id))),
        officer_id: Set(record.begun_by.officer().map(OfficerId::as_uuid).unwrap_or_default()),
        by: Set(json!(record.begun_by)),
        begun_at: Set(record.begun_at),
        completed_at: Set(record.completed_at),
        data: Set(json_without_nul(json!(record))),
    }
}
