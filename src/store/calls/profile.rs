//! One caller's calls without their words: when, by which line, which way, and what each system put them down as.

use crate::domain::ids::{CallId, CallerId, Id};
use crate::store::StoreError;
use chrono::{DateTime, Utc};
use entities::calls::{Column, Entity};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;
use uuid::Uuid;

/// One row of one system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileRow {
    pub id: CallId,
    /// The row that stands for the call.
    pub call: CallId,
    pub system: String,
    /// in or out.
    pub direction: String,
    pub channel: String,
    pub started_at: DateTime<Utc>,
    pub subject: Option<String>,
    pub area: Option<String>,
    /// Whether it is counted: one row of a call that came in.
    pub counts: bool,
}

/// The rows of a caller from an instant on, in the order they began; nothing that was withdrawn; the last `most`.
pub async fn rows(
    db: &impl ConnectionTrait,
    caller: CallerId,
    from: DateTime<Utc>,
    most: u64,
) -> Result<Vec<ProfileRow>, StoreError> {
    type Row = (Uuid, Uuid, String, String, String, DateTime<Utc>, Option<String>, Option<String>, bool);
    let rows: Vec<Row> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::CallId, Column::System, Column::Direction, Column::Channel])
        .columns([Column::StartedAt, Column::Subject, Column::Area, Column::Counts])
        .filter(Column::CallerId.eq(caller.as_uuid()))
        .filter(Column::StartedAt.gte(from))
        .filter(Column::WithdrawnAt.is_null())
        .order_by_desc(Column::StartedAt)
        .order_by_desc(Column::Id)
        .limit(most)
        .into_tuple()
        .all(db)
        .await?;
    let row = |(id, call, system, direction, channel, started_at, subject, area, counts): Row| ProfileRow {
        id: Id::from_uuid(id),
        call: Id::from_uuid(call),
        system,
        direction,
        channel,
        started_at,
        subject,
        area,
        counts,
    };
    Ok(rows.into_iter().rev().map(row).collect())
}

/// How many calls of a caller are counted, ever.
pub async fn count(db: &impl ConnectionTrait, caller: CallerId) -> Result<u64, StoreError> {
    let counted = Entity::find().filter(Column::CallerId.eq(caller.as_uuid())).filter(Column::Counts.eq(true));
    Ok(counted.count(db).await?)
}

/// When the counted calls of each of these callers began, from an instant on, before another.
pub async fn began_between(
    db: &impl ConnectionTrait,
    callers: &[CallerId],
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<BTreeMap<CallerId, Vec<DateTime<Utc>>>, StoreError> {
    let mut found: BTreeMap<CallerId, Vec<DateTime<Utc>>> = BTreeMap::new();
    for some in callers.chunks(1000) {
        let rows: Vec<(Uuid, DateTime<Utc>)> = Entity::find()
            .select_only()
            .columns([Column::CallerId, Column::StartedAt])
            .filter(Column::CallerId.is_in(some.iter().map(|caller| caller.as_uuid())))
            .filter(Column::StartedAt.gte(from))
            .filter(Column::StartedAt.lt(until))
            .filter(Column::Counts.eq(true))
            .into_tuple()
            .all(db)
            .await?;
        for (caller, at) in rows {
            found.entry(Id::from_uuid(caller)).or_default().push(at);
        }
    }
    Ok(found)
}

/// When the first and the last call on file began, whoever called; `None` where none is.
pub async fn reach(db: &impl ConnectionTrait) -> Result<Option<(DateTime<Utc>, DateTime<Utc>)>, StoreError> {
    let standing = Entity::find().filter(Column::WithdrawnAt.is_null());
    let began = standing.select_only().column(Column::StartedAt);
    let first: Option<DateTime<Utc>> =
        began.clone().order_by_asc(Column::StartedAt).limit(1).into_tuple().one(db).await?;
    let last: Option<DateTime<Utc>> = began.order_by_desc(Column::StartedAt).limit(1).into_tuple().one(db).await?;
    Ok(first.zip(last))
}

/// In which areas calls of each of these callers began, from an instant on.
pub async fn areas_of(
    db: &impl ConnectionTrait,
    callers: &[CallerId],
    from: DateTime<Utc>,
) -> Result<Vec<(CallerId, String)>, StoreError> {
    let mut found = Vec::new();
    for some in callers.chunks(1000) {
        let rows: Vec<(Uuid, String)> = Entity::find()
            .select_only()
            .columns([Column::CallerId, Column::Area])
            .distinct()
            .filter(Column::CallerId.is_in(some.iter().map(|caller| caller.as_uuid())))
            .filter(Column::StartedAt.gte(from))
            .filter(Column::Area.is_not_null())
            .filter(Column::WithdrawnAt.is_null())
            .into_tuple()
            .all(db)
            .await?;
        found.extend(rows.into_iter().map(|(caller, area)| (Id::from_uuid(caller), area)));
    }
    Ok(found)
}
