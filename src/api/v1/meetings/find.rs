//! `GET /api/v1/meetings/{id}`

use crate::api::auth::SignedIn;
use crate::api::etag::etag;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::meetings::{self, MeetingView};
use crate::domain::ids::MeetingId;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};

/// One meeting with its agenda: frequency, demand and behaviour of each person on it.
#[utoipa::path(tag = "meetings", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, description = "The meeting; its version is in the ETag", body = MeetingView),
    (status = 404, description = "No such meeting")))]
#[get("/meetings/{id}")]
pub(crate) async fn find(app: Data<App>, caller: SignedIn, id: Path<MeetingId>) -> Result<HttpResponse, Problem> {
    let view = meetings::find_meeting(&app, &caller.actor, id.into_inner()).await?;
    Ok(HttpResponse::Ok().insert_header(etag(view.version)).json(view))
}
