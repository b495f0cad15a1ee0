//! `GET /api/v1/outgoing/{id}`

use crate::api::auth::SignedIn;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::outbox::{OutgoingLog, explain_outgoing};
use crate::domain::ids::OutgoingId;
use actix_web::get;
use actix_web::web::{Data, Json, Path};

/// A mail of ours and its log: queued, waiting, each attempt with the server's answer and how long it took, sent, given
/// up, taken back, and what was reported of it. What servers answer may name the address it went to.
#[utoipa::path(tag = "operation", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, description = "The mail's way", body = OutgoingLog),
    (status = 404, description = "No such mail")))]
#[get("/outgoing/{id}")]
pub(crate) async fn explain(
    app: Data<App>,
    caller: SignedIn,
    id: Path<OutgoingId>,
) -> Result<Json<OutgoingLog>, Problem> {
    Ok(Json(explain_outgoing(&app, &caller.actor, id.into_inner()).await?))
}
