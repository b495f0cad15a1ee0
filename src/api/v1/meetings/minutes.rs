//! `GET /api/v1/meetings/{id}/minutes`

use crate::api::auth::SignedIn;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::meetings::{self, Minutes};
use crate::domain::ids::MeetingId;
use actix_web::get;
use actix_web::web::{Data, Json, Path};

/// The minutes: who was there, what was decided on whom, by whom, on what rationale.
#[utoipa::path(tag = "meetings", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, description = "The minutes as they stand", body = Minutes),
    (status = 404, description = "No such meeting")))]
#[get("/meetings/{id}/minutes")]
pub(crate) async fn minutes(app: Data<App>, caller: SignedIn, id: Path<MeetingId>) -> Result<Json<Minutes>, Problem> {
    Ok(Json(meetings::minutes(&app, &caller.actor, id.into_inner()).await?))
}
