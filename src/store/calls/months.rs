//! Calls of a month counted by caller and line, and on which days each system recorded any.

use crate::domain::contact::Channel;
use crate::domain::ids::{CallerId, Id};
use crate::store::StoreError;
use chrono::{DateTime, NaiveDate, Utc};
use entities::calls::{Column, Entity};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Which calls are counted: of these lines, from the first instant on, before the second; in these areas, or in any
/// where none is named.
#[derive(Clone, Debug)]
pub struct Counting {
    pub from: DateTime<Utc>,
    pub until: DateTime<Utc>,
    pub channels: Vec<Channel>,
    pub areas: BTreeSet<String>,
}

impl Counting {
    fn condition(&self) -> Condition {
        let channels = self.channels.iter().map(|channel| channel.as_str());
        let all = Condition::all()
            .add(Column::StartedAt.gte(self.from))
            .add(Column::StartedAt.lt(self.until))
            .add(Column::Counts.eq(true))
            .add(Column::Channel.is_in(channels));
        if self.areas.is_empty() { all } else { all.add(Column::Area.is_in(self.areas.iter().map(String::as_str))) }
    }
}

/// One caller's calls of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallerCount {
    pub caller: CallerId,
    pub by_channel: BTreeMap<String, u64>,
    pub first_at: DateTime<Utc>,
    pub last_at: DateTime<Utc>,
}

/// Callers with `at_least` calls.
pub async fn callers(
    db: &impl ConnectionTrait,
    counting: &Counting,
    at_least: u32,
) -> Result<Vec<CallerCount>, StoreError> {
    let often: Vec<(Uuid, DateTime<Utc>, DateTime<Utc>)> = Entity::find()
        .select_only()
        .column(Column::CallerId)
        .column_as(Column::StartedAt.min(), "first_at")
        .column_as(Column::StartedAt.max(), "last_at")
        .filter(counting.condition())
        .filter(Column::CallerId.is_not_null())
        .group_by(Column::CallerId)
        .having(Column::Id.count().gte(i64::from(at_least)))
        .into_tuple()
        .all(db)
        .await?;
    let ids: Vec<Uuid> = often.iter().map(|(caller, ..)| *caller).collect();
    let mut by_channel = by_channel(db, counting, &ids).await?;
    let counted = |(caller, first_at, last_at)| CallerCount {
        caller: Id::from_uuid(caller),
        by_channel: by_channel.remove(&caller).unwrap_or_default(),
        first_at,
        last_at,
    };
    Ok(often.into_iter().map(counted).collect())
}

async fn by_channel(
    db: &impl ConnectionTrait,
    counting: &Counting,
    callers: &[Uuid],
) -> Result<BTreeMap<Uuid, BTreeMap<String, u64>>, StoreError> {
    let mut found: BTreeMap<Uuid, BTreeMap<String, u64>> = BTreeMap::new();
    for some in callers.chunks(1000) {
        let rows: Vec<(Uuid, String, i64)> = Entity::find()
            .select_only()
            .columns([Column::CallerId, Column::Channel])
            .column_as(Column::Id.count(), "calls")
            .filter(Column::CallerId.is_in(some.iter().copied()))
            .filter(counting.condition())
            .group_by(Column::CallerId)
            .group_by(Column::Channel)
            .into_tuple()
            .all(db)
            .await?;
        for (caller, channel, calls) in rows {
            found.entry(caller).or_default().insert(channel, u64::try_from(calls).unwrap_or(0));
        }
    }
    Ok(found)
}

/// How many calls there are in all, and of how many nobody can tell who called.
pub async fn totals(db: &impl ConnectionTrait, counting: &Counting) -> Result<(u64, u64), StoreError> {
    let all = Entity::find().filter(counting.condition());
    let unknown = all.clone().filter(Column::CallerId.is_null());
    Ok((all.count(db).await?, unknown.count(db).await?))
}

/// A London day, and the instants it begins at and the next one does.
pub type Day = (NaiveDate, (DateTime<Utc>, DateTime<Utc>));

/// The systems that recorded a call, in or out, on each of these days; nothing that was withdrawn.
pub async fn systems_by_day(
    db: &impl ConnectionTrait,
    days: &[Day],
) -> Result<BTreeMap<String, BTreeSet<NaiveDate>>, StoreError> {
    let mut found: BTreeMap<String, BTreeSet<NaiveDate>> = BTreeMap::new();
    for (day, (from, until)) in days {
        let systems: Vec<String> = Entity::find()
            .select_only()
            .column(Column::System)
            .distinct()
            .filter(Column::StartedAt.gte(*from))
            .filter(Column::StartedAt.lt(*until))
            .filter(Column::WithdrawnAt.is_null())
            .into_tuple()
            .all(db)
            .await?;
        for system in systems {
            found.entry(system).or_default().insert(*day);
        }
    }
    Ok(found)
}

/// When the first call on file began.
pub async fn first_call(db: &impl ConnectionTrait) -> Result<Option<DateTime<Utc>>, StoreError> {
    let first = Entity::find().select_only().column(Column::StartedAt).filter(Column::WithdrawnAt.is_null());
    Ok(first.order_by_asc(Column::StartedAt).limit(1).into_tuple().one(db).await?)
}
