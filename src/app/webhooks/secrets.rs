//! The secrets of a webhook. None is stored: each is derived from the first key of this database and the webhook's own
//! number of it, so that it goes along with a backup and is found nowhere else.

use super::Webhook;
use crate::app::{App, AppError, derived_secret};
use crate::domain::ids::WebhookId;
use crate::webhooks::Secret;

/// The secret of this number.
pub(super) async fn secret(app: &App, id: WebhookId, number: i32) -> Result<Secret, AppError> {
    let derived = derived_secret(app, &format!("webhook/{id}/{number}")).await?;
    let bytes = hex::decode(derived).map_err(|error| AppError::broken("deriving a secret", error))?;
    Ok(Secret::new(bytes))
}

/// Those that count now, the newest first.
pub(super) async fn in_force(app: &App, webhook: &Webhook) -> Result<Vec<Secret>, AppError> {
    let mut secrets = vec![secret(app, webhook.id, webhook.secret_number).await?];
    if webhook.old_secret_until.is_some_and(|until| app.now() < until) {
        secrets.push(secret(app, webhook.id, webhook.secret_number - 1).await?);
    }
    Ok(secrets)
}
