//! The feed of events is read for each receiver, and what it asked for becomes deliveries. Nothing of this happens where
//! events are written: it costs them nothing, and where there is no webhook, one look at an empty table.

use super::deliver::{delivering, next_try};
use super::telling::{Telling, tellings};
use super::{Delivery, DeliveryState, EventType, Webhook, may_be_told};
use crate::app::{App, AppError};
use crate::domain::webhook::{concerns, is_within};
use crate::store::events::{self, Cursor};
use crate::store::jobs::{self, NewJob};
use crate::store::{clients, webhook_deliveries, webhooks};
use chrono::Duration;
use std::collections::BTreeSet;

/// Events read at once.
const AT_ONCE: u64 = 500;
/// So long what was taken is shown in the log of deliveries.
const KEPT_FOR: Duration = Duration::days(30);

/// Makes deliveries of what happened since the last time. Several workers may do it at the same time: the event and the
/// receiver name a delivery, and how far the feed was read moves on in the same transaction.
///
/// # Errors
/// When the database fails.
pub async fn tell_webhooks(app: &App) -> Result<(), AppError> {
    for mut webhook in webhooks::told(app.store.reader()).await? {
        while let Some(next) = Box::pin(read_on(app, &webhook)).await? {
            webhook.cursor = next;
        }
    }
    Ok(())
}

/// Reads some events for one receiver. `None`: there are no more, or somebody else reads them.
async fn read_on(app: &App, webhook: &Webhook) -> Result<Option<Cursor>, AppError> {
    let db = app.store.reader();
    let found = events::feed(db, webhook.cursor, AT_ONCE).await?;
    let Some(next) = found.last().map(|(cursor, _)| *cursor) else { return Ok(None) };
    let (told, areas) = told_now(app, webhook).await?;
    let events = found.into_iter().map(|(_, event)| event).collect();
    let mut deliveries = Vec::new();
    for telling in tellings(db, events).await? {
        let is_theirs = concerns(&webhook.areas, &telling.data) && is_within(&areas, &telling.data);
        if told.contains(&telling.event_type) && is_theirs {
            deliveries.push(delivery(app, webhook, &telling)?);
        }
    }
    let mut jobs: Vec<NewJob> = deliveries.iter().map(|delivery| delivering(app, delivery)).collect();
    let (id, from, inner) = (webhook.id, webhook.cursor, app.clone());
    let kept = app.store.write(async move |tx| {
        if !webhooks::move_cursor(tx, id, (from, next)).await? {
            return Ok(None);
        }
        webhook_deliveries::insert_many(tx, &deliveries).await?;
        // What comes while a receiver is in trouble waits with the rest.
        if let Some(at) = next_try(&inner, tx, id).await? {
            jobs.iter_mut().for_each(|job| job.run_at = at.max(job.run_at));
        }
        jobs::enqueue(tx, jobs).await?;
        Ok::<_, AppError>(Some(next))
    });
    Ok(kept.await?)
}

/// The types it asked for and its system may be told now, and the areas of its system.
async fn told_now(app: &App, webhook: &Webhook) -> Result<(Vec<EventType>, BTreeSet<String>), AppError> {
    let found = clients::find(app.store.reader(), webhook.client).await?.filter(|found| found.active);
    let Some(system) = found.map(|found| found.system) else { return Ok((Vec::new(), BTreeSet::new())) };
    let told = webhook.types.iter().copied().filter(|event_type| may_be_told(&system, *event_type)).collect();
    Ok((told, system.areas))
}

fn delivery(app: &App, webhook: &Webhook, telling: &Telling) -> Result<Delivery, AppError> {
    Ok(Delivery {
        webhook: webhook.id,
        event: telling.event.id,
        event_type: telling.event_type.as_str().to_owned(),
        object: telling.object.to_owned(),
        object_id: telling.object_id,
        body: telling.body(&app.settings.public_url)?,
        state: DeliveryState::Waiting,
        tries: 0,
        attempts: Vec::new(),
        made_at: app.now(),
        next_at: Some(app.now()),
    })
}

/// Forgets what was taken long ago. What lies dead stays.
///
/// # Errors
/// When the database fails.
pub async fn forget_old_deliveries(app: &App) -> Result<(), AppError> {
    let before = app.now() - KEPT_FOR;
    app.store
        .write(async move |tx| webhook_deliveries::forget_delivered(tx, before).await.map_err(AppError::from))
        .await?;
    Ok(())
}
