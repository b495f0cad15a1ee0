//! `POST /api/v1/outgoing/{id}/cancel`

use crate::api::auth::SignedIn;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::outbox::{OutgoingView, cancel_mail};
use crate::domain::ids::OutgoingId;
use actix_web::post;
use actix_web::web::{Data, Json, Path};

/// Takes a mail back while it waits, by whoever sent it or a supervisor. The case does not go back with it: a task asks
/// how the person is told. Taking it back twice changes nothing.
#[utoipa::path(tag = "operation", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, description = "It is not sent", body = OutgoingView),
    (status = 404, description = "No such mail, or none of yours"),
    (status = 409, description = "`mail-not-waiting`")))]
#[post("/outgoing/{id}/cancel")]
pub(crate) async fn cancel(
    app: Data<App>,
    caller: SignedIn,
    id: Path<OutgoingId>,
) -> Result<Json<OutgoingView>, Problem> {
    Ok(Json(cancel_mail(&app, &caller.actor, id.into_inner()).await?))
}
