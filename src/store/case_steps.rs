//! Every step ever taken on a case, of all cases at once: what reports are made from.

use super::StoreError;
use super::events::Stream;
use crate::domain::access::ActorRef;
use crate::domain::case::Happening;
use crate::domain::ids::{CaseId, Id};
use chrono::{DateTime, Utc};
use entities::events::{Column, Entity, Model};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;

/// An action somebody took, or a clock that struck (`action` is empty then).
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub case: CaseId,
    pub at: DateTime<Utc>,
    pub by: ActorRef,
    pub action: String,
    pub from: String,
    pub to: String,
    pub input: Value,
}

const ROWS_A_PAGE: u64 = 2_000;

/// In the order they were taken. What was disposed of is left out.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Step>, StoreError> {
    let mut steps = Vec::new();
    let mut after = 0;
    loop {
        let page = Entity::find()
            .filter(Column::Stream.eq(Stream::Case.as_str()))
            .filter(Column::Kind.is_in(["acted", "struck"]))
            .filter(Column::Position.gt(after))
            .order_by_asc(Column::Position)
            .limit(ROWS_A_PAGE)
            .all(db)
            .await?;
        let Some(last) = page.last() else { return Ok(steps) };
        after = last.position;
        steps.extend(page.into_iter().filter_map(step));
    }
}

fn step(row: Model) -> Option<Step> {
    let by = serde_json::from_value(row.actor).ok()?;
    let (action, from, to, input) = match serde_json::from_value(row.data).ok()? {
        Happening::Acted { action, from, to, input, .. } => (action, from, to, input),
        Happening::Struck { from, to } => (String::new(), from, to, Value::Null),
        Happening::Opened { .. }
        | Happening::GuardFailed { .. }
        | Happening::Migrated { .. }
        | Happening::PersonLinked { .. }
        | Happening::Marked { .. }
        | Happening::LookedInto { .. }
        | Happening::Disposed { .. } => return None,
    };
    Some(Step { case: Id::from_uuid(row.stream_id), at: row.at, by, action, from, to, input })
}
