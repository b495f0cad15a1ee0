//! Registers as they read when decisions were taken under them, by content hash.

use super::StoreError;
use crate::domain::registers::RegisterText;
use chrono::{DateTime, Utc};
use entities::register_texts::{ActiveModel, Column, Entity};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

pub use entities::register_texts::Model as KeptRegister;

/// Keeps these texts for ever. Quietly once: the hash says that it is the same.
pub async fn keep(db: &impl ConnectionTrait, texts: &[RegisterText], at: DateTime<Utc>) -> Result<(), StoreError> {
    if texts.is_empty() {
        return Ok(());
    }
    let row = |register: &RegisterText| ActiveModel {
        content_hash: Set(register.content_hash.clone()),
        name: Set(register.name.clone()),
        text: Set(register.text.clone()),
        stored_at: Set(at),
    };
    let once = OnConflict::columns([Column::ContentHash, Column::Name]).do_nothing().to_owned();
    Entity::insert_many(texts.iter().map(row)).on_conflict(once).exec_without_returning(db).await?;
    Ok(())
}

/// Every text a register ever had here, the newest first.
pub async fn of_name(db: &impl ConnectionTrait, name: &str) -> Result<Vec<KeptRegister>, StoreError> {
    let kept = Entity::find().filter(Column::Name.eq(name));
    Ok(kept.order_by_desc(Column::StoredAt).order_by_asc(Column::ContentHash).all(db).await?)
}

/// Whether every one of these texts is kept.
pub async fn are_kept(db: &impl ConnectionTrait, texts: &[RegisterText]) -> Result<bool, StoreError> {
    let hashes = texts.iter().map(|register| register.content_hash.as_str());
    let kept = Entity::find().filter(Column::ContentHash.is_in(hashes)).all(db).await?;
    let is_kept = |register: &RegisterText| {
        kept.iter().any(|row| row.name == register.name && row.content_hash == register.content_hash)
    };
    Ok(texts.iter().all(is_kept))
}
