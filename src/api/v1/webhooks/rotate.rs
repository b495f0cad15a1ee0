//! `POST /api/v1/webhooks/{id}/secret`

use super::view::SecretView;
use crate::api::auth::SignedIn;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::webhooks::rotate_secret;
use crate::domain::ids::WebhookId;
use actix_web::post;
use actix_web::web::{Data, Json, Path};

/// A new secret. For 24 hours each delivery is signed with both, the newer first. It is in this answer and never again.
#[utoipa::path(tag = "webhooks", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, description = "The webhook with its new secret", body = SecretView),
    (status = 404, description = "No such webhook, or it has ended")))]
#[post("/webhooks/{id}/secret")]
pub(crate) async fn rotate(app: Data<App>, caller: SignedIn, id: Path<WebhookId>) -> Result<Json<SecretView>, Problem> {
    Ok(Json(Box::pin(rotate_secret(&app, &caller.actor, id.into_inner())).await?.into()))
}
