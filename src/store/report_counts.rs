//! Contacts counted for reports: how many, by which channel, found when, waiting for how long.

use super::StoreError;
use super::events::Stream;
use super::people::uuids;
use crate::domain::ids::{CaseId, Id, OfficerId, PersonId};
use chrono::{DateTime, Utc};
use entities::{broken_glass, contacts, events};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;
use uuid::Uuid;

/// When the contacts of these people (after merges) were received, from `from` on, before `until`.
pub async fn received_between(
    db: &impl ConnectionTrait,
    people: &[PersonId],
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<BTreeMap<PersonId, Vec<DateTime<Utc>>>, StoreError> {
    use contacts::Column as C;
    let rows: Vec<(Uuid, DateTime<Utc>)> = contacts::Entity::find()
        .filter(C::CountsForId.is_in(uuids(people)))
        .filter(C::ReceivedAt.gte(from))
        .filter(C::ReceivedAt.lt(until))
        .select_only()
        .columns([C::CountsForId, C::ReceivedAt])
        .into_tuple()
        .all(db)
        .await?;
    let mut received: BTreeMap<PersonId, Vec<DateTime<Utc>>> = BTreeMap::new();
    for (person, at) in rows {
        received.entry(Id::from_uuid(person)).or_default().push(at);
    }
    Ok(received)
}

/// By channel: how many contacts, from how many people. Whatever a strategy blocks is counted too.
pub async fn by_channel(db: &impl ConnectionTrait) -> Result<Vec<(String, i64, i64)>, StoreError> {
    use contacts::Column as C;
    let counted = contacts::Entity::find().filter(C::CountsForId.is_not_null()).filter(C::Counted.eq(true));
    let rows: Vec<(String, i64, i64)> = counted
        .select_only()
        .column(C::Channel)
        .column_as(C::Id.count(), "contacts")
        .expr_as(sea_orm::sea_query::Func::count_distinct(sea_orm::sea_query::Expr::col(C::CountsForId)), "people")
        .group_by(C::Channel)
        .order_by_asc(C::Channel)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows)
}

/// How many contacts received before `before` nobody has attributed or dealt with.
pub async fn unattributed_since(db: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<u64, StoreError> {
    use contacts::Column as C;
    let waiting = contacts::Entity::find().filter(C::Attribution.is_in(["unattributed", "suggested"]));
    Ok(waiting.filter(C::Handling.eq("open")).filter(C::ReceivedAt.lt(before)).count(db).await?)
}

/// A contact measured against a strategy in which a named person found something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    pub strategy: CaseId,
    pub minutes: i64,
    pub complaint: bool,
    pub risk: bool,
}

/// What people found by the seven questions in contacts measured against a strategy, the first time each.
pub async fn found_in_measured(db: &impl ConnectionTrait) -> Result<Vec<Found>, StoreError> {
    use contacts::Column as C;
    let measured: Vec<(Uuid, Uuid, DateTime<Utc>)> = contacts::Entity::find()
        .filter(C::StrategyId.is_not_null())
        .filter(C::Exempt.eq(true))
        .select_only()
        .columns([C::Id, C::StrategyId, C::ReceivedAt])
        .into_tuple()
        .all(db)
        .await?;
    let about: BTreeMap<Uuid, (Uuid, DateTime<Utc>)> =
        measured.into_iter().map(|(id, strategy, at)| (id, (strategy, at))).collect();
    let ids: Vec<Uuid> = about.keys().copied().collect();
    let mut found: BTreeMap<Uuid, Found> = BTreeMap::new();
    for some in ids.chunks(1_000) {
        let handled = events::Entity::find()
            .filter(events::Column::Stream.eq(Stream::Contact.as_str()))
            .filter(events::Column::Kind.eq("handled"))
            .filter(events::Column::StreamId.is_in(some.iter().copied()))
            .order_by_asc(events::Column::Position);
        for event in handled.all(db).await? {
            let ticked = |question: &str| event.data.pointer(&format!("/answers/{question}")) == Some(&true.into());
            let (complaint, risk) = (ticked("complaint"), ticked("risk"));
            let Some((strategy, received)) = about.get(&event.stream_id).filter(|_| complaint || risk) else {
                continue;
            };
            let minutes = (event.at - *received).num_minutes();
            found.entry(event.stream_id).or_insert(Found {
                strategy: Id::from_uuid(*strategy),
                minutes,
                complaint,
                risk,
            });
        }
    }
    Ok(found.into_values().collect())
}

/// Cases that were looked into by breaking the glass, and by whom.
pub async fn looked_into(db: &impl ConnectionTrait) -> Result<Vec<(CaseId, OfficerId)>, StoreError> {
    let rows = broken_glass::Entity::find().order_by_asc(broken_glass::Column::At).all(db).await?;
    Ok(rows.into_iter().map(|row| (Id::from_uuid(row.case_id), Id::from_uuid(row.officer_id))).collect())
}
