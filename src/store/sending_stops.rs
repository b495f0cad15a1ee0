//! When sending stopped altogether, and who let it go on.

use super::StoreError;
use crate::domain::ids::OfficerId;
use chrono::{DateTime, Utc};
use entities::sending_stops::{ActiveModel, Column, Entity};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

pub use entities::sending_stops::Model as StopRow;

/// The stop in force; `None` where mail is sent.
pub async fn in_force(db: &impl ConnectionTrait) -> Result<Option<StopRow>, StoreError> {
    let open = Entity::find().filter(Column::ReleasedAt.is_null()).order_by_asc(Column::OpenedAt);
    Ok(open.one(db).await?)
}

/// When sending last went on after a stop; `None` where it never stopped.
pub async fn last_release(db: &impl ConnectionTrait) -> Result<Option<DateTime<Utc>>, StoreError> {
    let released = Entity::find().filter(Column::ReleasedAt.is_not_null()).order_by_desc(Column::ReleasedAt);
    Ok(released.one(db).await?.and_then(|stop| stop.released_at))
}

/// Nothing is sent from `at` on, for this reason.
pub async fn open(tx: &impl ConnectionTrait, id: Uuid, at: DateTime<Utc>, because: &str) -> Result<(), StoreError> {
    let row = ActiveModel {
        id: Set(id),
        opened_at: Set(at),
        because: Set(because.to_owned()),
        released_at: Set(None),
        released_by: Set(None),
    };
    Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// The officer lets sending go on.
pub async fn release(tx: &impl ConnectionTrait, id: Uuid, at: DateTime<Utc>, by: OfficerId) -> Result<(), StoreError> {
    let released =
        ActiveModel { released_at: Set(Some(at)), released_by: Set(Some(by.as_uuid())), ..Default::default() };
    Entity::update_many().set(released).filter(Column::Id.eq(id)).exec(tx).await?;
    Ok(())
}
