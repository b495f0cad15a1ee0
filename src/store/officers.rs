//! Officers and members of staff who may sign in.

use super::StoreError;
use super::page::once;
use crate::domain::access::{Officer, Role};
use crate::domain::ids::{Id, OfficerId};
use chrono::{DateTime, Utc};
use entities::officers::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use std::collections::BTreeSet;

/// An officer as registered, who may have been deactivated since.
#[derive(Clone, Debug)]
pub struct Registered {
    pub officer: Officer,
    pub active: bool,
    pub created_at: DateTime<Utc>,
}

pub async fn find(db: &impl ConnectionTrait, id: OfficerId) -> Result<Option<Registered>, StoreError> {
    let ask = async { Entity::find_by_id(id.as_uuid()).one(db).await?.map(read).transpose() };
    once("officers::find", vec![id.as_uuid()], ask).await
}

pub async fn find_by_username(db: &impl ConnectionTrait, username: &str) -> Result<Option<Registered>, StoreError> {
    Entity::find().filter(Column::Username.eq(username)).one(db).await?.map(read).transpose()
}

/// By username, after `after`.
pub async fn list(db: &impl ConnectionTrait, after: Option<&str>, most: u64) -> Result<Vec<Registered>, StoreError> {
    let mut query = Entity::find().order_by_asc(Column::Username).limit(most);
    if let Some(after) = after {
        query = query.filter(Column::Username.gt(after));
    }
    query.all(db).await?.into_iter().map(read).collect()
}

/// # Errors
/// `Duplicate` when the username is taken.
pub async fn insert(db: &impl ConnectionTrait, officer: &Officer, now: DateTime<Utc>) -> Result<(), StoreError> {
    let row = ActiveModel {
        id: Set(officer.id.as_uuid()),
        username: Set(officer.username.clone()),
        display_name: Set(officer.display_name.clone()),
        roles: Set(json!(officer.roles)),
        areas: Set(json!(officer.areas)),
        active: Set(true),
        created_at: Set(now),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Changes roles, areas and whether the officer may sign in. Nothing happens where there is no such officer.
pub async fn update(
    db: &impl ConnectionTrait,
    id: OfficerId,
    (roles, areas): (&BTreeSet<Role>, &BTreeSet<String>),
    active: bool,
) -> Result<(), StoreError> {
    let change =
        ActiveModel { roles: Set(json!(roles)), areas: Set(json!(areas)), active: Set(active), ..Default::default() };
    Entity::update_many().set(change).filter(Column::Id.eq(id.as_uuid())).exec(db).await?;
    Ok(())
}

fn read(row: Model) -> Result<Registered, StoreError> {
    let Ok(roles) = serde_json::from_value(row.roles) else {
        return Err(StoreError::Corrupt { what: "an officer's roles" });
    };
    let Ok(areas) = serde_json::from_value(row.areas) else {
        return Err(StoreError::Corrupt { what: "an officer's areas" });
    };
    let officer = Officer {
        id: Id::from_uuid(row.id),
        username: row.username,
        display_name: row.display_name,
        roles,
        areas,
        through: None,
    };
    Ok(Registered { officer, active: row.active, created_at: row.created_at })
}
