//! Calls of a month counted by caller and line, and on which days each system recorded any.

use crate::domain::calls::SystemKind;
use crate::domain::contact::Channel;
use crate::domain::ids::{CallerId, Id};
use crate::store::StoreError;
use chrono::{DateTime, NaiveDate, Utc};
use entities::calls::{Column, Entity};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
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
    /// Calls from wherever.
    fn anywhere(&self) -> Condition {
        let channels = self.channels.iter().map(|channel| channel.as_str());
        Condition::all()
            .add(Column::StartedAt.gte(self.from))
            .add(Column::StartedAt.lt(self.until))
            .add(Column::Counts.eq(true))
            .add(Column::Channel.is_in(channels))
    }

    fn in_areas(&self) -> Condition {
        let all = self.anywhere();
        if self.areas.is_empty() { all } else { all.add(Column::Area.is_in(self.areas.iter().map(String::as_str))) }
    }
}

/// One caller's calls of a month, from wherever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallerCount {
    pub caller: CallerId,
    pub by_channel: BTreeMap<String, u64>,
    /// Of these, those that came from the areas.
    pub in_areas: u64,
    pub first_at: DateTime<Utc>,
    pub last_at: DateTime<Utc>,
}

/// Callers with `at_least` calls from wherever; and, however often they called, those of whom an officer said who on file
/// they are: their calls may be some of a person's.
pub async fn callers(
    db: &impl ConnectionTrait,
    counting: &Counting,
    at_least: u32,
) -> Result<Vec<CallerCount>, StoreError> {
    use entities::callers::{Column as Of, Entity as Callers};
    let linked = Callers::find().select_only().column(Of::Id).filter(Of::PersonId.is_not_null()).into_query();
    let often = Column::Id.count().gte(i64::from(at_least));
    let found: Vec<(Uuid, DateTime<Utc>, DateTime<Utc>)> = Entity::find()
        .select_only()
        .column(Column::CallerId)
        .column_as(Column::StartedAt.min(), "first_at")
        .column_as(Column::StartedAt.max(), "last_at")
        .filter(counting.anywhere())
        .filter(Column::CallerId.is_not_null())
        .group_by(Column::CallerId)
        .having(Condition::any().add(often).add(Column::CallerId.in_subquery(linked)))
        .into_tuple()
        .all(db)
        .await?;
    let ids: Vec<Uuid> = found.iter().map(|(caller, ..)| *caller).collect();
    let mut all = by_channel(db, &counting.anywhere(), &ids).await?;
    let there =
        if counting.areas.is_empty() { all.clone() } else { by_channel(db, &counting.in_areas(), &ids).await? };
    let counted = |(caller, first_at, last_at)| CallerCount {
        caller: Id::from_uuid(caller),
        by_channel: all.remove(&caller).unwrap_or_default(),
        in_areas: there.get(&caller).map_or(0, |calls| calls.values().sum()),
        first_at,
        last_at,
    };
    Ok(found.into_iter().map(counted).collect())
}

async fn by_channel(
    db: &impl ConnectionTrait,
    which: &Condition,
    callers: &[Uuid],
) -> Result<BTreeMap<Uuid, BTreeMap<String, u64>>, StoreError> {
    let mut found: BTreeMap<Uuid, BTreeMap<String, u64>> = BTreeMap::new();
    for some in callers.chunks(1000) {
        let rows: Vec<(Uuid, String, i64)> = Entity::find()
            .select_only()
            .columns([Column::CallerId, Column::Channel])
            .column_as(Column::Id.count(), "calls")
            .filter(Column::CallerId.is_in(some.iter().copied()))
            .filter(which.clone())
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

/// How many calls there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// In the areas.
    pub calls: u64,
    /// Of those, of which nobody can tell who called.
    pub without_caller: u64,
    /// In no area that is known, in the whole county.
    pub without_area: u64,
}

pub async fn totals(db: &impl ConnectionTrait, counting: &Counting) -> Result<Totals, StoreError> {
    let all = Entity::find().filter(counting.in_areas());
    let unknown = all.clone().filter(Column::CallerId.is_null());
    let nowhere = Entity::find().filter(counting.anywhere()).filter(Column::Area.is_null());
    Ok(Totals {
        calls: all.count(db).await?,
        without_caller: unknown.count(db).await?,
        without_area: nowhere.count(db).await?,
    })
}

/// The systems that recorded a call, ever.
pub async fn systems(db: &impl ConnectionTrait) -> Result<BTreeSet<String>, StoreError> {
    let mut seen = BTreeSet::new();
    // One look into the index for each kind of system; a `distinct` would read all of it.
    for system in SystemKind::ALL.map(SystemKind::as_str) {
        let one = Entity::find().select_only().column(Column::System).filter(Column::System.eq(system)).limit(1);
        seen.extend(one.into_tuple::<String>().one(db).await?);
    }
    Ok(seen)
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
