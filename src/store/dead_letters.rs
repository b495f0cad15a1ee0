//! Jobs that were given up, page by page.

use super::StoreError;
use super::jobs::Job;
use crate::domain::ids::{Id, JobId};
use chrono::{DateTime, Utc};
use entities::jobs::{Column, Entity, Model};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// At most `limit`, in the order in which they were queued, after the one queued at a time under an id.
pub async fn list(
    db: &impl ConnectionTrait,
    after: Option<(DateTime<Utc>, JobId)>,
    limit: u64,
) -> Result<Vec<Job>, StoreError> {
    let mut dead = Entity::find().filter(Column::State.eq("dead"));
    if let Some((at, id)) = after {
        let same_time = Condition::all().add(Column::CreatedAt.eq(at)).add(Column::Id.gt(id.as_uuid()));
        dead = dead.filter(Condition::any().add(Column::CreatedAt.gt(at)).add(same_time));
    }
    let dead = dead.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).limit(limit).all(db).await?;
    let read = |row: Model| {
        let Model { id, kind, payload, key, run_at, attempts, last_error, created_at, .. } = row;
        Job { id: Id::from_uuid(id), kind, payload, key, run_at, attempts, last_error, created_at }
    };
    Ok(dead.into_iter().map(read).collect())
}
