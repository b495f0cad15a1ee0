//! Events that lose what they said.

use crate::domain::case::{DisposedEvent, DisposedStream};
use crate::domain::ids::EventId;
use crate::store::events::hash_of_row;
use crate::store::{StoreError, Tx};
use entities::events::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

const MARKER: &str = "disposedBy";

/// What stands in the place of what an event said: the event that says it was disposed of.
pub fn marker(by: EventId) -> Value {
    json!({ MARKER: by })
}

/// The event that says this one was disposed of, where this is a marker.
pub fn is_disposed(data: &Value) -> Option<EventId> {
    let fields = data.as_object().filter(|fields| fields.len() == 1)?;
    fields.get(MARKER)?.as_str()?.parse().ok()
}

/// The hash over what is left of an event.
pub fn left_hash(row: &Model) -> String {
    hash_of_row(&row.prev_hash, row)
}

/// Takes from every event of these streams what it said, but from those disposed of before. Answers which.
pub async fn blank(tx: &Tx, streams: &[Uuid], by: EventId) -> Result<Vec<DisposedStream>, StoreError> {
    let mut disposed: BTreeMap<(String, Uuid), Vec<DisposedEvent>> = BTreeMap::new();
    let mut ids = Vec::new();
    for some in streams.chunks(500) {
        let rows = Entity::find().filter(Column::StreamId.is_in(some.iter().copied())).order_by_asc(Column::Seq);
        for row in rows.all(tx).await?.into_iter().filter(|row| is_disposed(&row.data).is_none()) {
            let left = Model { data: marker(by), ..row };
            let event = DisposedEvent { seq: left.seq, hash: left.hash.clone(), left: left_hash(&left) };
            ids.push(left.id);
            disposed.entry((left.stream, left.stream_id)).or_default().push(event);
        }
    }
    for some in ids.chunks(1_000) {
        let change = ActiveModel { data: Set(marker(by)), ..Default::default() };
        Entity::update_many().set(change).filter(Column::Id.is_in(some.iter().copied())).exec(tx).await?;
    }
    let stream = |((stream, id), events): ((String, Uuid), Vec<DisposedEvent>)| DisposedStream { stream, id, events };
    Ok(disposed.into_iter().map(stream).collect())
}
