//! `POST /api/v1/markers/{id}/end`

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::live_calls::{self, MarkerView};
use crate::domain::ids::MarkerId;
use actix_web::post;
use actix_web::web::{Data, Json, Path};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MarkerEnd {
    /// Why it ends.
    reason: String,
}

/// Ends a marker now; that it stood stays on file. Ending it twice changes nothing.
#[utoipa::path(tag = "calls", params(("id" = uuid::Uuid, Path)), request_body = MarkerEnd, responses(
    (status = 200, description = "As it stands now", body = MarkerView),
    (status = 403, description = "`named-person-required`, `wrong-role` or `complained-about`"),
    (status = 404, description = "No such marker"),
    (status = 422, description = "Without a reason")))]
#[post("/markers/{id}/end")]
pub(crate) async fn end(
    app: Data<App>,
    caller: SignedIn,
    id: Path<MarkerId>,
    body: Body<MarkerEnd>,
) -> Result<Json<MarkerView>, Problem> {
    let reason = body.into_inner().reason;
    Ok(Json(live_calls::end_marker(&app, &caller.actor, id.into_inner(), reason).await?))
}
