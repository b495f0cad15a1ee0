//! Limits that bind people now, or did once.

use super::StoreError;
use super::page::once;
use super::people::{self as people_on_file, uuids};
use crate::domain::ids::{CaseId, Id, OfficerId, PersonId};
use crate::domain::strategy::Terms;
use chrono::{DateTime, Utc};
use entities::people;
use entities::strategies_in_force::{ActiveModel, Column, Entity};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, JoinType, QueryFilter,
    QueryOrder, QuerySelect, SelectTwo,
};

/// A strategy in force as it is stored: limits and blocking as the strategy's form carries them.
pub use entities::strategies_in_force::Model as StrategyRow;

/// The terms of one strategy version, for the person it was decided for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    /// As it was decided: not followed through merges.
    pub person: PersonId,
    pub spoc: Option<OfficerId>,
    pub terms: Terms,
    pub put_in_force_at: DateTime<Utc>,
}

fn of_group(roots: &[PersonId]) -> SelectTwo<Entity, people::Entity> {
    let same = Condition::any()
        .add(people::Column::Id.is_in(uuids(roots)))
        .add(people::Column::MergedInto.is_in(uuids(roots)));
    let holder = Entity::belongs_to(people::Entity).from(Column::PersonId).to(people::Column::Id).into();
    Entity::find().join(JoinType::InnerJoin, holder).select_also(people::Entity).filter(same)
}

/// Every strategy ever put in force for these people (after merges) with the one each binds, by start.
pub async fn of_people(db: &impl ConnectionTrait, roots: &[PersonId]) -> Result<Vec<(PersonId, InForce)>, StoreError> {
    if roots.is_empty() {
        return Ok(Vec::new());
    }
    let ask = async {
        let rows = of_group(roots).all(db).await?;
        let mut found = Vec::with_capacity(rows.len());
        for (row, person) in rows {
            let root = person.map_or(row.person_id, |person| person.merged_into.unwrap_or(person.id));
            found.push((Id::from_uuid(root), read(row)?));
        }
        found.sort_by_key(|(_, in_force)| (in_force.terms.effective_from, in_force.terms.strategy));
        Ok(found)
    };
    once("strategies::of_people", uuids(roots), ask).await
}

/// Every strategy that binds somebody at `now`, with the person (after merges) whom it binds.
pub async fn binding(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Vec<(PersonId, InForce)>, StoreError> {
    let holder = Entity::belongs_to(people::Entity).from(Column::PersonId).to(people::Column::Id).into();
    let not_lifted = Condition::any().add(Column::LiftedAt.is_null()).add(Column::LiftedAt.gt(now));
    let rows = Entity::find()
        .join(JoinType::InnerJoin, holder)
        .select_also(people::Entity)
        .filter(Column::EffectiveFrom.lte(now))
        .filter(Column::EndsAt.gt(now))
        .filter(not_lifted);
    let mut found = Vec::new();
    for (row, person) in rows.all(db).await? {
        let root = person.map_or(row.person_id, |person| person.merged_into.unwrap_or(person.id));
        found.push((Id::from_uuid(root), read(row)?));
    }
    Ok(found)
}

/// The strategy that was put in force for the person, or for anybody merged with them, and not lifted; its end may have
/// passed.
pub async fn live(db: &impl ConnectionTrait, person: PersonId) -> Result<Option<StrategyRow>, StoreError> {
    let root = people_on_file::root(db, person).await?.unwrap_or(person);
    let of_person = of_group(&[root]).filter(Column::LiftedAt.is_null()).order_by_desc(Column::EffectiveFrom);
    Ok(of_person.one(db).await?.map(|(row, _)| row))
}

/// # Errors
/// `Duplicate` when another strategy is in force for the person, or this one was before; `Corrupt` for limits that
/// nothing could be measured against.
pub async fn put_in_force(db: &impl ConnectionTrait, row: StrategyRow) -> Result<(), StoreError> {
    read(row.clone())?;
    Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    Ok(())
}

/// From `at` on the limits no longer bind. `false` when they were lifted before.
pub async fn lift(
    db: &impl ConnectionTrait,
    strategy: CaseId,
    at: DateTime<Utc>,
    because: &str,
) -> Result<bool, StoreError> {
    let change =
        ActiveModel { lifted_at: Set(Some(at)), lifted_because: Set(Some(because.to_owned())), ..Default::default() };
    let live = Entity::update_many().filter(Column::CaseId.eq(strategy.as_uuid())).filter(Column::LiftedAt.is_null());
    Ok(live.set(change).exec(db).await?.rows_affected == 1)
}

/// Nothing that was lifted from a later day on binds this person, or anybody merged with them, after `at`.
pub async fn cut_short(db: &impl ConnectionTrait, person: PersonId, at: DateTime<Utc>) -> Result<(), StoreError> {
    let root = people_on_file::root(db, person).await?.unwrap_or(person);
    let pending = of_group(&[root]).filter(Column::LiftedAt.gt(at)).all(db).await?;
    let pending: Vec<_> = pending.into_iter().map(|(row, _)| row.case_id).collect();
    let change = ActiveModel { lifted_at: Set(Some(at)), ..Default::default() };
    Entity::update_many().set(change).filter(Column::CaseId.is_in(pending)).exec(db).await?;
    Ok(())
}

/// Whoever answers for the strategy from now on.
pub async fn hand_over(db: &impl ConnectionTrait, strategy: CaseId, spoc: Option<OfficerId>) -> Result<(), StoreError> {
    let change = ActiveModel { spoc_id: Set(spoc.map(OfficerId::as_uuid)), ..Default::default() };
    Entity::update_many().set(change).filter(Column::CaseId.eq(strategy.as_uuid())).exec(db).await?;
    Ok(())
}

pub async fn find(db: &impl ConnectionTrait, strategy: CaseId) -> Result<Option<InForce>, StoreError> {
    Entity::find_by_id(strategy.as_uuid()).one(db).await?.map(read).transpose()
}

fn read(row: StrategyRow) -> Result<InForce, StoreError> {
    let corrupt = |_| StoreError::Corrupt { what: "the limits of a strategy" };
    let terms = Terms {
        strategy: Id::from_uuid(row.case_id),
        effective_from: row.effective_from,
        ends_at: row.ends_at,
        lifted_at: row.lifted_at,
        limits: serde_json::from_value(row.limits).map_err(corrupt)?,
        blocked: serde_json::from_value(row.blocked).map_err(corrupt)?,
    };
    Ok(InForce {
        person: Id::from_uuid(row.person_id),
        spoc: row.spoc_id.map(Id::from_uuid),
        terms,
        put_in_force_at: row.put_in_force_at,
    })
}
