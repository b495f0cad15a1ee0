//! `POST /api/v1/covers/{id}/end`

use super::view::CoverView;
use crate::api::auth::SignedIn;
use crate::api::problem::Problem;
use crate::app::{App, end_cover};
use crate::domain::ids::CoverId;
use actix_web::post;
use actix_web::web::{Data, Json, Path};

/// Ends a cover now. What was done under it stays done. Ending it twice changes nothing.
#[utoipa::path(tag = "covers", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, description = "As it stands now", body = CoverView),
    (status = 404, description = "No such cover")))]
#[post("/covers/{id}/end")]
pub(crate) async fn end(app: Data<App>, caller: SignedIn, id: Path<CoverId>) -> Result<Json<CoverView>, Problem> {
    Ok(Json(end_cover(&app, &caller.actor, id.into_inner()).await?.into()))
}
