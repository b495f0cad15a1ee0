//! Webhooks: other systems are told that something happened, never what. An administrator names a receiver; it says that
//! it wants to be told; from then on the feed of events is read for it, and each event of its types becomes a delivery
//! that is signed, tried again, and at last lies dead until somebody has it sent again.

mod add;
mod deliver;
mod end;
mod greet;
mod read;
mod replay;
mod rotate;
mod secrets;
mod tell;
mod telling;

pub use add::{NewWebhook, add_webhook};
pub use deliver::{DELIVER_WEBHOOK, deliver_webhooks, give_up_delivery};
pub use end::end_webhook;
pub use greet::{GREET_WEBHOOK, greet_webhooks};
pub use read::{ShownWebhook, find_webhook, list_deliveries, list_webhooks, receivers};
pub use replay::{replay_dead, replay_delivery};
pub use rotate::rotate_secret;
pub use tell::{forget_old_deliveries, tell_webhooks};

pub use crate::domain::webhook::EventType;
pub use crate::store::webhook_deliveries::{Attempt, Delivery, DeliveryState};
pub use crate::store::webhooks::Webhook;

use crate::app::{App, AppError, rights};
use crate::domain::access::{Actor, Officer, Role, System};
use crate::store::Tx;
use crate::store::events::{self, NewEvent, Stream};
use serde_json::Value;

/// Who looks after webhooks.
fn administrator(actor: &Actor) -> Result<&Officer, AppError> {
    rights::officer_with(actor, &[Role::Admin])
}

/// Whether a system may be told of this.
fn may_be_told(system: &System, event_type: EventType) -> bool {
    event_type.scopes().iter().any(|scope| system.may(*scope))
}

/// Keeps in the history of the system that owns a webhook what was done with it.
async fn remember(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    webhook: &Webhook,
    (kind, data): (&str, Value),
) -> Result<(), AppError> {
    let event = NewEvent { id: app.new_id(), at: app.now(), actor: actor.reference(), kind: kind.to_owned(), data };
    events::append_next(tx, vec![(Stream::Client, webhook.client.as_uuid(), vec![event])]).await?;
    Ok(())
}
