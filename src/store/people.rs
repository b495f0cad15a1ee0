//! Service users, and which of their records turned out to be one person.
//!
//! `merged_into` always names the record that is kept in the end, never one on the way to it, so that one join finds
//! whom a contact counts for.

use super::page::once;
use super::{StoreError, json_without_nul, without_nul};
use crate::domain::ids::{Id, MergeId, OfficerId, PersonId};
use crate::domain::person::{LiveMerge, fold_name};
use chrono::{DateTime, NaiveDate, Utc};
use entities::people::{ActiveModel, Column, Entity, Model};
use entities::person_merges;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    pub id: PersonId,
    /// The department's own reference for the person.
    pub reference: String,
    pub full_name: String,
    pub date_of_birth: Option<NaiveDate>,
    pub targeted_victim: bool,
    /// What makes the person vulnerable, a sentence each.
    pub vulnerability: Vec<String>,
    /// The record kept when this one turned out to be the same person.
    pub merged_into: Option<PersonId>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
}

impl Person {
    /// The record that stands for the person.
    pub fn root(&self) -> PersonId {
        self.merged_into.unwrap_or(self.id)
    }
}

pub async fn find(db: &impl ConnectionTrait, id: PersonId) -> Result<Option<Person>, StoreError> {
    let ask = async { Entity::find_by_id(id.as_uuid()).one(db).await?.map(read).transpose() };
    once("people::find", vec![id.as_uuid()], ask).await
}

pub async fn with_references(db: &impl ConnectionTrait, references: &[String]) -> Result<Vec<Person>, StoreError> {
    let rows = Entity::find().filter(Column::Reference.is_in(references.to_vec())).all(db).await?;
    rows.into_iter().map(read).collect()
}

/// The records that stand for themselves but for the `hidden` ones, by id, after `after`.
pub async fn list(
    db: &impl ConnectionTrait,
    hidden: &[PersonId],
    after: Option<PersonId>,
    most: u64,
) -> Result<Vec<Person>, StoreError> {
    let mut query = Entity::find().filter(Column::MergedInto.is_null()).order_by_asc(Column::Id).limit(most);
    if !hidden.is_empty() {
        query = query.filter(Column::Id.is_not_in(uuids(hidden)));
    }
    if let Some(after) = after {
        query = query.filter(Column::Id.gt(after.as_uuid()));
    }
    query.all(db).await?.into_iter().map(read).collect()
}

/// Those of these people's records that stand for somebody, with who they are; at most `most`.
pub async fn with_ids(db: &impl ConnectionTrait, ids: &[PersonId], most: u64) -> Result<Vec<Person>, StoreError> {
    let wanted = Entity::find().filter(Column::Id.is_in(uuids(ids))).order_by_asc(Column::Id).limit(most);
    wanted.all(db).await?.into_iter().map(read).collect()
}

/// By a part of the name, in any case and any script, or the whole reference; the whole name first. With a date of birth,
/// only people of whom none or that one is on file, those of that one first.
pub async fn search(
    db: &impl ConnectionTrait,
    text: &str,
    born: Option<NaiveDate>,
    most: u64,
) -> Result<Vec<Person>, StoreError> {
    use sea_orm::sea_query::{CaseStatement, Expr, LikeExpr};
    let key = fold_name(text);
    let escaped: String =
        key.chars().flat_map(|c| ["\\".repeat(usize::from(matches!(c, '%' | '_' | '\\'))), c.to_string()]).collect();
    let like = LikeExpr::new(format!("%{escaped}%")).escape('\\');
    let named = Expr::col(Column::NameKey).like(like);
    let either = Condition::any().add(named).add(Column::Reference.eq(text));
    let born = born.map(|born| Condition::any().add(Column::DateOfBirth.is_null()).add(Column::DateOfBirth.eq(born)));
    let rank = |first: Condition| CaseStatement::new().case(first, 0).finally(1);
    let whole_name = rank(Condition::all().add(Column::NameKey.eq(key)));
    let dated = rank(Condition::all().add(Column::DateOfBirth.is_not_null()));
    let mut found = Entity::find().filter(either).order_by_asc(Expr::expr(whole_name));
    if let Some(born) = born {
        found = found.filter(born).order_by_asc(Expr::expr(dated));
    }
    let found = found.order_by_asc(Column::NameKey).order_by_asc(Column::Id).limit(most);
    found.all(db).await?.into_iter().map(read).collect()
}

