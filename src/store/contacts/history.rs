//! The parts of people's histories that measuring a change needs: never the whole, for many people in one statement.

use super::{Contact, read};
use crate::domain::contact::Channel;
use crate::domain::ids::{CaseId, Id, PersonId};
use crate::domain::strategy::{Allowance, VerdictKind};
use crate::store::StoreError;
use chrono::{DateTime, Utc};
use entities::contacts::{Column, Entity};
use sea_orm::sea_query::SimpleExpr;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// What is received for a person (after merges) from an instant on, that instant included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Since {
    pub person: PersonId,
    pub from: DateTime<Utc>,
}

impl Since {
    fn condition(&self) -> SimpleExpr {
        Column::CountsForId.eq(self.person.as_uuid()).and(Column::ReceivedAt.gte(self.from))
    }
}

/// Any of the ranges. Each is one walk of the index by person and time.
fn any_of(ranges: &[Since]) -> Condition {
    ranges.iter().fold(Condition::any(), |any, since| any.add(since.condition()))
}

/// A range of allowances: what was used from `since.from` on, before `until`.
pub async fn allowances(
    db: &impl ConnectionTrait,
    ranges: &[(Since, DateTime<Utc>)],
) -> Result<HashMap<PersonId, Vec<Allowance>>, StoreError> {
    let Some(earliest) = ranges.iter().map(|(since, _)| since.from).min() else { return Ok(HashMap::new()) };
    let asked: HashMap<PersonId, &(Since, DateTime<Utc>)> =
        ranges.iter().map(|range| (range.0.person, range)).collect();
    let wanted = |person: PersonId, at: DateTime<Utc>| {
        asked.get(&person).is_some_and(|(since, until)| since.from <= at && at < *until)
    };
    let rows: Vec<(Uuid, Uuid, String, DateTime<Utc>)> = Entity::find()
        .select_only()
        .columns([Column::CountsForId, Column::StrategyId, Column::Channel, Column::ReceivedAt])
        .filter(people_since(asked.keys().copied(), earliest))
        .filter(Column::Verdict.eq(VerdictKind::WithinLimit.as_str()))
        .filter(Column::StrategyId.is_not_null())
        .order_by_asc(Column::ReceivedAt)
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    let mut used: HashMap<PersonId, Vec<Allowance>> = HashMap::new();
    for (person, strategy, channel, received_at) in rows {
        if !wanted(Id::from_uuid(person), received_at) {
            continue;
        }
        let channel = super::parsed(&channel, "the channel of a contact")?;
        let allowance = Allowance { strategy: CaseId::from_uuid(strategy), channel, received_at };
        used.entry(Id::from_uuid(person)).or_default().push(allowance);
    }
    Ok(used)
}

/// The contacts in these ranges, in order of receipt.
pub async fn later(db: &impl ConnectionTrait, ranges: &[Since]) -> Result<Vec<Contact>, StoreError> {
    if ranges.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::find().filter(any_of(ranges)).order_by_asc(Column::ReceivedAt).order_by_asc(Column::Id);
    rows.all(db).await?.into_iter().map(read).collect()
}

/// Counted contacts of one person by one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    pub channel: Channel,
    pub count: i64,
    /// When the latest of them was received.
    pub latest: DateTime<Utc>,
}

/// How often each person got in touch by each channel since the earliest instant of all ranges: never less than in
/// their own range.
pub async fn tallies(db: &impl ConnectionTrait, ranges: &[Since]) -> Result<HashMap<PersonId, Vec<Tally>>, StoreError> {
    let Some(earliest) = ranges.iter().map(|since| since.from).min() else { return Ok(HashMap::new()) };
    let rows: Vec<(Uuid, String, i64, DateTime<Utc>)> = Entity::find()
        .select_only()
        .columns([Column::CountsForId, Column::Channel])
        .column_as(Column::Id.count(), "n")
        .column_as(Column::ReceivedAt.max(), "latest")
        .filter(people_since(ranges.iter().map(|since| since.person), earliest))
        .filter(Column::Counted.eq(true))
        .group_by(Column::CountsForId)
        .group_by(Column::Channel)
        .into_tuple()
        .all(db)
        .await?;
    let mut found: HashMap<PersonId, Vec<Tally>> = HashMap::new();
    for (person, channel, count, latest) in rows {
        let channel = super::parsed(&channel, "the channel of a contact")?;
        found.entry(Id::from_uuid(person)).or_default().push(Tally { channel, count, latest });
    }
    Ok(found)
}

/// What is received for these people from one instant on: one walk of the index a person, without asking whether the
/// walks met.
fn people_since(people: impl Iterator<Item = PersonId>, from: DateTime<Utc>) -> SimpleExpr {
    Column::CountsForId.is_in(people.map(PersonId::as_uuid)).and(Column::ReceivedAt.gte(from))
}

/// When and how each person got in touch in their range, in order of receipt; counted contacts only.
pub async fn received_times(
    db: &impl ConnectionTrait,
    ranges: &[Since],
) -> Result<HashMap<PersonId, Vec<(DateTime<Utc>, Channel)>>, StoreError> {
    if ranges.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, DateTime<Utc>, String)> = Entity::find()
        .select_only()
        .columns([Column::CountsForId, Column::ReceivedAt, Column::Channel])
        .filter(any_of(ranges))
        .filter(Column::Counted.eq(true))
        .order_by_asc(Column::ReceivedAt)
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    let mut times: HashMap<PersonId, Vec<(DateTime<Utc>, Channel)>> = HashMap::new();
    for (person, at, channel) in rows {
        times
            .entry(Id::from_uuid(person))
            .or_default()
            .push((at, super::parsed(&channel, "the channel of a contact")?));
    }
    Ok(times)
}
