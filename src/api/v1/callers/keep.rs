//! `POST /api/v1/nominations/{id}/keeping`

use crate::api::auth::SignedIn;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::callers::keep_with_case;
use crate::domain::ids::{CaseId, NominationId};
use actix_web::post;
use actix_web::web::{Data, Json, Path};
use serde::Serialize;
use utoipa::ToSchema;

/// The case that a nomination is kept with.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Kept {
    case_id: CaseId,
}

/// Keeps a nomination with the case that the caller has open, in the name of the officer who is signed in; whoever has the
/// case is told.
#[utoipa::path(tag = "callers", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, description = "Kept with this case", body = Kept),
    (status = 403, description = "A system, or a role that may not"),
    (status = 404, description = "No such nomination of a caller"),
    (status = 409, description = "`nomination-looked-at`, or `no-open-case`: take it up")))]
#[post("/nominations/{id}/keeping")]
pub(crate) async fn keep(app: Data<App>, caller: SignedIn, id: Path<NominationId>) -> Result<Json<Kept>, Problem> {
    let case_id = keep_with_case(&app, &caller.actor, id.into_inner()).await?;
    Ok(Json(Kept { case_id }))
}
