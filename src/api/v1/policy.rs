//! `GET /api/v1/policy`, `GET /api/v1/policy/changes`

use crate::api::auth::SignedIn;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::policy::{self, ChangedFile};
use crate::domain::traceability::Coverage;
use actix_web::get;
use actix_web::web::{Data, Json};
use serde::Serialize;
use utoipa::ToSchema;

/// What the policy asks, where it works and which tests show it; what does not work yet says why.
#[utoipa::path(tag = "policy", responses((status = 200, description = "Every requirement and invariant", body = Coverage)))]
#[get("/policy")]
pub(crate) async fn coverage(caller: SignedIn) -> Result<Json<Coverage>, Problem> {
    Ok(Json(policy::read_coverage(&caller.actor)?))
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ChangedFiles {
    data: Vec<ChangedFile>,
}

/// Which case types, registers and nomination rules a start found changed, the newest first: old and new content hash.
/// Who changed a file this program cannot know.
#[utoipa::path(tag = "policy", responses((status = 200, description = "Every change", body = ChangedFiles)))]
#[get("/policy/changes")]
pub(crate) async fn changes(app: Data<App>, caller: SignedIn) -> Result<Json<ChangedFiles>, Problem> {
    Ok(Json(ChangedFiles { data: policy::list_changed_files(&app, &caller.actor).await? }))
}
