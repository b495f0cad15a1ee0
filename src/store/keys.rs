//! The signing keys of the built-in token issuer.

use super::StoreError;
use chrono::{DateTime, Utc};
use entities::signing_keys::{ActiveModel, Column, Entity};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

pub struct KeyRow {
    pub kid: String,
    pub private_pem: String,
    pub public_pem: String,
}

/// Those not retired, newest first.
pub async fn in_use(db: &impl ConnectionTrait) -> Result<Vec<KeyRow>, StoreError> {
    let rows = Entity::find().filter(Column::RetiredAt.is_null()).order_by_desc(Column::CreatedAt).all(db).await?;
    let keys = rows.into_iter();
    Ok(keys.map(|row| KeyRow { kid: row.id, private_pem: row.private_pem, public_pem: row.public_pem }).collect())
}

/// The first ever made, in use or retired: what is derived from it never changes.
pub async fn first(db: &impl ConnectionTrait) -> Result<Option<KeyRow>, StoreError> {
    let row = Entity::find().order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).one(db).await?;
    Ok(row.map(|row| KeyRow { kid: row.id, private_pem: row.private_pem, public_pem: row.public_pem }))
}

pub async fn insert(db: &impl ConnectionTrait, key: KeyRow, now: DateTime<Utc>) -> Result<(), StoreError> {
    let row = ActiveModel {
        id: Set(key.kid),
        private_pem: Set(key.private_pem),
        public_pem: Set(key.public_pem),
        created_at: Set(now),
        retired_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}
