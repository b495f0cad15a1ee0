//! `POST /api/v1/call-imports/{id}/start` and `…/drop`

use super::view::ImportView;
use crate::api::auth::SignedIn;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::callers::{drop_import, start_import};
use crate::domain::ids::CallImportId;
use actix_web::post;
use actix_web::web::{Data, Json, Path};

/// Starts reading a file that waits.
#[utoipa::path(tag = "calls", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, description = "On its way", body = ImportView),
    (status = 409, description = "`already-started`")))]
#[post("/call-imports/{id}/start")]
pub(crate) async fn start(
    app: Data<App>,
    caller: SignedIn,
    id: Path<CallImportId>,
) -> Result<Json<ImportView>, Problem> {
    Ok(Json(start_import(&app, &caller.actor, id.into_inner()).await?.into()))
}

/// Throws away a file that waits.
#[utoipa::path(tag = "calls", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, description = "Thrown away", body = ImportView),
    (status = 409, description = "`already-started`")))]
#[post("/call-imports/{id}/drop")]
pub(crate) async fn drop(
    app: Data<App>,
    caller: SignedIn,
    id: Path<CallImportId>,
) -> Result<Json<ImportView>, Problem> {
    Ok(Json(drop_import(&app, &caller.actor, id.into_inner()).await?.into()))
}