/// # Errors
/// `Duplicate` when a reference is taken.
pub async fn insert_many(db: &impl ConnectionTrait, people: &[Person]) -> Result<(), StoreError> {
    if people.is_empty() {
        return Ok(());
    }
    Entity::insert_many(people.iter().map(write)).exec_without_returning(db).await?;
    Ok(())
}

/// Writes what is known of the person over what was, at the version after `person.version`.
///
/// # Errors
/// `StaleVersion` when the row is at another version.
pub async fn update(db: &impl ConnectionTrait, person: &Person) -> Result<(), StoreError> {
    let change = ActiveModel {
        full_name: Set(without_nul(person.full_name.clone())),
        name_key: Set(fold_name(&without_nul(person.full_name.clone()))),
        date_of_birth: Set(person.date_of_birth),
        targeted_victim: Set(person.targeted_victim),
        vulnerability: Set(json_without_nul(json!(person.vulnerability))),
        version: Set(person.version + 1),
        ..Default::default()
    };
    let row =
        Entity::update_many().filter(Column::Id.eq(person.id.as_uuid())).filter(Column::Version.eq(person.version));
    match row.set(change).exec(db).await?.rows_affected {
        0 => Err(StoreError::StaleVersion),
        _ => Ok(()),
    }
}

/// Marks that something about these people changed.
pub async fn touch(db: &impl ConnectionTrait, ids: &[PersonId]) -> Result<(), StoreError> {
    use sea_orm::sea_query::Expr;
    let next = Expr::col(Column::Version).add(1);
    Entity::update_many().col_expr(Column::Version, next).filter(Column::Id.is_in(uuids(ids))).exec(db).await?;
    Ok(())
}

/// The record that stands for each of these people. Unknown people are left out.
pub async fn roots(db: &impl ConnectionTrait, ids: &[PersonId]) -> Result<BTreeMap<PersonId, PersonId>, StoreError> {
    let ask = async {
        let rows: Vec<(Uuid, Option<Uuid>)> = Entity::find()
            .select_only()
            .columns([Column::Id, Column::MergedInto])
            .filter(Column::Id.is_in(uuids(ids)))
            .into_tuple()
            .all(db)
            .await?;
        Ok(rows.into_iter().map(|(id, kept)| (Id::from_uuid(id), Id::from_uuid(kept.unwrap_or(id)))).collect())
    };
    once("people::roots", uuids(ids), ask).await
}

/// The record that stands for the person; `None` where there is no such person.
pub async fn root(db: &impl ConnectionTrait, id: PersonId) -> Result<Option<PersonId>, StoreError> {
    Ok(roots(db, &[id]).await?.remove(&id))
}

/// Everybody merged into these people, and they themselves.
pub async fn members(db: &impl ConnectionTrait, roots: &[PersonId]) -> Result<Vec<Person>, StoreError> {
    let same = Condition::any().add(Column::Id.is_in(uuids(roots))).add(Column::MergedInto.is_in(uuids(roots)));
    let ask =
        async { Entity::find().filter(same).order_by_asc(Column::Id).all(db).await?.into_iter().map(read).collect() };
    once("people::members", uuids(roots), ask).await
}

/// Points each record at the one that stands for it (`None`: itself). Returns nothing; events tell what happened.
pub async fn set_root(db: &impl ConnectionTrait, ids: &[PersonId], root: Option<PersonId>) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    let change = ActiveModel { merged_into: Set(root.map(PersonId::as_uuid)), ..Default::default() };
    Entity::update_many().set(change).filter(Column::Id.is_in(uuids(ids))).exec(db).await?;
    Ok(())
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    pub id: MergeId,
    pub kept: PersonId,
    pub merged: PersonId,
    pub reason: String,
    pub merged_by: OfficerId,
    pub merged_at: DateTime<Utc>,
    pub reversed_at: Option<DateTime<Utc>>,
}

/// Every merge of one of these records into another, reversed or not, the oldest first.
pub async fn merges_of(db: &impl ConnectionTrait, records: &[PersonId]) -> Result<Vec<Merge>, StoreError> {
    use person_merges::Column as C;
    let rows = person_merges::Entity::find()
        .filter(Condition::any().add(C::MergedId.is_in(uuids(records))).add(C::KeptId.is_in(uuids(records))))
        .order_by_asc(C::MergedAt)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(read_merge).collect())
}

