//! `POST /api/v1/meetings/{id}/close`

use crate::api::auth::SignedIn;
use crate::api::etag::{IfMatch, etag};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::meetings::{self, MeetingView};
use crate::domain::ids::MeetingId;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};

/// Closes the meeting, once every item is decided or carried over.
#[utoipa::path(tag = "meetings",
    params(("id" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag as you read it")),
    responses(
    (status = 200, description = "Closed", body = MeetingView),
    (status = 409, description = "Items are undecided, or the meeting is not open"),
    (status = 412, description = "Changed since you read it"),
    (status = 428, description = "If-Match is missing")))]
#[post("/meetings/{id}/close")]
pub(crate) async fn close(
    app: Data<App>,
    caller: SignedIn,
    id: Path<MeetingId>,
    version: IfMatch,
) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    meetings::close_meeting(&app, &caller.actor, id, Some(version.0)).await?;
    let view = meetings::find_meeting(&app, &caller.actor, id).await?;
    Ok(HttpResponse::Ok().insert_header(etag(view.version)).json(view))
}
