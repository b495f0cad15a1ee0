//! Systems with credentials of their own. Of a secret only its hash is kept.

use super::StoreError;
use crate::domain::access::System;
use crate::domain::ids::{ClientId, Id};
use chrono::{DateTime, Utc};
use entities::clients::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;
use std::collections::BTreeSet;

#[derive(Clone, Debug)]
pub struct Registered {
    pub system: System,
    /// Lower-case hex.
    pub secret_sha256: String,
    pub active: bool,
}

pub async fn find(db: &impl ConnectionTrait, id: ClientId) -> Result<Option<Registered>, StoreError> {
    Entity::find_by_id(id.as_uuid()).one(db).await?.map(read).transpose()
}

pub async fn find_by_name(db: &impl ConnectionTrait, name: &str) -> Result<Option<Registered>, StoreError> {
    Entity::find().filter(Column::Name.eq(name)).one(db).await?.map(read).transpose()
}

/// All of them, by name.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Registered>, StoreError> {
    Entity::find().order_by_asc(Column::Name).all(db).await?.into_iter().map(read).collect()
}

/// # Errors
/// `Duplicate` when the name is taken.
pub async fn insert(
    db: &impl ConnectionTrait,
    system: &System,
    secret_sha256: String,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = ActiveModel {
        id: Set(system.id.as_uuid()),
        name: Set(system.name.clone()),
        secret_sha256: Set(secret_sha256),
        scopes: Set(json!(system.scopes)),
        active: Set(true),
        created_at: Set(now),
        areas: Set(Some(json!(system.areas))),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

fn read(row: Model) -> Result<Registered, StoreError> {
    let Ok(scopes) = serde_json::from_value(row.scopes) else {
        return Err(StoreError::Corrupt { what: "a client's scopes" });
    };
    let areas = match row.areas.filter(|areas| !areas.is_null()) {
        Some(areas) => {
            serde_json::from_value(areas).map_err(|_unreadable| StoreError::Corrupt { what: "a client's areas" })?
        }
        None => BTreeSet::new(),
    };
    let system = System { id: Id::from_uuid(row.id), name: row.name, scopes, areas };
    Ok(Registered { system, secret_sha256: row.secret_sha256, active: row.active })
}
