//! `POST /api/v1/nominations/{id}/leaving`

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::callers::leave_nomination;
use crate::domain::ids::NominationId;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Leaving {
    /// Why nothing is done.
    reason: String,
}

/// Somebody looked at a nomination of a caller and leaves it there, with a reason. A later nomination is a new one.
#[utoipa::path(tag = "callers", params(("id" = uuid::Uuid, Path)), request_body = Leaving, responses(
    (status = 204, description = "Left"),
    (status = 404, description = "No such nomination of a caller"),
    (status = 409, description = "`nomination-looked-at`"),
    (status = 422, description = "No reason")))]
#[post("/nominations/{id}/leaving")]
pub(crate) async fn leave(
    app: Data<App>,
    caller: SignedIn,
    id: Path<NominationId>,
    body: Body<Leaving>,
) -> Result<HttpResponse, Problem> {
    leave_nomination(&app, &caller.actor, id.into_inner(), &body.into_inner().reason).await?;
    Ok(HttpResponse::NoContent().finish())
}
