//! A webhook gets a new secret; the one before counts for another day.

use super::secrets::secret;
use super::{Webhook, administrator, remember};
use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::domain::ids::WebhookId;
use crate::store::webhooks;
use chrono::Duration;
use serde_json::json;

/// So long the receiver may take to know the new secret.
const OLD_COUNTS_FOR: Duration = Duration::hours(24);

/// Answers the webhook with the only copy of its new secret.
///
/// # Errors
/// `wrong-role`; not found, or ended.
pub async fn rotate_secret(app: &App, actor: &Actor, id: WebhookId) -> Result<(Webhook, String), AppError> {
    administrator(actor)?;
    let (inner, actor) = (app.clone(), actor.clone());
    let rotated = app.store.write(async move |tx| {
        // Two who rotate at the same time must not be told the same secret.
        crate::store::hold(tx, &[id.as_uuid()]).await?;
        let found = webhooks::find(tx, id).await?.filter(|webhook| webhook.ended_at.is_none());
        let mut webhook = found.ok_or(AppError::NotFound)?;
        let until = inner.now() + OLD_COUNTS_FOR;
        (webhook.secret_number, webhook.old_secret_until) = (webhook.secret_number + 1, Some(until));
        webhooks::rotate(tx, id, (webhook.secret_number, until)).await?;
        let data = json!({ "webhook": id, "oldUntil": until });
        remember(&inner, tx, &actor, &webhook, ("webhook_secret_rotated", data)).await?;
        Ok::<_, AppError>(webhook)
    });
    let webhook = rotated.await?;
    let shown = secret(app, id, webhook.secret_number).await?.shown_once();
    Ok((webhook, shown))
}
