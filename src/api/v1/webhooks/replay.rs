//! `POST /api/v1/webhooks/{id}/replay` and `POST /api/v1/webhooks/{id}/deliveries/{delivery}/replay`

use super::view::DeliveryView;
use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::webhooks::{replay_dead, replay_delivery};
use crate::domain::ids::{EventId, WebhookId};
use actix_web::post;
use actix_web::web::{Data, Json, Path};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Replay {
    /// What was made before is left; absent: all of it.
    since: Option<DateTime<Utc>>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Replayed {
    /// How many are sent again.
    replayed: usize,
}

/// Sends again what was given up, the oldest first, up to 1,000 at once. Ids and contents stay as they were; a receiver
/// that had one already knows it by `webhook-id`.
#[utoipa::path(tag = "webhooks", params(("id" = uuid::Uuid, Path)), request_body = Replay, responses(
    (status = 200, description = "They wait to be sent", body = Replayed),
    (status = 404, description = "No such webhook, or it has ended")))]
#[post("/webhooks/{id}/replay")]
pub(crate) async fn all(
    app: Data<App>,
    caller: SignedIn,
    id: Path<WebhookId>,
    body: Body<Replay>,
) -> Result<Json<Replayed>, Problem> {
    let since = body.into_inner().since;
    let replayed = Box::pin(replay_dead(&app, &caller.actor, (id.into_inner(), since))).await?;
    Ok(Json(Replayed { replayed }))
}

/// Sends one dead delivery again, from the beginning of its tries.
#[utoipa::path(tag = "webhooks", params(("id" = uuid::Uuid, Path), ("delivery" = uuid::Uuid, Path)), responses(
    (status = 200, description = "It waits to be sent", body = DeliveryView),
    (status = 404, description = "No such dead delivery")))]
#[post("/webhooks/{id}/deliveries/{delivery}/replay")]
pub(crate) async fn one(
    app: Data<App>,
    caller: SignedIn,
    of: Path<(WebhookId, EventId)>,
) -> Result<Json<DeliveryView>, Problem> {
    Ok(Json(Box::pin(replay_delivery(&app, &caller.actor, of.into_inner())).await?.into()))
}
