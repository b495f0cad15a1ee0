//! Parts of callers' histories: never the whole of a county, for many callers in one statement.

use super::{Call, read};
use crate::domain::calls::{CallerKind, SystemKind};
use crate::domain::contact::Channel;
use crate::domain::ids::{CallId, CallImportId, CallerId, ContactId, Id};
use crate::store::StoreError;
use crate::store::people::uuids;
use chrono::{DateTime, Utc};
use entities::calls::{Column, Entity};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// What matching needs of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub id: CallId,
    pub caller: CallerId,
    pub started_at: DateTime<Utc>,
    pub precedence: u8,
    pub system: SystemKind,
    pub source_ref: String,
    pub call: CallId,
    pub counts: bool,
    pub contact: Option<ContactId>,
}

/// When and how somebody called: one entry a call that counts.
pub type Counted = (DateTime<Utc>, Channel);

/// What rows tell of their caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub kind: CallerKind,
    pub name: Option<String>,
    pub location: Option<String>,
}

/// What the rows that stand tell of these callers: each thing once, the first told first.
pub async fn said_of(
    db: &impl ConnectionTrait,
    callers: &[CallerId],
) -> Result<HashMap<CallerId, Vec<Said>>, StoreError> {
    type Row = (Uuid, String, Option<String>, Option<String>);
    if callers.is_empty() {
        return Ok(HashMap::new());
    }
    let what = [Column::CallerId, Column::CallerKind, Column::CallerName, Column::Location];
    let told = Entity::find().select_only().columns(what).filter(Column::CallerId.is_in(uuids(callers)));
    let told = what.into_iter().fold(told.filter(Column::WithdrawnAt.is_null()), QuerySelect::group_by);
    let rows: Vec<Row> = told
        .order_by_asc(Column::RecordedAt.min())
        .order_by_asc(Column::StartedAt.min())
        .order_by_asc(Column::CallerName)
        .order_by_asc(Column::Location)
        .into_tuple()
        .all(db)
        .await?;
    let mut said: HashMap<CallerId, Vec<Said>> = HashMap::new();
    for (caller, kind, name, location) in rows {
        let kind = kind.parse().map_err(|_unreadable| StoreError::Corrupt { what: "a call" })?;
        said.entry(Id::from_uuid(caller)).or_default().push(Said { kind, name, location });
    }
    Ok(said)
}

/// The rows of incoming calls of these callers that began between two instants, both included; not the withdrawn ones.
pub async fn seen_of(
    db: &impl ConnectionTrait,
    callers: &[CallerId],
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<Seen>, StoreError> {
    type Row = (Uuid, Uuid, DateTime<Utc>, i32, String, String, Uuid, bool, Option<Uuid>);
    if callers.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::CallerId, Column::StartedAt, Column::Precedence, Column::System])
        .columns([Column::SourceRef, Column::CallId, Column::Counts, Column::ContactId])
        .filter(Column::CallerId.is_in(uuids(callers)))
        .filter(Column::StartedAt.between(from, until))
        .filter(Column::Direction.eq("in"))
        .filter(Column::WithdrawnAt.is_null())
        .into_tuple()
        .all(db)
        .await?;
    let corrupt = || StoreError::Corrupt { what: "a call" };
    let seen = |(id, caller, started_at, precedence, system, source_ref, call, counts, contact): Row| {
        Ok(Seen {
            id: Id::from_uuid(id),
            caller: Id::from_uuid(caller),
            started_at,
            precedence: u8::try_from(precedence).map_err(|_out_of_range| corrupt())?,
            system: system.parse().map_err(|_unreadable| corrupt())?,
            source_ref,
            call: Id::from_uuid(call),
            counts,
            contact: contact.map(Id::from_uuid),
        })
    };
    rows.into_iter().map(seen).collect()
}

