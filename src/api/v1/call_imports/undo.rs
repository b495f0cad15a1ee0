//! `POST /api/v1/call-imports/{id}/undo`

use super::view::ImportView;
use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::callers::undo_import;
use crate::domain::ids::CallImportId;
use actix_web::post;
use actix_web::web::{Data, Json, Path};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Undoing {
    #[schema(example = "The file was of another county.")]
    reason: String,
}

/// Withdraws what an import brought: it stays on the record and counts for nobody. Importing the file again brings it
/// back. One that is `undoing`, because that stopped on its way, is finished.
#[utoipa::path(tag = "calls", params(("id" = uuid::Uuid, Path)), request_body = Undoing, responses(
    (status = 200, description = "Undone", body = ImportView),
    (status = 409, description = "`not-started`, `nothing-imported`"),
    (status = 422, description = "No reason")))]
#[post("/call-imports/{id}/undo")]
pub(crate) async fn undo(
    app: Data<App>,
    caller: SignedIn,
    id: Path<CallImportId>,
    body: Body<Undoing>,
) -> Result<Json<ImportView>, Problem> {
    Ok(Json(undo_import(&app, &caller.actor, id.into_inner(), body.into_inner().reason).await?.into()))
}
