//! `POST /api/v1/screener/decisions/{id}/reversal`

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::contacts::screener::{self, DecisionView};
use actix_web::post;
use actix_web::web::{Data, Json, Path};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ScreeningReversal {
    #[schema(example = "The newsletter's address is a person's after all.")]
    reason: String,
}

/// Takes a decision about a sender back. What it attributed, and nobody attributed otherwise since, is nobody's again; the
/// address it put on file is the person's no longer; mail of the sender is asked about again.
#[utoipa::path(tag = "contacts", params(("id" = uuid::Uuid, Path)), request_body = ScreeningReversal, responses(
    (status = 200, description = "The decision, reversed", body = DecisionView),
    (status = 404, description = "No such decision"),
    (status = 409, description = "`already-reversed`"),
    (status = 422, description = "No reason")))]
#[post("/screener/decisions/{id}/reversal")]
pub(crate) async fn reverse(
    app: Data<App>,
    caller: SignedIn,
    id: Path<Uuid>,
    body: Body<ScreeningReversal>,
) -> Result<Json<DecisionView>, Problem> {
    let reason = body.into_inner().reason;
    Ok(Json(screener::reverse_decision(&app, &caller.actor, id.into_inner(), reason).await?))
}
