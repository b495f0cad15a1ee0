//! `POST /api/v1/webhooks/{id}/end`

use super::view::WebhookView;
use crate::api::auth::SignedIn;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::webhooks::end_webhook;
use crate::domain::ids::WebhookId;
use actix_web::post;
use actix_web::web::{Data, Json, Path};

/// Nothing more is told. What waits is not sent. Ending it twice changes nothing.
#[utoipa::path(tag = "webhooks", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, description = "As it stands now", body = WebhookView),
    (status = 404, description = "No such webhook")))]
#[post("/webhooks/{id}/end")]
pub(crate) async fn end(app: Data<App>, caller: SignedIn, id: Path<WebhookId>) -> Result<Json<WebhookView>, Problem> {
    Ok(Json(Box::pin(end_webhook(&app, &caller.actor, id.into_inner())).await?.into()))
}