fn read_merge(row: person_merges::Model) -> Merge {
    Merge {
        id: Id::from_uuid(row.id),
        kept: Id::from_uuid(row.kept_id),
        merged: Id::from_uuid(row.merged_id),
        reason: row.reason,
        merged_by: Id::from_uuid(row.merged_by),
        merged_at: row.merged_at,
        reversed_at: row.reversed_at,
    }
}

pub async fn find_merge(db: &impl ConnectionTrait, id: MergeId) -> Result<Option<Merge>, StoreError> {
    let row = person_merges::Entity::find_by_id(id.as_uuid()).one(db).await?;
    Ok(row.map(read_merge))
}

pub async fn insert_merge(db: &impl ConnectionTrait, merge: &Merge) -> Result<(), StoreError> {
    let row = person_merges::ActiveModel {
        id: Set(merge.id.as_uuid()),
        kept_id: Set(merge.kept.as_uuid()),
        merged_id: Set(merge.merged.as_uuid()),
        reason: Set(without_nul(merge.reason.clone())),
        merged_by: Set(merge.merged_by.as_uuid()),
        merged_at: Set(merge.merged_at),
        ..Default::default()
    };
    person_merges::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// `false` when it was reversed before.
pub async fn reverse_merge(
    db: &impl ConnectionTrait,
    id: MergeId,
    by: OfficerId,
    at: DateTime<Utc>,
    reason: &str,
) -> Result<bool, StoreError> {
    let change = person_merges::ActiveModel {
        reversed_by: Set(Some(by.as_uuid())),
        reversed_at: Set(Some(at)),
        reversal_reason: Set(Some(without_nul(reason.to_owned()))),
        ..Default::default()
    };
    let standing = person_merges::Entity::update_many()
        .filter(person_merges::Column::Id.eq(id.as_uuid()))
        .filter(person_merges::Column::ReversedAt.is_null());
    Ok(standing.set(change).exec(db).await?.rows_affected == 1)
}

/// The merges among these records that were not reversed.
pub async fn live_merges(db: &impl ConnectionTrait, among: &[PersonId]) -> Result<Vec<LiveMerge>, StoreError> {
    use person_merges::Column as C;
    let rows = person_merges::Entity::find()
        .filter(C::ReversedAt.is_null())
        .filter(C::MergedId.is_in(uuids(among)))
        .order_by_asc(C::MergedAt)
        .all(db)
        .await?;
    let live = |row: person_merges::Model| LiveMerge {
        kept: Id::from_uuid(row.kept_id),
        merged: Id::from_uuid(row.merged_id),
    };
    Ok(rows.into_iter().map(live).collect())
}

pub(super) fn uuids<T>(ids: &[Id<T>]) -> Vec<Uuid> {
    ids.iter().map(|id| id.as_uuid()).collect()
}

fn read(row: Model) -> Result<Person, StoreError> {
    let vulnerability = if row.vulnerability == Value::Null {
        Vec::new()
    } else {
        let unreadable = |_cause| StoreError::Corrupt { what: "a person's vulnerability" };
        serde_json::from_value(row.vulnerability).map_err(unreadable)?
    };
    Ok(Person {
        id: Id::from_uuid(row.id),
        reference: row.reference,
        full_name: row.full_name,
        date_of_birth: row.date_of_birth,
        targeted_victim: row.targeted_victim,
        vulnerability,
        merged_into: row.merged_into.map(Id::from_uuid),
        version: row.version,
        created_at: row.created_at,
    })
}

fn write(person: &Person) -> ActiveModel {
    ActiveModel {
        id: Set(person.id.as_uuid()),
        reference: Set(without_nul(person.reference.clone())),
        full_name: Set(without_nul(person.full_name.clone())),
        name_key: Set(fold_name(&without_nul(person.full_name.clone()))),
        date_of_birth: Set(person.date_of_birth),
        targeted_victim: Set(person.targeted_victim),
        vulnerability: Set(json_without_nul(json!(person.vulnerability))),
        merged_into: Set(person.merged_into.map(PersonId::as_uuid)),
        version: Set(person.version),
        created_at: Set(person.created_at),
    }
}
