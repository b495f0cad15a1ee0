//! Deliveries that were given up are sent again, because a person says so.

use super::deliver::delivering;
use super::{Delivery, DeliveryState, Webhook, administrator, remember};
use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::domain::ids::{EventId, WebhookId};
use crate::store::{Tx, jobs, webhook_deliveries, webhooks};
use chrono::{DateTime, Utc};
use serde_json::json;

/// So many are begun at once; the rest is asked for again.
const MOST: u64 = 1_000;

/// Sends one dead delivery again, from the beginning of its tries.
///
/// # Errors
/// `wrong-role`; not found where there is no such dead delivery, or the webhook has ended.
pub async fn replay_delivery(
    app: &App,
    actor: &Actor,
    (id, event): (WebhookId, EventId),
) -> Result<Delivery, AppError> {
    administrator(actor)?;
    let (inner, actor) = (app.clone(), actor.clone());
    let replayed = app.store.write(async move |tx| {
        let webhook = open(tx, id).await?;
        let found = webhook_deliveries::find(tx, id, event).await?;
        let dead = found.filter(|delivery| delivery.state == DeliveryState::Dead).ok_or(AppError::NotFound)?;
        let mut again = revive(&inner, tx, vec![dead]).await?;
        remember(&inner, tx, &actor, &webhook, ("webhook_replayed", json!({ "webhook": id, "event": event }))).await?;
        again.pop().ok_or(AppError::NotFound)
    });
    Ok(replayed.await?)
}

/// Sends again what was given up and was made at or after `since`, up to 1,000, the oldest first. Answers how many.
///
/// # Errors
/// `wrong-role`; not found, or ended.
pub async fn replay_dead(
    app: &App,
    actor: &Actor,
    (id, since): (WebhookId, Option<DateTime<Utc>>),
) -> Result<usize, AppError> {
    administrator(actor)?;
    let (inner, actor) = (app.clone(), actor.clone());
    let since = since.unwrap_or(DateTime::UNIX_EPOCH);
    let replayed = app.store.write(async move |tx| {
        let webhook = open(tx, id).await?;
        let dead = webhook_deliveries::dead_since(tx, id, since, MOST).await?;
        let count = revive(&inner, tx, dead).await?.len();
        if count > 0 {
            let data = json!({ "webhook": id, "since": since, "count": count });
            remember(&inner, tx, &actor, &webhook, ("webhook_replayed", data)).await?;
        }
        Ok::<_, AppError>(count)
    });
    Ok(replayed.await?)
}

/// The webhook, if it has not ended.
async fn open(tx: &Tx, id: WebhookId) -> Result<Webhook, AppError> {
    // Two who replay at the same time begin each delivery once.
    crate::store::hold(tx, &[id.as_uuid()]).await?;
    let found = webhooks::find(tx, id).await?.filter(|webhook| webhook.ended_at.is_none());
    found.ok_or(AppError::NotFound)
}

async fn revive(app: &App, tx: &Tx, dead: Vec<Delivery>) -> Result<Vec<Delivery>, AppError> {
    let mut revived = Vec::with_capacity(dead.len());
    for delivery in dead {
        let waiting = DeliveryState::Waiting;
        let again = Delivery { state: waiting, tries: 0, next_at: Some(app.now()), ..delivery };
        webhook_deliveries::save(tx, &again).await?;
        revived.push(again);
    }
    jobs::enqueue(tx, revived.iter().map(|delivery| delivering(app, delivery)).collect()).await?;
    Ok(revived)
}