/// Rows of an import that are not withdrawn, as they were kept, after `after`.
pub async fn standing_of_import(
    db: &impl ConnectionTrait,
    import: CallImportId,
    after: Option<CallId>,
    most: u64,
) -> Result<Vec<Call>, StoreError> {
    let mut rows = Entity::find()
        .filter(Column::ImportId.eq(import.as_uuid()))
        .filter(Column::WithdrawnAt.is_null())
        .order_by_asc(Column::Id)
        .limit(most);
    if let Some(after) = after {
        rows = rows.filter(Column::Id.gt(after.as_uuid()));
    }
    rows.all(db).await?.into_iter().map(read).collect()
}

/// Which of these contacts a call of these callers that stands has.
pub async fn contacts_held(
    db: &impl ConnectionTrait,
    callers: &[CallerId],
    contacts: &[ContactId],
) -> Result<Vec<ContactId>, StoreError> {
    if contacts.is_empty() {
        return Ok(Vec::new());
    }
    let held: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::ContactId)
        .filter(Column::CallerId.is_in(uuids(callers)))
        .filter(Column::ContactId.is_in(uuids(contacts)))
        .filter(Column::WithdrawnAt.is_null())
        .into_tuple()
        .all(db)
        .await?;
    Ok(held.into_iter().map(Id::from_uuid).collect())
}

/// The counted calls of a caller that are no contact, the earliest first, after one that began at a time under an id.
pub async fn without_contact(
    db: &impl ConnectionTrait,
    caller: CallerId,
    after: Option<(DateTime<Utc>, CallId)>,
    most: u64,
) -> Result<Vec<Call>, StoreError> {
    let mut rows = Entity::find()
        .filter(Column::CallerId.eq(caller.as_uuid()))
        .filter(Column::Counts.eq(true))
        .filter(Column::ContactId.is_null())
        .order_by_asc(Column::StartedAt)
        .order_by_asc(Column::Id)
        .limit(most);
    if let Some((at, id)) = after {
        let same_time = Column::StartedAt.eq(at).and(Column::Id.gt(id.as_uuid()));
        rows = rows.filter(Column::StartedAt.gt(at).or(same_time));
    }
    rows.all(db).await?.into_iter().map(read).collect()
}

/// The counted calls of these callers between two instants, both included, in the order they began.
pub async fn counted_times(
    db: &impl ConnectionTrait,
    callers: &[CallerId],
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<HashMap<CallerId, Vec<Counted>>, StoreError> {
    if callers.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, DateTime<Utc>, String)> = Entity::find()
        .select_only()
        .columns([Column::CallerId, Column::StartedAt, Column::Channel])
        .filter(Column::CallerId.is_in(uuids(callers)))
        .filter(Column::StartedAt.between(from, until))
        .filter(Column::Counts.eq(true))
        .order_by_asc(Column::StartedAt)
        .into_tuple()
        .all(db)
        .await?;
    let mut times: HashMap<CallerId, Vec<Counted>> = HashMap::new();
    for (caller, at, channel) in rows {
        let channel = channel.parse().map_err(|_unreadable| StoreError::Corrupt { what: "the channel of a call" })?;
        times.entry(Id::from_uuid(caller)).or_default().push((at, channel));
    }
    Ok(times)
}

/// The calls that stand for themselves, of one caller, newest first: both directions, not the withdrawn ones.
pub async fn of_caller(
    db: &impl ConnectionTrait,
    caller: CallerId,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    most: u64,
) -> Result<Vec<Call>, StoreError> {
    of_callers_between(db, &[caller], (from, until), most).await
}

/// The same for several callers together.
pub async fn of_callers_between(
    db: &impl ConnectionTrait,
    callers: &[CallerId],
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    most: u64,
) -> Result<Vec<Call>, StoreError> {
    if callers.is_empty() {
        return Ok(Vec::new());
    }
    let itself = Expr::col(Column::CallId).eq(Expr::col(Column::Id));
    let rows = Entity::find()
        .filter(Column::CallerId.is_in(uuids(callers)))
        .filter(Column::StartedAt.between(from, until))
        .filter(Column::WithdrawnAt.is_null())
        .filter(itself)
        .order_by_desc(Column::StartedAt)
        .order_by_desc(Column::Id)
        .limit(most);
    rows.all(db).await?.into_iter().map(read).collect()
}
