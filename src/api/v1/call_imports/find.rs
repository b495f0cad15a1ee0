//! `GET /api/v1/call-imports/{id}`

use super::view::ImportView;
use crate::api::auth::SignedIn;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::callers::find_import;
use crate::domain::ids::CallImportId;
use actix_web::get;
use actix_web::web::{Data, Json, Path};

/// How far an import is, and what became of its rows.
#[utoipa::path(tag = "calls", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, description = "The import", body = ImportView),
    (status = 404, description = "No such import")))]
#[get("/call-imports/{id}")]
pub(crate) async fn find(
    app: Data<App>,
    caller: SignedIn,
    id: Path<CallImportId>,
) -> Result<Json<ImportView>, Problem> {
    Ok(Json(find_import(&app, &caller.actor, id.into_inner()).await?.into()))
}
