//! A webhook and its deliveries as the API shows them.

use crate::app::webhooks::{Attempt, Delivery, DeliveryState, ShownWebhook, Webhook};
use crate::domain::ids::{ClientId, EventId, OfficerId, WebhookId};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// A receiver that is told what happens. Its secret is shown once, when it is made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Webhook)]
pub(super) struct WebhookView {
    pub(super) id: WebhookId,
    /// The system it belongs to, and to which every delivery is a disclosure.
    system_id: ClientId,
    #[schema(example = "https://hooks.example.police.uk/evenhand")]
    url: String,
    #[schema(example = json!(["psd.consultation.requested.v1"]))]
    types: Vec<&'static str>,
    /// Areas and units whose cases it is told of; empty: all.
    areas: Vec<String>,
    added_by: OfficerId,
    added_at: DateTime<Utc>,
    /// Absent while the receiver has not said that it wants to be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    confirmed_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<DateTime<Utc>>,
    /// Until then the secret before signs too.
    #[serde(skip_serializing_if = "Option::is_none")]
    old_secret_until: Option<DateTime<Utc>>,
    /// Since when it takes nothing; absent where it took what it was last sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble_since: Option<DateTime<Utc>>,
    /// The status it last answered, or a word for what was in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "timed_out")]
    trouble: Option<String>,
}

/// The same with the name of the system and how much lies undone.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WebhookWithDeliveries)]
pub(super) struct ShownView {
    #[serde(flatten)]
    pub(super) webhook: WebhookView,
    /// The name of the system.
    system: String,
    /// Deliveries that wait, and deliveries that were given up.
    waiting: u64,
    dead: u64,
}

/// A webhook with the only copy of its secret.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WebhookWithSecret)]
pub(super) struct SecretView {
    #[serde(flatten)]
    pub(super) webhook: WebhookView,
    /// Shown now and never again.
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    secret: String,
}

/// One event for a receiver.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WebhookDelivery)]
pub(super) struct DeliveryView {
    /// The id of the event: what the receiver is sent as `webhook-id`.
    pub(super) id: EventId,
    #[serde(rename = "type")]
    #[schema(example = "psd.consultation.requested.v1")]
    event_type: String,
    /// `waiting`, `delivered` or `dead`.
    #[schema(value_type = String, example = "dead")]
    state: DeliveryState,
    made_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_at: Option<DateTime<Utc>>,
    /// Oldest first.
    attempts: Vec<AttemptView>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = WebhookAttempt)]
pub(super) struct AttemptView {
    at: DateTime<Utc>,
    /// A status, or a word for what was in the way: `timed_out`, `unreachable`, `unresolved`, `out_of_reach`,
    /// `not_allowed`, `redirected`, `withdrawn`, `not_sent`.
    #[schema(example = "503")]
    answer: String,
}

impl From<Webhook> for WebhookView {
    fn from(webhook: Webhook) -> Self {
        Self {
            id: webhook.id,
            system_id: webhook.client,
            url: webhook.url,
            types: webhook.types.into_iter().map(|event_type| event_type.as_str()).collect(),
            areas: webhook.areas,
            added_by: webhook.added_by,
            added_at: webhook.added_at,
            confirmed_at: webhook.confirmed_at,
            ended_at: webhook.ended_at,
            old_secret_until: webhook.old_secret_until,
            trouble_since: webhook.trouble_since,
            trouble: webhook.trouble,
        }
    }
}

impl From<ShownWebhook> for ShownView {
    fn from(shown: ShownWebhook) -> Self {
        let ShownWebhook { webhook, system, waiting, dead } = shown;
        Self { webhook: webhook.into(), system, waiting, dead }
    }
}

impl From<(Webhook, String)> for SecretView {
    fn from((webhook, secret): (Webhook, String)) -> Self {
        Self { webhook: webhook.into(), secret }
    }
}

impl From<Delivery> for DeliveryView {
    fn from(delivery: Delivery) -> Self {
        let attempt = |Attempt { at, answer }| AttemptView { at, answer };
        Self {
            id: delivery.event,
            event_type: delivery.event_type,
            state: delivery.state,
            made_at: delivery.made_at,
            next_at: delivery.next_at,
            attempts: delivery.attempts.into_iter().map(attempt).collect(),
        }
    }
}
