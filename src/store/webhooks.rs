//! Receivers of systems that are told what happens. Of a secret only its number is kept.

use super::StoreError;
use super::events::Cursor;
use crate::domain::ids::{ClientId, Id, OfficerId, WebhookId};
use crate::domain::webhook::EventType;
use chrono::{DateTime, Utc};
use entities::webhooks::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    pub id: WebhookId,
    /// The system that is told.
    pub client: ClientId,
    pub url: String,
    pub types: Vec<EventType>,
    /// Empty: all.
    pub areas: Vec<String>,
    pub secret_number: i32,
    pub old_secret_until: Option<DateTime<Utc>>,
    /// How far the feed was read for it.
    pub cursor: Cursor,
    pub added_by: OfficerId,
    pub added_at: DateTime<Utc>,
    /// `None`: the receiver has not said yet that it wants to be told.
    pub confirmed_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    /// Since when it takes nothing, and what it last answered.
    pub trouble_since: Option<DateTime<Utc>>,
    pub trouble: Option<String>,
}

pub async fn insert(db: &impl ConnectionTrait, webhook: &Webhook) -> Result<(), StoreError> {
    let types: Vec<&str> = webhook.types.iter().map(|event_type| event_type.as_str()).collect();
    let row = ActiveModel {
        id: Set(webhook.id.as_uuid()),
        client_id: Set(webhook.client.as_uuid()),
        url: Set(webhook.url.clone()),
        types: Set(json!(types)),
        areas: Set(json!(webhook.areas)),
        secret_number: Set(webhook.secret_number),
        old_secret_until: Set(webhook.old_secret_until),
        feed_cursor: Set(webhook.cursor.to_string()),
        added_by: Set(webhook.added_by.as_uuid()),
        added_at: Set(webhook.added_at),
        confirmed_at: Set(webhook.confirmed_at),
        ended_at: Set(webhook.ended_at),
        trouble_since: Set(webhook.trouble_since),
        trouble: Set(webhook.trouble.clone()),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

pub async fn find(db: &impl ConnectionTrait, id: WebhookId) -> Result<Option<Webhook>, StoreError> {
    Entity::find_by_id(id.as_uuid()).one(db).await?.map(read).transpose()
}

/// From the newest back, after the id `after`.
pub async fn list(db: &impl ConnectionTrait, after: Option<WebhookId>, most: u64) -> Result<Vec<Webhook>, StoreError> {
    let mut query = Entity::find().order_by_desc(Column::Id).limit(most);
    if let Some(after) = after {
        query = query.filter(Column::Id.lt(after.as_uuid()));
    }
    query.all(db).await?.into_iter().map(read).collect()
}

/// Those that are told: confirmed and not ended, the oldest first.
pub async fn told(db: &impl ConnectionTrait) -> Result<Vec<Webhook>, StoreError> {
    let told = Entity::find().filter(Column::ConfirmedAt.is_not_null()).filter(Column::EndedAt.is_null());
    told.order_by_asc(Column::Id).all(db).await?.into_iter().map(read).collect()
}

/// The feed was read on for it. `false` where somebody else did that first, or where it has ended.
pub async fn move_cursor(
    db: &impl ConnectionTrait,
    id: WebhookId,
    (from, to): (Cursor, Cursor),
) -> Result<bool, StoreError> {
    let moved = ActiveModel { feed_cursor: Set(to.to_string()), ..Default::default() };
    let there = Entity::update_many().set(moved).filter(Column::Id.eq(id.as_uuid())).filter(Column::EndedAt.is_null());
    Ok(there.filter(Column::FeedCursor.eq(from.to_string())).exec(db).await?.rows_affected == 1)
}

/// The receiver wants to be told.
pub async fn confirm(db: &impl ConnectionTrait, id: WebhookId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let confirmed = ActiveModel { confirmed_at: Set(Some(now)), ..Default::default() };
    let waiting = Entity::update_many().filter(Column::Id.eq(id.as_uuid())).filter(Column::ConfirmedAt.is_null());
    waiting.set(confirmed).exec(db).await?;
    Ok(())
}

/// From now on it signs with this secret, and until then with the one before too.
pub async fn rotate(
    db: &impl ConnectionTrait,
    id: WebhookId,
    (number, old_until): (i32, DateTime<Utc>),
) -> Result<(), StoreError> {
    let rotated =
        ActiveModel { secret_number: Set(number), old_secret_until: Set(Some(old_until)), ..Default::default() };
    Entity::update_many().set(rotated).filter(Column::Id.eq(id.as_uuid())).exec(db).await?;
    Ok(())
}

/// `false` when it had ended before.
pub async fn end(db: &impl ConnectionTrait, id: WebhookId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let ended = ActiveModel { ended_at: Set(Some(now)), ..Default::default() };
    let open = Entity::update_many().filter(Column::Id.eq(id.as_uuid())).filter(Column::EndedAt.is_null());
    Ok(open.set(ended).exec(db).await?.rows_affected == 1)
}

/// It did not take what it was sent: since now, or since whenever that began.
pub async fn in_trouble(
    db: &impl ConnectionTrait,
    id: WebhookId,
    (now, answer): (DateTime<Utc>, &str),
) -> Result<(), StoreError> {
    let one = || Entity::update_many().filter(Column::Id.eq(id.as_uuid()));
    let since = ActiveModel { trouble_since: Set(Some(now)), ..Default::default() };
    one().filter(Column::TroubleSince.is_null()).set(since).exec(db).await?;
    one().set(ActiveModel { trouble: Set(Some(answer.to_owned())), ..Default::default() }).exec(db).await?;
    Ok(())
}

/// It took what it was sent.
pub async fn out_of_trouble(db: &impl ConnectionTrait, id: WebhookId) -> Result<(), StoreError> {
    let sound = ActiveModel { trouble_since: Set(None), trouble: Set(None), ..Default::default() };
    let in_trouble =
        Entity::update_many().filter(Column::Id.eq(id.as_uuid())).filter(Column::TroubleSince.is_not_null());
    in_trouble.set(sound).exec(db).await?;
    Ok(())
}

fn read(row: Model) -> Result<Webhook, StoreError> {
    let corrupt = |what: &'static str| StoreError::Corrupt { what };
    let types: Vec<String> =
        serde_json::from_value(row.types).map_err(|_unreadable| corrupt("the types of a webhook"))?;
    let types = types.iter().map(|name| name.parse()).collect::<Result<_, _>>();
    Ok(Webhook {
        id: Id::from_uuid(row.id),
        client: Id::from_uuid(row.client_id),
        url: row.url,
        types: types.map_err(|_unknown| corrupt("a type of a webhook"))?,
        areas: serde_json::from_value(row.areas).map_err(|_unreadable| corrupt("the areas of a webhook"))?,
        secret_number: row.secret_number,
        old_secret_until: row.old_secret_until,
        cursor: row.feed_cursor.parse().map_err(|_unreadable| corrupt("the cursor of a webhook"))?,
        added_by: Id::from_uuid(row.added_by),
        added_at: row.added_at,
        confirmed_at: row.confirmed_at,
        ended_at: row.ended_at,
        trouble_since: row.trouble_since,
        trouble: row.trouble,
    })
}
