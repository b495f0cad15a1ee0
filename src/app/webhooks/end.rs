//! A receiver is told nothing more.

use super::{Webhook, administrator, remember};
use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::domain::ids::WebhookId;
use crate::store::webhooks;
use serde_json::json;

/// Ends a webhook now. What waits for it is not sent. Ending it twice changes nothing.
///
/// # Errors
/// `wrong-role`; not found.
pub async fn end_webhook(app: &App, actor: &Actor, id: WebhookId) -> Result<Webhook, AppError> {
    administrator(actor)?;
    let (inner, actor) = (app.clone(), actor.clone());
    let ended = app.store.write(async move |tx| {
        let mut webhook = webhooks::find(tx, id).await?.ok_or(AppError::NotFound)?;
        let now = inner.now();
        if webhooks::end(tx, id, now).await? {
            webhook.ended_at = Some(now);
            remember(&inner, tx, &actor, &webhook, ("webhook_ended", json!({ "webhook": id }))).await?;
        }
        Ok::<_, AppError>(webhook)
    });
    Ok(ended.await?)
}
