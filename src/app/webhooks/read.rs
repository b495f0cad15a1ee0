//! Webhooks and what became of their deliveries, for whoever looks after them.

use super::{Delivery, DeliveryState, Webhook, administrator};
use crate::app::{App, AppError};
use crate::domain::access::{Actor, System};
use crate::domain::ids::{EventId, WebhookId};
use crate::store::{clients, webhook_deliveries, webhooks};
use sea_orm::ConnectionTrait;

/// A webhook with whose it is and how much lies undone.
#[derive(Clone, Debug)]
pub struct ShownWebhook {
    pub webhook: Webhook,
    /// The name of the system.
    pub system: String,
    pub waiting: u64,
    pub dead: u64,
}

/// The newest first, after one of them.
///
/// # Errors
/// `wrong-role`.
pub async fn list_webhooks(
    app: &App,
    actor: &Actor,
    after: Option<WebhookId>,
    most: u64,
) -> Result<Vec<ShownWebhook>, AppError> {
    administrator(actor)?;
    let db = app.store.reader();
    let mut shown = Vec::new();
    for webhook in webhooks::list(db, after, most).await? {
        shown.push(show(db, webhook).await?);
    }
    Ok(shown)
}

/// # Errors
/// `wrong-role`; not found.
pub async fn find_webhook(app: &App, actor: &Actor, id: WebhookId) -> Result<ShownWebhook, AppError> {
    administrator(actor)?;
    let db = app.store.reader();
    let webhook = webhooks::find(db, id).await?.ok_or(AppError::NotFound)?;
    show(db, webhook).await
}

/// What a receiver was told, from the newest event back, after one of them.
///
/// # Errors
/// `wrong-role`; not found.
pub async fn list_deliveries(
    app: &App,
    actor: &Actor,
    (id, state): (WebhookId, Option<DeliveryState>),
    (after, most): (Option<EventId>, u64),
) -> Result<Vec<Delivery>, AppError> {
    administrator(actor)?;
    let db = app.store.reader();
    webhooks::find(db, id).await?.ok_or(AppError::NotFound)?;
    Ok(webhook_deliveries::list(db, (id, state), after, most).await?)
}

/// The systems that may have a webhook.
///
/// # Errors
/// `wrong-role`.
pub async fn receivers(app: &App, actor: &Actor) -> Result<Vec<System>, AppError> {
    administrator(actor)?;
    let all = clients::all(app.store.reader()).await?;
    Ok(all.into_iter().filter(|found| found.active).map(|found| found.system).collect())
}

async fn show(db: &impl ConnectionTrait, webhook: Webhook) -> Result<ShownWebhook, AppError> {
    let system = clients::find(db, webhook.client).await?.map(|found| found.system.name).unwrap_or_default();
    let waiting = webhook_deliveries::count(db, webhook.id, DeliveryState::Waiting).await?;
    let dead = webhook_deliveries::count(db, webhook.id, DeliveryState::Dead).await?;
    Ok(ShownWebhook { webhook, system, waiting, dead })
}
