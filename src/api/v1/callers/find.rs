//! `GET /api/v1/callers/{id}`

use crate::api::auth::SignedIn;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::callers::{CallerProfile, caller_profile};
use crate::domain::ids::CallerId;
use actix_web::get;
use actix_web::web::{Data, Json, Path};

/// How often, when and about what a caller called in half a year. It says nothing about anybody but that. A system needs
/// `callers.read`, and sees who called from its areas; each look is logged, with the system as its recipient.
#[utoipa::path(tag = "callers", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, description = "The profile", body = CallerProfile),
    (status = 403, description = "`wrong-role` or `missing-scope`"),
    (status = 404, description = "No such caller, or none of your areas")))]
#[get("/callers/{id}")]
pub(crate) async fn find(app: Data<App>, caller: SignedIn, id: Path<CallerId>) -> Result<Json<CallerProfile>, Problem> {
    Ok(Json(caller_profile(&app, &caller.actor, id.into_inner()).await?))
}
