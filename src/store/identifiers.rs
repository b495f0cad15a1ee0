//! The ways to recognise people: addresses, numbers, names, in their normalised form.

use super::page::once;
use super::people::uuids;
use super::{StoreError, without_nul};
use crate::domain::access::ActorRef;
use crate::domain::attribution::Holder;
use crate::domain::ids::{Id, IdentifierId, PersonId};
use crate::domain::person::{Confidence, HolderRole, IdentifierKind};
use chrono::{DateTime, Utc};
use entities::identifiers::{ActiveModel, Column, Entity, Model};
use entities::people;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifier {
    pub id: IdentifierId,
    pub person: PersonId,
    pub kind: IdentifierKind,
    /// Normalised.
    pub value: String,
    /// As it was written.
    pub presented: String,
    pub role: HolderRole,
    pub confidence: Confidence,
    pub source: String,
    pub recorded_by: Option<ActorRef>,
    pub recorded_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
}

/// Who holds each of these normalised values now, after merges. Values that nobody holds are left out.
pub async fn holders(
    db: &impl ConnectionTrait,
    kind: IdentifierKind,
    values: &[String],
) -> Result<HashMap<String, Vec<Holder>>, StoreError> {
    if values.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(String, Uuid, Option<Uuid>, String, String)> = Entity::find()
        .select_only()
        .columns([Column::Value, Column::PersonId])
        .column(people::Column::MergedInto)
        .columns([Column::Role, Column::Confidence])
        .join(
            JoinType::InnerJoin,
            Entity::belongs_to(people::Entity).from(Column::PersonId).to(people::Column::Id).into(),
        )
        .filter(Column::Kind.eq(kind.as_str()))
        .filter(Column::Value.is_in(values.to_vec()))
        .filter(Column::EndedAt.is_null())
        .into_tuple()
        .all(db)
        .await?;
    let mut holders: HashMap<String, Vec<Holder>> = HashMap::new();
    for (value, person, kept, role, confidence) in rows {
        let (record, person) = (Id::from_uuid(person), Id::from_uuid(kept.unwrap_or(person)));
        let holder = Holder { record, person, role: word(&role)?, confidence: word(&confidence)? };
        holders.entry(value).or_default().push(holder);
    }
    Ok(holders)
}

/// Everything recorded of these people, ended or not, oldest first.
pub async fn of_people(db: &impl ConnectionTrait, people: &[PersonId]) -> Result<Vec<Identifier>, StoreError> {
    let rows = Entity::find().filter(Column::PersonId.is_in(uuids(people))).order_by_asc(Column::Id);
    let ask = async { rows.all(db).await?.into_iter().map(read).collect() };
    once("identifiers::of_people", uuids(people), ask).await
}

pub async fn find(db: &impl ConnectionTrait, id: IdentifierId) -> Result<Option<Identifier>, StoreError> {
    Entity::find_by_id(id.as_uuid()).one(db).await?.map(read).transpose()
}

pub async fn insert_many(db: &impl ConnectionTrait, identifiers: &[Identifier]) -> Result<(), StoreError> {
    if identifiers.is_empty() {
        return Ok(());
    }
    Entity::insert_many(identifiers.iter().map(write)).exec_without_returning(db).await?;
    Ok(())
}

/// `false` when it had ended before.
pub async fn end(db: &impl ConnectionTrait, id: IdentifierId, at: DateTime<Utc>) -> Result<bool, StoreError> {
    let change = ActiveModel { ended_at: Set(Some(at)), ..Default::default() };
    let live = Entity::update_many().filter(Column::Id.eq(id.as_uuid())).filter(Column::EndedAt.is_null());
    Ok(live.set(change).exec(db).await?.rows_affected == 1)
}

fn word<T: std::str::FromStr>(text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|_unreadable| StoreError::Corrupt { what: "an identifier" })
}

fn read(row: Model) -> Result<Identifier, StoreError> {
    let by = |by| {
        serde_json::from_value(by).map_err(|_unreadable| StoreError::Corrupt { what: "who recorded an identifier" })
    };
    Ok(Identifier {
        id: Id::from_uuid(row.id),
        person: Id::from_uuid(row.person_id),
        kind: word(&row.kind)?,
        value: row.value,
        presented: row.presented,
        role: word(&row.role)?,
        confidence: word(&row.confidence)?,
        source: row.source,
        recorded_by: row.recorded_by.filter(|by| !by.is_null()).map(by).transpose()?,
        recorded_at: row.recorded_at,
        ended_at: row.ended_at,
    })
}

fn write(identifier: &Identifier) -> ActiveModel {
    ActiveModel {
        id: Set(identifier.id.as_uuid()),
        person_id: Set(identifier.person.as_uuid()),
        kind: Set(identifier.kind.as_str().to_owned()),
        value: Set(without_nul(identifier.value.clone())),
        presented: Set(without_nul(identifier.presented.clone())),
        role: Set(identifier.role.as_str().to_owned()),
        confidence: Set(identifier.confidence.as_str().to_owned()),
        source: Set(without_nul(identifier.source.clone())),
        recorded_by: Set(identifier.recorded_by.map(|by| json!(by))),
        recorded_at: Set(identifier.recorded_at),
        ended_at: Set(identifier.ended_at),
    }
}
