//! What each receiver was told, is being told, or did not take.

use super::{StoreError, Tx};
use crate::domain::ids::{EventId, Id, WebhookId};
use chrono::{DateTime, Utc};
use entities::webhook_deliveries::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

/// An event for a receiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub webhook: WebhookId,
    pub event: EventId,
    /// `psd.contact.recorded.v1`.
    pub event_type: String,
    /// What it is about: `case`, `contact`, `meeting`.
    pub object: String,
    pub object_id: Uuid,
    /// JSON as it is sent and signed, letter by letter.
    pub body: String,
    pub state: DeliveryState,
    /// Attempts of this life.
    pub tries: i32,
    /// All attempts, oldest first.
    pub attempts: Vec<Attempt>,
    pub made_at: DateTime<Utc>,
    pub next_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    Waiting,
    Delivered,
    Dead,
}

impl DeliveryState {
    pub fn as_str(self) -> &'static str {
        match self {
            DeliveryState::Waiting => "waiting",
            DeliveryState::Delivered => "delivered",
            DeliveryState::Dead => "dead",
        }
    }
}

/// One attempt to hand an event over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    pub at: DateTime<Utc>,
    /// `204`, or a word for what was in the way: `timed_out`.
    pub answer: String,
}

/// Keeps new deliveries; one that is there already is left as it is.
pub async fn insert_many(tx: &Tx, deliveries: &[Delivery]) -> Result<(), StoreError> {
    for some in deliveries.chunks(ROWS_A_STATEMENT) {
        let there = OnConflict::columns([Column::WebhookId, Column::EventId]).do_nothing().to_owned();
        Entity::insert_many(some.iter().map(write)).on_conflict(there).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// SQLite binds at most 32,766 values a statement.
const ROWS_A_STATEMENT: usize = 1_000;

pub async fn find(
    db: &impl ConnectionTrait,
    webhook: WebhookId,
    event: EventId,
) -> Result<Option<Delivery>, StoreError> {
    Entity::find_by_id((webhook.as_uuid(), event.as_uuid())).one(db).await?.map(read).transpose()
}

/// Those of a receiver from the newest event back, after the event `after`.
pub async fn list(
    db: &impl ConnectionTrait,
    (webhook, state): (WebhookId, Option<DeliveryState>),
    after: Option<EventId>,
    most: u64,
) -> Result<Vec<Delivery>, StoreError> {
    let mut query = Entity::find().filter(Column::WebhookId.eq(webhook.as_uuid()));
    if let Some(state) = state {
        query = query.filter(Column::State.eq(state.as_str()));
    }
    if let Some(after) = after {
        query = query.filter(Column::EventId.lt(after.as_uuid()));
    }
    query.order_by_desc(Column::EventId).limit(most).all(db).await?.into_iter().map(read).collect()
}

/// The dead ones of a receiver that were made at or after `since`, oldest first, at most `most`.
pub async fn dead_since(
    db: &impl ConnectionTrait,
    webhook: WebhookId,
    since: DateTime<Utc>,
    most: u64,
) -> Result<Vec<Delivery>, StoreError> {
    let dead = Entity::find().filter(Column::WebhookId.eq(webhook.as_uuid())).filter(Column::State.eq("dead"));
    let dead = dead.filter(Column::MadeAt.gte(since)).order_by_asc(Column::EventId).limit(most);
    dead.all(db).await?.into_iter().map(read).collect()
}

pub async fn count(db: &impl ConnectionTrait, webhook: WebhookId, state: DeliveryState) -> Result<u64, StoreError> {
    let theirs = Entity::find().filter(Column::WebhookId.eq(webhook.as_uuid()));
    Ok(theirs.filter(Column::State.eq(state.as_str())).count(db).await?)
}

/// Writes how a delivery stands now: its state, its attempts and when it is tried next.
pub async fn save(db: &impl ConnectionTrait, delivery: &Delivery) -> Result<(), StoreError> {
    let stands = ActiveModel {
        state: Set(delivery.state.as_str().to_owned()),
        tries: Set(delivery.tries),
        attempts: Set(json!(delivery.attempts)),
        next_at: Set(delivery.next_at),
        ..Default::default()
    };
    let one = Entity::update_many().filter(Column::WebhookId.eq(delivery.webhook.as_uuid()));
    one.filter(Column::EventId.eq(delivery.event.as_uuid())).set(stands).exec(db).await?;
    Ok(())
}

/// Forgets what was taken and was made before `before`; says how many there were.
pub async fn forget_delivered(db: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<u64, StoreError> {
    let old = Entity::delete_many().filter(Column::State.eq("delivered")).filter(Column::MadeAt.lt(before));
    Ok(old.exec(db).await?.rows_affected)
}

fn write(delivery: &Delivery) -> ActiveModel {
    ActiveModel {
        webhook_id: Set(delivery.webhook.as_uuid()),
        event_id: Set(delivery.event.as_uuid()),
        event_type: Set(delivery.event_type.clone()),
        object: Set(delivery.object.clone()),
        object_id: Set(delivery.object_id),
        body: Set(delivery.body.clone()),
        state: Set(delivery.state.as_str().to_owned()),
        tries: Set(delivery.tries),
        attempts: Set(json!(delivery.attempts)),
        made_at: Set(delivery.made_at),
        next_at: Set(delivery.next_at),
    }
}

fn read(row: Model) -> Result<Delivery, StoreError> {
    let corrupt = |what: &'static str| StoreError::Corrupt { what };
    let states = [DeliveryState::Waiting, DeliveryState::Delivered, DeliveryState::Dead];
    let state = states.into_iter().find(|state| state.as_str() == row.state);
    Ok(Delivery {
        webhook: Id::from_uuid(row.webhook_id),
        event: Id::from_uuid(row.event_id),
        event_type: row.event_type,
        object: row.object,
        object_id: row.object_id,
        body: row.body,
        state: state.ok_or_else(|| corrupt("the state of a delivery"))?,
        tries: row.tries,
        attempts: serde_json::from_value(row.attempts).map_err(|_unreadable| corrupt("an attempt to deliver"))?,
        made_at: row.made_at,
        next_at: row.next_at,
    })
}
